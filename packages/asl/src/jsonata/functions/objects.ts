import type { Focus, Quick } from '../fn.ts';
import { Lambda, SLOW } from '../fn.ts';
import { callbackOf } from '../apply.ts';
import { isObjectValue, lookup, toBoolean } from '../operations.ts';
import type { List, Value, ValueObject } from '../value.ts';
import {
  add,
  addAll,
  isArrayValue,
  isSettled,
  Made,
  newList,
  newSequence,
  sequenceOf,
  setMember,
} from '../value.ts';
import type { Functions } from './define.ts';
import { define } from './define.ts';

/** The names of an object, or of all the objects in an array, each once. */
function keysOf(value: Value): List {
  if (!isArrayValue(value)) return sequenceOf(isObjectValue(value) ? Object.keys(value) : []);
  const names = new Set<Value>();
  for (const item of value) for (const name of keysOf(item)) names.add(name);
  return sequenceOf([...names]);
}

/** An object as one object for each of its members. What an array of several gives is an array, whatever its length. */
function spread(value: Value): Value {
  if (isArrayValue(value)) {
    const parts = newList();
    let some = false;
    for (const item of value) {
      const part = spread(item);
      if (part !== undefined) some = true;
      if (isArrayValue(part)) addAll(parts, part);
      else if (part !== undefined) add(parts, part);
    }
    return some ? parts : newSequence();
  }
  if (!isObjectValue(value) || value instanceof Lambda) return value;
  const parts = newSequence();
  for (const key of Object.keys(value)) {
    const part = new Made();
    setMember(part, key, value[key]);
    add(parts, part);
  }
  return parts;
}

function merge(objects: Value): Value {
  if (!isArrayValue(objects)) return undefined;
  const merged = new Made();
  for (const item of objects) {
    if (isObjectValue(item)) for (const key of Object.keys(item)) setMember(merged, key, item[key]);
  }
  return merged;
}

/** Objects that hold nothing but JSON: merged to a plain one, which needs no look later. */
const mergePlain: Quick = (objects) => {
  if (!isArrayValue(objects) || objects.length === 0) return SLOW;
  const [first, ...others] = objects;
  if (!holdsJson(first)) return SLOW;
  let merged: ValueObject = { ...first };
  for (const item of others) {
    if (!holdsJson(item)) return SLOW;
    merged = { ...merged, ...item };
  }
  return merged;
};

function holdsJson(value: Value): value is ValueObject {
  if (!isObjectValue(value)) return false;
  if (value instanceof Made) for (const key of Object.keys(value)) if (!isSettled(value[key])) return false;
  return true;
}

function each(object: Value, fn: Value, focus: Focus): Value {
  const results = newSequence();
  if (!isObjectValue(object)) return results;
  const call = callbackOf(fn, focus.frame);
  for (const key of Object.keys(object)) {
    const result = call(object[key], key, object);
    if (result !== undefined) add(results, result);
  }
  return results;
}

function sift(object: Value, fn: Value, focus: Focus): Value {
  if (!isObjectValue(object)) return undefined;
  const call = callbackOf(fn, focus.frame);
  const kept = new Made();
  let some = false;
  for (const key of Object.keys(object)) {
    if (toBoolean(call(object[key], key, object)) !== true) continue;
    setMember(kept, key, object[key]);
    some = true;
  }
  return some ? kept : undefined;
}

/** A deep copy, of containers that may be written to. */
export function clone(value: Value): Value {
  if (isArrayValue(value)) {
    const copy = newList();
    for (const item of value) add(copy, clone(item));
    return copy;
  }
  if (!isObjectValue(value)) return value;
  const copy = new Made();
  for (const key of Object.keys(value)) setMember(copy, key, clone(value[key]));
  return copy;
}

export const OBJECT_FUNCTIONS: Functions = {
  keys: define(1, '<x-:a<s>>', ([value]) => keysOf(value)),
  lookup: define(2, '<x-s:x>', ([value, name], focus) =>
    typeof name === 'string' ? lookup(value, name, focus.frame) : undefined,
  ),
  spread: define(1, '<x-:a<o>>', ([value]) => spread(value)),
  merge: define(1, '<a<o>:o>', ([objects]) => merge(objects), mergePlain),
  each: define(2, '<o-f:a>', ([object, fn], focus) => each(object, fn, focus)),
  sift: define(2, '<o-f?:o>', ([object, fn], focus) => sift(object, fn, focus)),
  clone: define(1, '<(oa)-:o>', ([value]) => clone(value)),
};
