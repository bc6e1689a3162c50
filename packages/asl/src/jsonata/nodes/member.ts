import { isObjectValue, lookup } from '../operations.ts';
import type { Frame } from '../frame.ts';
import type { Value, ValueObject } from '../value.ts';
import { unwrap } from '../value.ts';

/**
 * Names that a plain read would find on a value although the data does not hold them: what every object inherits, and
 * what function values have for themselves. They are read with a check; all others need none.
 */
const GUARDED: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(Object.prototype),
  'arity',
  'signature',
  'native',
  'quick',
  'lambda',
  'context',
  'scope',
  'target',
  'args',
  'calledAs',
  'tuples',
]);

export function isGuarded(name: string): boolean {
  return GUARDED.has(name);
}

/** The member of a value that is no array; undefined when it is none of an object. */
export function memberOf(value: Value, name: string, guarded: boolean): Value {
  if (typeof value !== 'object' || value === null) return undefined;
  if (guarded) return isObjectValue(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return (value as ValueObject)[name];
}

/** The same for any value: of an array, those of its items. */
export function memberOfAny(value: Value, name: string, guarded: boolean, frame: Frame): Value {
  return Array.isArray(value) ? unwrap(lookup(value, name, frame)) : memberOf(value, name, guarded);
}
