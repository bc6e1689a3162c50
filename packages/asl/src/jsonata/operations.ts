import { Fn } from './fn.ts';
import type { Frame } from './frame.ts';
import { JsonataError } from './jsonata-error.ts';
import type { Value, ValueArray, ValueObject } from './value.ts';
import { add, addAll, isArrayValue, newList, newSequence } from './value.ts';
import { TupleStream } from './tuple.ts';

/** True for an object with names: no array, no null, no function. */
export function isObjectValue(value: Value): value is ValueObject {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Fn) &&
    !(value instanceof TupleStream)
  );
}

/** True for a number that JSON can hold; an infinite one is D1001, NaN is none. */
export function isNumeric(value: Value): value is number {
  if (typeof value !== 'number' || Number.isNaN(value)) return false;
  if (!Number.isFinite(value)) throw new JsonataError('D1001', { value });
  return true;
}

/** JSONata's truth; undefined stays undefined. */
export function toBoolean(value: Value): boolean | undefined {
  if (value === undefined) return undefined;
  if (isArrayValue(value)) {
    if (value.length === 1) return toBoolean(value[0]) ?? false;
    for (let at = 0; at < value.length; at++) if (toBoolean(value[at]) === true) return true;
    return false;
  }
  if (typeof value === 'string') return value.length > 0;
  if (typeof value === 'number') return isNumeric(value) && value !== 0;
  if (typeof value === 'boolean') return value;
  return isObjectValue(value) && Object.keys(value).length > 0;
}

/** The member of an object, or those of all the objects in an array, nested arrays included. */
export function lookup(input: Value, name: string, frame: Frame): Value {
  if (isArrayValue(input)) {
    const found = newSequence();
    frame.run.spend(input.length);
    for (let at = 0; at < input.length; at++) {
      const value = lookup(input[at], name, frame);
      if (isArrayValue(value)) addAll(found, value);
      else if (value !== undefined) add(found, value);
    }
    return found;
  }
  return isObjectValue(input) && Object.hasOwn(input, name) ? input[name] : undefined;
}

/** Both values in one array; undefined adds nothing. */
export function append(left: Value, right: Value, frame: Frame): Value {
  if (left === undefined) return right;
  if (right === undefined) return left;
  const joined = newList();
  for (const side of [left, right]) {
    if (isArrayValue(side)) addAll(joined, side);
    else add(joined, side);
  }
  frame.run.spend(joined.length);
  frame.run.checkLength(joined.length);
  return joined;
}

export function isEqual(left: Value, right: Value): boolean {
  if (left === right) return true;
  if (isArrayValue(left) && isArrayValue(right)) {
    if (left.length !== right.length) return false;
    for (let at = 0; at < left.length; at++) if (!isEqual(left[at], right[at])) return false;
    return true;
  }
  if (!isObjectValue(left) || !isObjectValue(right)) return false;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  for (const key of keys) if (!Object.hasOwn(right, key) || !isEqual(left[key], right[key])) return false;
  return true;
}

export function allNumeric(value: Value): value is readonly number[] {
  return isArrayValue(value) && every(value, isNumeric);
}

export function allStrings(value: Value): value is readonly string[] {
  return isArrayValue(value) && every(value, (item) => typeof item === 'string');
}

function every(items: ValueArray, holds: (item: Value) => boolean): boolean {
  for (let at = 0; at < items.length; at++) if (!holds(items[at])) return false;
  return true;
}
