import type { Json } from '../json.ts';
import { setOwn } from '../json.ts';
import { Fn } from './fn.ts';
import { TupleStream } from './tuple.ts';
import type { Value, ValueArray } from './value.ts';
import { isMade, isSettled, Made } from './value.ts';

/** Values that cannot be in JSON end up as texts: AWS gives `"Infinity"` for `1/0` (measured by others, floci issue 2737). */
function numberToJson(value: number): Json {
  if (Number.isFinite(value)) return value === 0 ? 0 : value;
  return String(value);
}

/** Turns a result into plain JSON. Only containers that evaluation made are copied; the caller's data is passed on. */
export function toJson(value: Value): Json | undefined {
  if (typeof value === 'number') return numberToJson(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Fn || value instanceof TupleStream) return undefined;
  if (isMade(value)) {
    if (isJson(value)) return value.slice();
    const items: Json[] = [];
    for (let at = 0; at < value.length; at++) items.push(toJson(value[at]) ?? null);
    return items;
  }
  if (value instanceof Made) {
    const object: Record<string, Json> = {};
    for (const key of Object.keys(value)) {
      const member = toJson(value[key]);
      if (member !== undefined) setOwn(object, key, member);
    }
    return object;
  }
  // What is left came from outside: arrays and objects of JSON.
  return isPlain(value) ? value : undefined;
}

/** Whether an array that evaluation has made holds nothing but JSON. */
function isJson(items: ValueArray): items is readonly Json[] {
  for (let at = 0; at < items.length; at++) if (!isSettled(items[at])) return false;
  return true;
}

function isPlain(value: object): value is Exclude<Json, null | boolean | number | string> {
  return !(value instanceof Fn);
}
