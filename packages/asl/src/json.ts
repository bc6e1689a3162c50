/**
 * Plain JSON, immutable and shared by reference: never `undefined`, never a class instance, never written to.
 */
export type Json = null | boolean | number | string | JsonArray | JsonObject;
export type JsonArray = readonly Json[];
export interface JsonObject {
  readonly [key: string]: Json;
}

/** True for a JSON object (not an array, not null). */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for a JSON array; narrows, which `Array.isArray` does not do for a readonly array. */
export function isArray(value: Json | undefined): value is JsonArray {
  return Array.isArray(value);
}

/**
 * Sets an own property whatever its name. A plain assignment to `__proto__` would change the prototype and drop
 * the data; every object built from data outside this repository's control goes through here.
 */
export function setOwn(target: Record<string, Json>, key: string, value: Json): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    target[key] = value;
  }
}

/**
 * The value of an own property, or undefined: never something inherited from Object.prototype. What is inherited from it are
 * functions and, by the name of `__proto__`, itself, neither of which is JSON: to see that takes a third of asking whose a name is.
 */
export function getOwn(target: JsonObject, key: string): Json | undefined {
  const value = target[key];
  return typeof value === 'function' || value === Object.prototype ? undefined : value;
}

const INHERITED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** True for the few names that every object inherits: all others may be read without asking whether they are own. */
export function isInherited(name: string): boolean {
  return INHERITED.has(name);
}

/**
 * The same text as JavaScript keeps the names of properties: once. A name that was cut out of another text would be looked up among
 * them at every assignment, and compared with another letter by letter.
 */
export function asPropertyName(name: string): string {
  return Object.keys({ [name]: 0 })[0] ?? name;
}
