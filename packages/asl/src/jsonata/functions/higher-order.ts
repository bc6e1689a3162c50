import { callback } from '../apply.ts';
import type { Focus } from '../fn.ts';
import { Fn } from '../fn.ts';
import { JsonataError } from '../jsonata-error.ts';
import { toBoolean } from '../operations.ts';
import type { Value } from '../value.ts';
import { add, isArrayValue, newSequence } from '../value.ts';
import type { Functions } from './define.ts';
import { define } from './define.ts';

function map(items: Value, fn: Value, focus: Focus): Value {
  if (!isArrayValue(items)) return undefined;
  const results = newSequence();
  for (let at = 0; at < items.length; at++) {
    const result = callback(fn, [items[at], at, items], focus.frame);
    if (result !== undefined) add(results, result);
  }
  return results;
}

function filter(items: Value, fn: Value, focus: Focus): Value {
  if (!isArrayValue(items)) return undefined;
  const results = newSequence();
  for (let at = 0; at < items.length; at++) {
    if (toBoolean(callback(fn, [items[at], at, items], focus.frame)) === true) add(results, items[at]);
  }
  return results;
}

function single(items: Value, fn: Value, focus: Focus): Value {
  if (!isArrayValue(items)) return undefined;
  let found: { readonly item: Value } | undefined;
  for (let at = 0; at < items.length; at++) {
    const item = items[at];
    if (fn !== undefined && toBoolean(callback(fn, [item, at, items], focus.frame)) !== true) continue;
    if (found !== undefined) throw new JsonataError('D3138', { index: at });
    found = { item };
  }
  if (found === undefined) throw new JsonataError('D3139');
  return found.item;
}

function reduce(items: Value, fn: Value, initial: Value, focus: Focus): Value {
  if (!isArrayValue(items)) return undefined;
  if (!(fn instanceof Fn) || fn.arity < 2) throw new JsonataError('D3050', { index: 1 });
  const startsWithFirst = initial === undefined && items.length > 0;
  let result = startsWithFirst ? items[0] : initial;
  for (let at = startsWithFirst ? 1 : 0; at < items.length; at++) {
    result = callback(fn, [result, items[at], at, items], focus.frame);
  }
  return result;
}

export const HIGHER_ORDER_FUNCTIONS: Functions = {
  map: define(2, '<af>', ([items, fn], focus) => map(items, fn, focus)),
  filter: define(2, '<af>', ([items, fn], focus) => filter(items, fn, focus)),
  single: define(2, '<af?>', ([items, fn], focus) => single(items, fn, focus)),
  reduce: define(3, '<afj?:j>', ([items, fn, initial], focus) => reduce(items, fn, initial, focus)),
};
