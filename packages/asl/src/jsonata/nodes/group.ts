import type { Eval } from '../fn.ts';
import { Frame } from '../frame.ts';
import { JsonataError } from '../jsonata-error.ts';
import type { Group } from '../node.ts';
import { append } from '../operations.ts';
import type { Tuple } from '../tuple.ts';
import { TupleStream } from '../tuple.ts';
import type { List, Value } from '../value.ts';
import { add, addAll, isArrayValue, isSettled, Made, newList, setMember } from '../value.ts';
import type { Compile } from './compile.ts';

export type GroupEval = (value: Value, frame: Frame) => Value;

interface Pair {
  readonly key: Eval;
  readonly value: Eval;
}

interface Entry {
  readonly pair: number;
  data: Value;
}

/** Compiles `{key: value, …}`: an object constructor, or a group-by of what came before it. */
export function compileGroup(group: Group, compile: Compile): GroupEval {
  const pairs = group.lhs.map(([key, value]): Pair => ({ key: compile(key), value: compile(value) }));
  const all: GroupEval = (value, frame) =>
    value instanceof TupleStream ? groupRows(pairs, value, frame) : groupItems(pairs, value, frame);
  const keys = literalKeys(group.lhs);
  if (keys === undefined) return all;
  const values = pairs.map((pair) => pair.value);
  return (value, frame) =>
    isArrayValue(value) || value instanceof TupleStream
      ? all(value, frame)
      : construct(keys, values, value, frame);
}

/** The keys, if they are texts that need no evaluation, and different ones. */
function literalKeys(pairs: Group['lhs']): readonly string[] | undefined {
  const keys = pairs.map(([key]) =>
    key.type === 'string' && !key.predicate ? String(key.value) : '__proto__',
  );
  return keys.includes('__proto__') || new Set(keys).size < keys.length ? undefined : keys;
}

/** `{"a": x}` on one item. What holds nothing but JSON is a plain object, which needs no look later. */
function construct(keys: readonly string[], values: readonly Eval[], item: Value, frame: Frame): Value {
  const result: Record<string, Value> = {};
  let settled = true;
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at];
    const value = values[at]?.(item, frame);
    if (key === undefined || value === undefined) continue;
    if (settled && !isSettled(value)) settled = false;
    result[key] = value;
  }
  return settled ? result : Object.assign(new Made(), result);
}

function groupItems(pairs: readonly Pair[], value: Value, frame: Frame): Value {
  const items = isArrayValue(value) ? (value.length === 0 ? [undefined] : value) : [value];
  const only = items.length === 1 ? items[0] : undefined;
  const result = new Made();
  if (items.length === 1) {
    // One item: every key holds its own value, nothing is gathered.
    const seen = new Set<string>();
    const keys = pairs.map((pair) => keyOf(pair.key(only, frame)));
    for (const key of keys) {
      if (key === undefined) continue;
      if (seen.has(key)) throw new JsonataError('D1009', { value: key });
      seen.add(key);
    }
    for (const [at, pair] of pairs.entries()) put(result, keys[at], pair.value(only, frame));
    return result;
  }
  const groups = new Map<string, Entry>();
  frame.run.spend(items.length * pairs.length);
  const gathered = new Map<Entry, List>();
  for (const item of items) {
    for (const [at, pair] of pairs.entries()) {
      const key = keyOf(pair.key(item, frame));
      if (key === undefined) continue;
      const entry = groups.get(key);
      if (entry === undefined) groups.set(key, { pair: at, data: item });
      else gather(entry, at, key, item, gathered);
    }
  }
  for (const [key, entry] of groups) {
    put(result, key, pairs[entry.pair]?.value(gathered.get(entry) ?? entry.data, frame));
  }
  return result;
}

/** Adds an item to a group; arrays among the items are flattened, as appending does. */
function gather(entry: Entry, at: number, key: string, item: Value, gathered: Map<Entry, List>): void {
  if (entry.pair !== at) throw new JsonataError('D1009', { value: key });
  let list = gathered.get(entry);
  if (list === undefined) {
    list = newList();
    if (isArrayValue(entry.data)) addAll(list, entry.data);
    else add(list, entry.data);
    gathered.set(entry, list);
  }
  if (isArrayValue(item)) for (let next = 0; next < item.length; next++) add(list, item[next]);
  else if (item !== undefined) add(list, item);
}

function groupRows(pairs: readonly Pair[], stream: TupleStream, frame: Frame): Value {
  const groups = new Map<string, { pair: number; tuples: Tuple[] }>();
  frame.run.spend(stream.tuples.length * pairs.length);
  for (const tuple of stream.tuples) {
    const scope = new Frame(frame.run, frame, tuple);
    for (const [at, pair] of pairs.entries()) {
      const key = keyOf(pair.key(tuple.get('@'), scope));
      if (key === undefined) continue;
      const entry = groups.get(key);
      if (entry === undefined) groups.set(key, { pair: at, tuples: [tuple] });
      else if (entry.pair !== at) throw new JsonataError('D1009', { value: key });
      else entry.tuples.push(tuple);
    }
  }
  const result = new Made();
  for (const [key, entry] of groups) {
    const merged = mergeTuples(entry.tuples, frame);
    const context = merged.get('@');
    put(result, key, pairs[entry.pair]?.value(context, new Frame(frame.run, frame, merged)));
  }
  return result;
}

/** The rows of one group as one: each variable holds the values of all. */
function mergeTuples(tuples: readonly Tuple[], frame: Frame): Tuple {
  const merged = new Map(tuples[0]);
  for (const tuple of tuples.slice(1)) {
    for (const [name, value] of tuple) merged.set(name, append(merged.get(name), value, frame));
  }
  return merged;
}

function keyOf(key: Value): string | undefined {
  if (key === undefined || typeof key === 'string') return key;
  throw new JsonataError('T1003', { value: key });
}

function put(result: Made, key: string | undefined, value: Value): void {
  if (key !== undefined && value !== undefined) setMember(result, key, value);
}
