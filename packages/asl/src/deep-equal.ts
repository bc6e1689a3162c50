import type { Json } from './json.ts';
import { getOwn, isArray, isObject } from './json.ts';

/** Deep equality of two JSON values; the order of an object's keys does not count. */
export function deepEqual(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (isArray(a)) {
    return isArray(b) && a.length === b.length && a.every((item, at) => deepEqual(item, b[at] ?? null));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => {
    const other = getOwn(b, key);
    const own = a[key];
    return other !== undefined && own !== undefined && deepEqual(own, other);
  });
}
