import { getOwn, isArray, isObject, type Json, type JsonObject } from '@stepyard/asl';
import { apiError, refuseFeature } from '../service.ts';

/** Reads the members of a request, and says what is wrong with one in the service's own words. */
export class Members {
  readonly input: JsonObject;
  readonly #service: string;
  /** Code of a bad member: `ClientException`. */
  readonly #code: string;

  constructor(service: string, code: string, input: JsonObject) {
    this.#service = service;
    this.#code = code;
    this.input = input;
  }

  of(input: JsonObject): Members {
    return new Members(this.#service, this.#code, input);
  }

  fail(message: string): never {
    throw apiError(this.#service, this.#code, message);
  }

  get(name: string): Json | undefined {
    const value = getOwn(this.input, name);
    return value === null ? undefined : value;
  }

  text(name: string): string | undefined {
    const value = this.get(name);
    if (value === undefined || typeof value === 'string') return value;
    return this.fail(`${name} must be a string.`);
  }

  requiredText(name: string): string {
    const value = this.text(name);
    return value === undefined || value === '' ? this.fail(`${name} must not be empty.`) : value;
  }

  integer(name: string): number | undefined {
    const value = this.get(name);
    if (value === undefined || (typeof value === 'number' && Number.isSafeInteger(value))) return value;
    return this.fail(`${name} must be an integer.`);
  }

  flag(name: string): boolean | undefined {
    const value = this.get(name);
    if (value === undefined || typeof value === 'boolean') return value;
    return this.fail(`${name} must be true or false.`);
  }

  object(name: string): JsonObject | undefined {
    const value = this.get(name);
    if (value === undefined || isObject(value)) return value;
    return this.fail(`${name} must be an object.`);
  }

  list(name: string): readonly Json[] {
    const value = this.get(name);
    if (value === undefined) return [];
    return isArray(value) ? value : this.fail(`${name} must be a list.`);
  }

  texts(name: string): readonly string[] | undefined {
    if (this.get(name) === undefined) return undefined;
    return this.list(name).map((value) =>
      typeof value === 'string' ? value : this.fail(`${name} must be a list of strings.`),
    );
  }

  objects(name: string): readonly Members[] {
    return this.list(name).map((value) =>
      isObject(value) ? this.of(value) : this.fail(`${name} must be a list of objects.`),
    );
  }

  /** A map of strings. */
  textMap(name: string): Readonly<Record<string, string>> {
    const entries = Object.entries(this.object(name) ?? {}).map(([key, value]) => {
      if (typeof value !== 'string') return this.fail(`${name} must be a map of strings.`);
      return [key, value] as const;
    });
    return Object.fromEntries(entries);
  }

  /** `[{ name, value }]` as a map; the last of a name counts. */
  environment(name: string): Readonly<Record<string, string>> {
    const entries = this.objects(name).map(
      (pair) => [pair.requiredText('name'), pair.text('value') ?? ''] as const,
    );
    return Object.fromEntries(entries);
  }

  /** Refuses members that ask for something this service does not do; empty lists and objects ask for nothing. */
  refuse(operation: string, names: readonly string[]): void {
    for (const name of names) {
      const value = this.get(name);
      if (value === undefined || value === false) continue;
      if (isArray(value) && value.length === 0) continue;
      if (isObject(value) && Object.keys(value).length === 0) continue;
      throw refuseFeature(this.#service, operation, name);
    }
  }
}

/** `{ a: '1' }` as `[{ name: 'a', value: '1' }]`. */
export function environmentList(environment: Readonly<Record<string, string>>): readonly JsonObject[] {
  return Object.entries(environment).map(([name, value]) => ({ name, value }));
}
