import { callbackOf } from '../apply.ts';
import type { Quick } from '../fn.ts';
import { Fn, SLOW } from '../fn.ts';
import type { Frame } from '../frame.ts';
import { JsonataError } from '../jsonata-error.ts';
import { toBoolean } from '../operations.ts';
import type { Value } from '../value.ts';
import { add, isArrayValue, newSequence } from '../value.ts';
import type { Functions } from './define.ts';
import { define } from './define.ts';

function map(items: Value, fn: Value, frame: Frame): Value {
  if (!isArrayValue(items)) return undefined;
  const call = callbackOf(fn, frame);
  const results = newSequence();
  for (let at = 0; at < items.length; at++) {
    const result = call(items[at], at, items);
    if (result !== undefined) add(results, result);
  }
  return results;
}

function filter(items: Value, fn: Value, frame: Frame): Value {
  if (!isArrayValue(items)) return undefined;
  const call = callbackOf(fn, frame);
  const results = newSequence();
  for (let at = 0; at < items.length; at++) {
    if (toBoolean(call(items[at], at, items)) === true) add(results, items[at]);
  }
  return results;
}

function single(items: Value, fn: Value, frame: Frame): Value {
  if (!isArrayValue(items)) return undefined;
  const call = callbackOf(fn, frame);
  let found: { readonly item: Value } | undefined;
  for (let at = 0; at < items.length; at++) {
    const item = items[at];
    if (fn !== undefined && toBoolean(call(item, at, items)) !== true) continue;
    if (found !== undefined) throw new JsonataError('D3138', { index: at });
    found = { item };
  }
  if (found === undefined) throw new JsonataError('D3139');
  return found.item;
}

function reduce(items: Value, fn: Value, initial: Value, frame: Frame): Value {
  if (!isArrayValue(items)) return undefined;
  if (!(fn instanceof Fn) || fn.arity < 2) throw new JsonataError('D3050', { index: 1 });
  const call = callbackOf(fn, frame);
  const startsWithFirst = initial === undefined && items.length > 0;
  let result = startsWithFirst ? items[0] : initial;
  for (let at = startsWithFirst ? 1 : 0; at < items.length; at++) {
    result = call(result, items[at], at, items);
  }
  return result;
}

/** An array and a function are what the signatures of these ask for. */
function quick(run: (items: Value, fn: Value, frame: Frame) => Value): Quick {
  return (items, fn, frame) => (isArrayValue(items) && fn instanceof Fn ? run(items, fn, frame) : SLOW);
}

export const HIGHER_ORDER_FUNCTIONS: Functions = {
  map: define(2, '<af>', ([items, fn], { frame }) => map(items, fn, frame), quick(map)),
  filter: define(2, '<af>', ([items, fn], { frame }) => filter(items, fn, frame), quick(filter)),
  single: define(2, '<af?>', ([items, fn], { frame }) => single(items, fn, frame)),
  reduce: define(3, '<afj?:j>', ([items, fn, initial], { frame }) => reduce(items, fn, initial, frame)),
};
