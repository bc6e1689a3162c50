import type { Eval } from '../fn.ts';
import { Frame } from '../frame.ts';
import type { Node } from '../node.ts';
import { allNumeric, isNumeric, toBoolean } from '../operations.ts';
import type { Tuple } from '../tuple.ts';
import { TupleStream } from '../tuple.ts';
import type { List, Value } from '../value.ts';
import { add, isArrayValue, newSequence } from '../value.ts';
import type { Compile } from './compile.ts';
import type { Test } from './predicate.ts';
import { compileTest } from './predicate.ts';

/** A predicate on what came before it. */
export type Filter = (value: Value, frame: Frame) => Value;

/** Compiles `[…]`: a number picks by position, negative from the end; anything else is a condition on each item. */
export function compileFilter(predicate: Node, compile: Compile): Filter {
  if (predicate.type === 'number' && typeof predicate.value === 'number')
    return byIndex(Math.floor(predicate.value));
  const condition = compile(predicate);
  const test = compileTest(predicate, compile);
  if (test !== undefined) return byTest(test, condition);
  return (value, frame) => {
    if (value instanceof TupleStream) return filterTuples(value, condition, frame);
    const items = isArrayValue(value) ? value : [value];
    frame.run.spend(items.length);
    const kept = newSequence();
    for (let at = 0; at < items.length; at++) {
      const item = items[at];
      if (accepts(condition(item, frame), at, items.length, (times) => pushTimes(kept, item, times)))
        add(kept, item);
    }
    return kept;
  };
}

/** A predicate that is a condition, never a position. */
function byTest(test: Test, condition: Eval): Filter {
  return (value, frame) => {
    if (value instanceof TupleStream) return filterTuples(value, condition, frame);
    const kept = newSequence();
    if (!isArrayValue(value)) {
      if (test(value, frame)) kept.push(value);
      return kept;
    }
    frame.run.spend(value.length);
    for (let at = 0; at < value.length; at++) {
      const item = value[at];
      if (test(item, frame)) kept.push(item);
    }
    return kept;
  };
}

function pushTimes(target: List, item: Value, times: number): void {
  for (let count = 0; count < times; count++) add(target, item);
}

/**
 * Whether a condition holds. Numbers are positions, and an item is taken once for each that is its own: those are handed
 * to `take`, and the answer is false.
 */
function accepts(result: Value, at: number, length: number, take: (times: number) => void): boolean {
  if (typeof result === 'boolean') return result;
  const positions = isNumeric(result) ? [result] : allNumeric(result) ? result : undefined;
  if (positions === undefined) return toBoolean(result) === true;
  let times = 0;
  for (const position of positions) {
    const index = Math.floor(position);
    if ((index < 0 ? length + index : index) === at) times++;
  }
  take(times);
  return false;
}

function filterTuples(stream: TupleStream, condition: Eval, frame: Frame): TupleStream {
  const { tuples } = stream;
  const kept: Tuple[] = [];
  frame.run.spend(tuples.length);
  for (const [at, tuple] of tuples.entries()) {
    const result = condition(tuple.get('@'), new Frame(frame.run, frame, tuple));
    const holds = accepts(result, at, tuples.length, (times) => {
      for (let count = 0; count < times; count++) kept.push(tuple);
    });
    if (holds) kept.push(tuple);
  }
  return new TupleStream(kept);
}

function byIndex(index: number): Filter {
  return (value) => {
    if (value instanceof TupleStream) {
      const tuple = value.tuples.at(index);
      return new TupleStream(tuple === undefined ? [] : [tuple]);
    }
    const item = isArrayValue(value)
      ? value[index < 0 ? value.length + index : index]
      : index === 0 || index === -1
        ? value
        : undefined;
    if (isArrayValue(item)) return item;
    const picked = newSequence();
    if (item !== undefined) add(picked, item);
    return picked;
  };
}
