import { Frame } from '../frame.ts';
import type { Node } from '../node.ts';
import type { Tuple } from '../tuple.ts';
import { TupleStream } from '../tuple.ts';
import type { List, ValueArray } from '../value.ts';
import { add, isArrayValue, newSequence } from '../value.ts';
import type { Compile } from './compile.ts';
import { compileFilter } from './filter.ts';
import { compileSort, compileTupleSort } from './sort.ts';

/** A step of a path that carries rows; `stream` is undefined at the first of them, whose rows come from `items`. */
export type TupleStep = (items: ValueArray, stream: TupleStream | undefined, frame: Frame) => TupleStream;

export function itemsOf(stream: TupleStream): List {
  const items = newSequence();
  for (const tuple of stream.tuples) add(items, tuple.get('@'));
  return items;
}

/** Compiles a step that binds (`@$v`, `#$i`), keeps its parent for `%`, or follows one that does. */
export function compileTupleStep(step: Node, compile: Compile): TupleStep {
  const stages = compileStages(step, compile);
  const made = step.type === 'sort' ? compileSortedRows(step, compile) : compileRows(step, compile);
  return (items, stream, frame) => stages(made(items, stream, frame), frame);
}

function compileRows(step: Node, compile: Compile): TupleStep {
  const evaluate = compile(step);
  const { focus, index, ancestor } = step;
  return (items, stream, frame) => {
    const before: readonly Tuple[] = stream?.tuples ?? items.map((item) => new Map([['@', item]]));
    const rows: Tuple[] = [];
    for (const tuple of before) {
      const context = tuple.get('@');
      const result = evaluate(context, new Frame(frame.run, frame, tuple));
      if (result === undefined) continue;
      if (result instanceof TupleStream) {
        for (const inner of result.tuples) rows.push(new Map([...tuple, ...inner]));
        continue;
      }
      const values = isArrayValue(result) ? result : [result];
      frame.run.spend(values.length);
      for (let at = 0; at < values.length; at++) {
        const row = new Map(tuple);
        row.set('@', focus === undefined ? values[at] : context);
        if (focus !== undefined) row.set(focus, values[at]);
        if (index !== undefined) row.set(index, at);
        if (ancestor !== undefined) row.set(ancestor.label, context);
        rows.push(row);
      }
    }
    return new TupleStream(rows);
  };
}

function compileSortedRows(step: Node, compile: Compile): TupleStep {
  const sortRows = compileTupleSort(step, compile);
  const sortItems = compileSort(step, compile);
  const { index } = step;
  return (items, stream, frame) => {
    if (stream !== undefined) return sortRows(stream, frame);
    const sorted = sortItems(items, frame);
    const rows: Tuple[] = [];
    for (const [at, item] of (isArrayValue(sorted) ? sorted : [sorted]).entries()) {
      const row = new Map([['@', item]]);
      if (index !== undefined) row.set(index, at);
      rows.push(row);
    }
    return new TupleStream(rows);
  };
}

function compileStages(step: Node, compile: Compile): (stream: TupleStream, frame: Frame) => TupleStream {
  const stages = (step.stages ?? []).map((stage) => {
    if (stage.type === 'index') return numbered(stage.value ?? '');
    const filter = stage.expr && compileFilter(stage.expr, compile);
    return (stream: TupleStream, frame: Frame): TupleStream => {
      const kept = filter?.(stream, frame);
      return kept instanceof TupleStream ? kept : stream;
    };
  });
  return (stream, frame) => {
    let result = stream;
    for (const stage of stages) result = stage(result, frame);
    return result;
  };
}

function numbered(name: string): (stream: TupleStream) => TupleStream {
  return (stream) => new TupleStream(stream.tuples.map((tuple, at) => new Map(tuple).set(name, at)));
}
