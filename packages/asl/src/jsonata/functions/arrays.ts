import type { Focus } from '../fn.ts';
import { JsonataError } from '../jsonata-error.ts';
import { allNumeric, allStrings, append, isEqual } from '../operations.ts';
import { toText } from '../to-text.ts';
import type { Value, ValueArray } from '../value.ts';
import { add, isArrayValue, isSequence, newList, newSequence } from '../value.ts';
import { callbackOf } from '../apply.ts';
import type { Functions } from './define.ts';
import { define } from './define.ts';

function reversed(items: ValueArray): Value {
  const result = newList();
  for (let at = items.length - 1; at >= 0; at--) add(result, items[at]);
  return result;
}

function zip(arrays: readonly Value[]): Value {
  const length = Math.min(...arrays.map((items) => (isArrayValue(items) ? items.length : 0)));
  const result = newList();
  for (let at = 0; at < length; at++) {
    const tuple = newList();
    for (const items of arrays) add(tuple, isArrayValue(items) ? items[at] : undefined);
    add(result, tuple);
  }
  return result;
}

/** A stable merge sort, because a comparator of the user's need not be consistent: nothing else defines the result. */
function sorted(items: ValueArray, comparator: Value, focus: Focus): Value {
  const { run } = focus.frame;
  if (comparator === undefined && !allNumeric(items) && !allStrings(items))
    throw new JsonataError('D3070', { index: 1 });
  const call = callbackOf(comparator, focus.frame);
  const isAfter =
    comparator === undefined
      ? (a: Value, b: Value): boolean =>
          (typeof a === 'number' || typeof a === 'string') && b !== undefined && b !== null && a > b
      : (a: Value, b: Value): boolean => truthy(call(a, b));
  run.spend(items.length * Math.ceil(Math.log2(items.length + 1)));
  const result = newList();
  for (const item of mergeSort([...items], isAfter)) add(result, item);
  return result;
}

/** The package takes JavaScript's truth of what a comparator gives. */
function truthy(value: Value): boolean {
  return Boolean(value);
}

function mergeSort(items: readonly Value[], isAfter: (a: Value, b: Value) => boolean): readonly Value[] {
  if (items.length <= 1) return items;
  const middle = Math.floor(items.length / 2);
  const left = mergeSort(items.slice(0, middle), isAfter);
  const right = mergeSort(items.slice(middle), isAfter);
  const merged: Value[] = [];
  let a = 0;
  let b = 0;
  while (a < left.length && b < right.length)
    merged.push(isAfter(left[a], right[b]) ? right[b++] : left[a++]);
  return [...merged, ...left.slice(a), ...right.slice(b)];
}

/** Fisher and Yates, inside out, on the execution's own source of randomness. */
function shuffled(items: ValueArray, focus: Focus): Value {
  const result = newList();
  for (const [at, item] of items.entries()) {
    const other = Math.floor(focus.frame.run.environment.random() * (at + 1));
    if (other === at) add(result, item);
    else {
      add(result, result[other]);
      result[other] = item;
    }
  }
  return result;
}

/** Scalars are told apart by a set; objects and arrays are compared with those that have the same text first. */
function distinct(value: Value, focus: Focus): Value {
  if (!isArrayValue(value) || value.length <= 1) return value;
  const result = isSequence(value) ? newSequence() : newList();
  const scalars = new Set<Value>();
  const byShape = new Map<string, Value[]>();
  focus.frame.run.spend(value.length);
  for (const item of value) {
    if (item === null || typeof item !== 'object') {
      if (!scalars.has(item)) add(result, item);
      scalars.add(item);
      continue;
    }
    const shape = shapeOf(item);
    const same = byShape.get(shape) ?? [];
    focus.frame.run.spend(same.length);
    if (same.some((other) => isEqual(other, item))) continue;
    byShape.set(shape, [...same, item]);
    add(result, item);
  }
  return result;
}

/** Equal values have equal shapes: the sorted characters of their text do not depend on the order of keys. */
function shapeOf(value: Value): string {
  const text = toText(value) ?? '';
  let sum = 0;
  for (let at = 0; at < text.length; at++)
    sum = (sum + text.charCodeAt(at) * text.charCodeAt(at)) % 1_000_000_007;
  return `${text.length}:${sum}`;
}

/** `run` on an array; undefined gives undefined, one item or none is given back as it is. */
function onSeveral(run: (items: ValueArray, rest: readonly Value[], focus: Focus) => Value) {
  return ([items, ...rest]: readonly Value[], focus: Focus): Value =>
    isArrayValue(items) && items.length > 1 ? run(items, rest, focus) : items;
}

export const ARRAY_FUNCTIONS: Functions = {
  append: define(2, '<xx:a>', ([left, right], focus) => append(left, right, focus.frame)),
  reverse: define(1, '<a:a>', onSeveral(reversed)),
  sort: define(
    2,
    '<af?:a>',
    onSeveral((items, [comparator], focus) => sorted(items, comparator, focus)),
  ),
  shuffle: define(
    1,
    '<a:a>',
    onSeveral((items, _rest, focus) => shuffled(items, focus)),
  ),
  distinct: define(1, '<x:x>', ([value], focus) => distinct(value, focus)),
  zip: define(0, '<a+>', zip),
};
