import type { Json } from '../json.ts';
import type { Fn } from './fn.ts';
import type { TupleStream } from './tuple.ts';

/**
 * What an expression works on: JSON, shared and never written to; `undefined` for nothing; functions; and the containers
 * that evaluation itself makes, which are always of the classes below. So a result is turned into plain JSON by looking
 * only at what was made: everything else in it is the caller's own data, passed on as it is.
 */
export type Value = Json | undefined | Fn | ValueArray | ValueObject | TupleStream;
export interface ValueArray extends ReadonlyArray<Value> {
  readonly [KIND]?: number;
}
export interface ValueObject {
  readonly [key: string]: Value;
}

/**
 * Arrays that evaluation makes are plain arrays with a mark of their kind, invisible to JSON: V8 builds, grows and reads
 * those several times faster than instances of a subclass.
 */
const KIND = Symbol('kind');

/** An array made by evaluation that is a value like any other. */
const LIST = 1;
/** An array constructor that is a step of a path: its result counts as one item there. */
const CONS = 2;
/** JSONata's sequence: one item stands for itself, none for nothing. */
const SEQUENCE = 3;
/** A sequence that stays an array however many items it has: `[]` after a step. */
const KEPT = 4;
/** The whole input when it is an array: one value, not many. */
const OUTER = 5;

/** An array while it is made. */
export interface List extends Array<Value> {
  [KIND]?: number;
}

function newArray(kind: number): List {
  const list: List = [];
  list[KIND] = kind;
  return list;
}

export const newList = (): List => newArray(LIST);
export const newCons = (): List => newArray(CONS);
export const newSequence = (): List => newArray(SEQUENCE);
export const newOuter = (): List => newArray(OUTER);

function kindOf(value: Value): number {
  return isArrayValue(value) ? (value[KIND] ?? 0) : 0;
}

/** Made by evaluation, so that it may hold what is not JSON. */
export function isMade(value: Value): value is ValueArray {
  return kindOf(value) !== 0;
}

export function isCons(value: Value): boolean {
  return kindOf(value) === CONS;
}

export function isSequence(value: Value): value is ValueArray {
  return kindOf(value) >= SEQUENCE;
}

/** A sequence that is nothing more. */
export function isPlainSequence(value: Value): boolean {
  return kindOf(value) === SEQUENCE;
}

export function isOuter(value: Value): value is ValueArray {
  return kindOf(value) === OUTER;
}

/** An object made by evaluation. */
export class Made {
  [key: string]: Value;
}

/** True for what is JSON as it stands: scalars, and containers of the caller's, or of ours that hold nothing else. */
export function isSettled(value: Value): boolean {
  if (typeof value === 'number') return value - value === 0 && (value !== 0 || 1 / value > 0);
  if (typeof value !== 'object' || value === null) return value !== undefined;
  if (isArrayValue(value)) return value[KIND] === undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype;
}

/** Sets an own property, whatever its name. */
export function setMember(target: { [key: string]: Value }, key: string, value: Value): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    target[key] = value;
  }
}

export function isArrayValue(value: Value): value is ValueArray {
  return Array.isArray(value);
}

/** Adds an item. */
export function add(list: Value[], item: Value): void {
  list.push(item);
}

/** Adds all items of an array. */
export function addAll(list: Value[], items: ValueArray): void {
  for (let at = 0; at < items.length; at++) list.push(items[at]);
}

/** A list with the items of an array. */
export function listCopy(items: ValueArray): List {
  const list: List = items.slice();
  list[KIND] = LIST;
  return list;
}

/** The same as an array constructor that is a step. */
export function consCopy(items: ValueArray): List {
  const list: List = items.slice();
  list[KIND] = CONS;
  return list;
}

/** The sequence as a value: nothing, its only item, or itself. */
export function unwrap(value: Value): Value {
  if (!isArrayValue(value) || value.length > 1) return value;
  const kind = value[KIND] ?? 0;
  if (kind < SEQUENCE) return value;
  if (value.length === 0) return undefined;
  return kind === KEPT ? value : value[0];
}

/** A sequence with the items of an array. */
export function sequenceOf(items: ValueArray): List {
  const sequence = newSequence();
  addAll(sequence, items);
  return sequence;
}

export function keptSequenceOf(items: ValueArray): List {
  const sequence = newArray(KEPT);
  addAll(sequence, items);
  return sequence;
}

/** A list with one item. */
export function listOf(...items: readonly Value[]): List {
  const list = newList();
  addAll(list, items);
  return list;
}
