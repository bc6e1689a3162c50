import type { Json } from '../json.ts';
import type { Fn } from './fn.ts';
import type { TupleStream } from './tuple.ts';

/**
 * What an expression works on: JSON, shared and never written to; `undefined` for nothing; functions; and the containers
 * that evaluation itself makes, which are always of the classes below. So a result is turned into plain JSON by looking
 * only at what was made: everything else in it is the caller's own data, passed on as it is.
 */
export type Value = Json | undefined | Fn | ValueArray | ValueObject | TupleStream;
export type ValueArray = readonly Value[];
export interface ValueObject {
  readonly [key: string]: Value;
}

/** An array made by evaluation that is a value like any other. */
export class List extends Array<Value> {}

/** An array constructor that is a step of a path: its result counts as one item there. */
export class ConsArray extends List {}

/** JSONata's sequence: one item stands for itself, none for nothing. */
export class Sequence extends List {}

/** A sequence that stays an array however many items it has: `[]` after a step. */
export class KeptSequence extends Sequence {}

/** The whole input when it is an array: one value, not many. */
export class OuterWrapper extends Sequence {}

/** An object made by evaluation. */
export class Made {
  [key: string]: Value;
}

/** Sets an own property, whatever its name. */
export function setMember(target: Made, key: string, value: Value): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    target[key] = value;
  }
}

export function isArrayValue(value: Value): value is ValueArray {
  return Array.isArray(value);
}

/** Adds an item: V8 makes of `push` a slow call on a class of its own, not so of this. */
export function add(list: List, item: Value): void {
  list[list.length] = item;
}

/** Adds all items of an array; iterating such arrays is slow too. */
export function addAll(list: List, items: ValueArray): void {
  for (let at = 0; at < items.length; at++) list[list.length] = items[at];
}

/** The sequence as a value: nothing, its only item, or itself. */
export function unwrap(value: Value): Value {
  if (!(value instanceof Sequence)) return value;
  if (value.length === 0) return undefined;
  return value.length === 1 && !(value instanceof KeptSequence) ? value[0] : value;
}

/** A sequence with the items of an array. */
export function sequenceOf(items: ValueArray): Sequence {
  const sequence = new Sequence();
  addAll(sequence, items);
  return sequence;
}

export function keptSequenceOf(items: ValueArray): KeptSequence {
  const sequence = new KeptSequence();
  addAll(sequence, items);
  return sequence;
}

/** A list with one item: `new List(1)` would be an empty one of that length. */
export function listOf(...items: readonly Value[]): List {
  const list = new List();
  addAll(list, items);
  return list;
}
