import type { Eval } from '../fn.ts';
import { Frame } from '../frame.ts';
import { JsonataError } from '../jsonata-error.ts';
import type { Node } from '../node.ts';
import { required } from '../node.ts';
import { TupleStream } from '../tuple.ts';
import type { Value, ValueArray } from '../value.ts';
import { add, newList } from '../value.ts';
import type { Compile } from './compile.ts';

interface Term {
  readonly evaluate: Eval;
  readonly descending: boolean;
}

/** Compiles `^(…)` on items. The sort is stable, and an undefined key comes last. */
export function compileSort(step: Node, compile: Compile): (items: ValueArray, frame: Frame) => Value {
  const terms = compileTerms(step, compile);
  return (items, frame) => {
    if (items.length <= 1) return items;
    const keyed = items.map((item) => ({ item, keys: terms.map((term) => term.evaluate(item, frame)) }));
    const sorted = newList();
    for (const { item } of ordered(keyed, terms, frame)) add(sorted, item);
    return sorted;
  };
}

/** The same on rows: each key is evaluated in the scope of its row. */
export function compileTupleSort(
  step: Node,
  compile: Compile,
): (stream: TupleStream, frame: Frame) => TupleStream {
  const terms = compileTerms(step, compile);
  return (stream, frame) => {
    if (stream.tuples.length <= 1) return stream;
    const keyed = stream.tuples.map((item) => {
      const scope = new Frame(frame.run, frame, item);
      return { item, keys: terms.map((term) => term.evaluate(item.get('@'), scope)) };
    });
    return new TupleStream(ordered(keyed, terms, frame).map(({ item }) => item));
  };
}

function compileTerms(step: Node, compile: Compile): readonly Term[] {
  return required(step.terms, 'terms').map((term) => ({
    evaluate: compile(term.expression),
    descending: term.descending,
  }));
}

interface Keyed<T> {
  readonly item: T;
  readonly keys: readonly Value[];
}

function ordered<T>(keyed: Keyed<T>[], terms: readonly Term[], frame: Frame): Keyed<T>[] {
  frame.run.spend(keyed.length * Math.ceil(Math.log2(keyed.length + 1)));
  return keyed.toSorted((a, b) => {
    for (const [at, term] of terms.entries()) {
      const order = compareKeys(a.keys[at], b.keys[at], term.descending);
      if (order !== 0) return order;
    }
    return 0;
  });
}

function isComparable(value: Value): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

function compareKeys(a: Value, b: Value, descending: boolean): number {
  if (a === undefined) return b === undefined ? 0 : 1;
  if (b === undefined) return -1;
  if (!isComparable(a)) throw new JsonataError('T2008', { value: a });
  if (!isComparable(b)) throw new JsonataError('T2008', { value: b });
  if (typeof a !== typeof b) throw new JsonataError('T2007', { value: a, value2: b });
  if (a === b) return 0;
  return a < b === descending ? 1 : -1;
}
