import type { Eval } from '../fn.ts';
import type { Frame } from '../frame.ts';
import type { Node } from '../node.ts';
import { required } from '../node.ts';
import { TupleStream } from '../tuple.ts';
import type { Value, ValueArray } from '../value.ts';
import { isArrayValue, isCons, isSequence, keptSequenceOf, sequenceOf } from '../value.ts';
import type { Compile } from './compile.ts';
import type { GroupEval } from './group.ts';
import { compileGroup } from './group.ts';
import { compileChain, MANY } from './chain.ts';
import type { Step } from './step.ts';
import { compileStep } from './step.ts';
import { compileTupleStep, itemsOf } from './tuple-step.ts';

/** Compiles a path: steps, each applied to every item that the one before it gave. */
export function compilePathNode(node: Node, compile: Compile): Eval {
  const steps = required(node.steps, 'steps');
  const walk = compileWalk(node, steps, compile);
  const fromVariable = steps[0]?.type === 'variable';
  const general: Eval = (input, frame) =>
    walk(isArrayValue(input) && !fromVariable ? input : [input], frame, 0);
  // A chain of names that came upon an array: its items take the steps that are left.
  const resumed: Eval = (input, frame) => {
    const { stoppedOn, stoppedAt } = frame.run;
    return stoppedOn === undefined ? general(input, frame) : walk(stoppedOn, frame, stoppedAt);
  };
  // The steps that are nothing but names, perhaps after a variable, are read in one go: by far the most common kind.
  const chain = compileChain(steps, compile);
  if (chain === undefined) return general;
  const { read, length } = chain;
  if (length === steps.length && !node.keepSingletonArray && !node.group && !node.tuple) {
    return (input, frame) => {
      const found = read(input, frame);
      return found === MANY ? resumed(input, frame) : found;
    };
  }
  if (length === steps.length) return general;
  // Sorting gives back what it is given when that is one item.
  const isSorted = steps[length]?.type === 'sort';
  return (input, frame) => {
    const found = read(input, frame);
    if (found === MANY) return resumed(input, frame);
    if (found === undefined || isCons(found)) return general(input, frame);
    const items = isArrayValue(found) ? found : [found];
    return walk(isSorted ? sequenceOf(items) : items, frame, length);
  };
}

/** Takes the steps from a position on. */
type Walk = (items: ValueArray, frame: Frame, from: number) => Value;

function compileWalk(node: Node, steps: readonly Node[], compile: Compile): Walk {
  const group = node.group && compileGroup(node.group, compile);
  const firstTuple = steps.findIndex((step) => step.tuple);
  const plain: readonly Step[] = (firstTuple < 0 ? steps : steps.slice(0, firstTuple)).map((step, at) =>
    compileStep(step, at === 0, at === steps.length - 1, compile),
  );
  const rows =
    firstTuple < 0 ? undefined : steps.slice(firstTuple).map((step) => compileTupleStep(step, compile));
  return (start, frame, from) => {
    let items = start;
    let result: Value = start;
    if (from > 0 && items.length === 0) return ended(node, group, undefined, frame);
    for (let at = from; at < plain.length; at++) {
      result = plain[at]?.(items, frame);
      if (result === undefined || (isArrayValue(result) && result.length === 0)) {
        return ended(node, group, result, frame);
      }
      items = isArrayValue(result) ? result : [result];
    }
    if (rows === undefined) return ended(node, group, result, frame);
    let stream: TupleStream | undefined;
    for (const row of rows) stream = row(items, stream, frame);
    return endedRows(node, group, stream ?? new TupleStream([]), frame);
  };
}

function ended(node: Node, group: GroupEval | undefined, result: Value, frame: Frame): Value {
  const kept = node.keepSingletonArray && isArrayValue(result) ? promoted(result) : result;
  return group === undefined ? kept : group(kept, frame);
}

/** A sequence becomes one that is kept, an array written in the path one item of such; a plain array stays as it is. */
function promoted(result: ValueArray): Value {
  if (isCons(result)) return keptSequenceOf([result]);
  return isSequence(result) ? keptSequenceOf(result) : result;
}

function endedRows(node: Node, group: GroupEval | undefined, stream: TupleStream, frame: Frame): Value {
  if (group !== undefined) return group(stream, frame);
  if (node.tuple) return stream;
  const items = itemsOf(stream);
  return node.keepSingletonArray ? keptSequenceOf(items) : items;
}
