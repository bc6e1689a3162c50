import type { Eval } from '../fn.ts';
import type { Frame } from '../frame.ts';
import type { Node } from '../node.ts';
import { required } from '../node.ts';
import { isObjectValue, lookup } from '../operations.ts';
import { TupleStream } from '../tuple.ts';
import type { Value, ValueArray } from '../value.ts';
import {
  add,
  addAll,
  isArrayValue,
  isCons,
  isSequence,
  keptSequenceOf,
  newSequence,
  unwrap,
} from '../value.ts';
import type { Compile } from './compile.ts';
import type { Filter } from './filter.ts';
import { compileFilter } from './filter.ts';
import type { GroupEval } from './group.ts';
import { compileGroup } from './group.ts';
import { compileSort } from './sort.ts';
import { compileTupleStep, itemsOf } from './tuple-step.ts';

/** Compiles a path: steps, each applied to every item that the one before it gave. */
export function compilePathNode(node: Node, compile: Compile): Eval {
  const steps = required(node.steps, 'steps');
  const names = plainNames(node, steps);
  const general = compileSteps(node, steps, compile);
  if (names === undefined) return general;
  const [first, ...rest] = names;
  if (first?.type !== 'variable') return quickPath(names.map(nameOf), general);
  const [second, ...members] = rest.map(nameOf);
  const quick = quickFrom(nameOf(first), rest.map(nameOf), general);
  return nameOf(first) === 'states' && second === 'input' ? quickFromInput(members, general, quick) : quick;
}

const nameOf = (step: Node): string => String(step.value);

/** The steps, if the path is nothing but names, perhaps after a variable: by far the most common kind. */
function plainNames(node: Node, steps: readonly Node[]): readonly Node[] | undefined {
  if (node.keepSingletonArray || node.keepArray || node.group || node.tuple || node.predicate)
    return undefined;
  const plain = steps.every(
    (step, at) =>
      (step.type === 'name' || (at === 0 && step.type === 'variable' && step.value !== '')) &&
      !step.stages &&
      !step.predicate &&
      !step.tuple &&
      !step.keepArray &&
      !step.group,
  );
  return plain ? steps : undefined;
}

function quickPath(names: readonly string[], general: Eval): Eval {
  return (input, frame) => {
    if (!isObjectValue(input)) return input === undefined ? undefined : general(input, frame);
    const found = follow(input, names);
    return found === MANY ? general(input, frame) : found;
  };
}

/** `$states.input.…`: by far the most common variable, read without making the object that it is. */
function quickFromInput(names: readonly string[], general: Eval, otherwise: Eval): Eval {
  return (input, frame) => {
    if (!frame.isGlobal || !frame.run.hasStates) return otherwise(input, frame);
    const found = follow(frame.run.environment.states.input, names);
    return found === MANY ? general(input, frame) : found;
  };
}

function quickFrom(variable: string, names: readonly string[], general: Eval): Eval {
  return (input, frame) => {
    const start = frame.lookup(variable);
    if (start === undefined) return undefined;
    if (!isObjectValue(start)) return general(input, frame);
    const found = follow(start, names);
    return found === MANY ? general(input, frame) : found;
  };
}

/** An array on the way: the general evaluation takes over. */
const MANY = newSequence();

function follow(start: Value, names: readonly string[]): Value {
  let value = start;
  for (const name of names) {
    if (!isObjectValue(value)) return isArrayValue(value) ? MANY : undefined;
    value = Object.hasOwn(value, name) ? value[name] : undefined;
    if (value === undefined) return undefined;
  }
  return isSequence(value) ? MANY : value;
}

type Step = (items: ValueArray, frame: Frame) => Value;

function compileSteps(node: Node, steps: readonly Node[], compile: Compile): Eval {
  const group = node.group && compileGroup(node.group, compile);
  const firstTuple = steps.findIndex((step) => step.tuple);
  const plain = (firstTuple < 0 ? steps : steps.slice(0, firstTuple)).map((step, at) =>
    compileStep(step, at === 0, at === steps.length - 1, compile),
  );
  const fromVariable = steps[0]?.type === 'variable';
  const rows =
    firstTuple < 0 ? undefined : steps.slice(firstTuple).map((step) => compileTupleStep(step, compile));
  return (input, frame) => {
    let items: ValueArray = isArrayValue(input) && !fromVariable ? input : [input];
    let result: Value;
    for (const step of plain) {
      result = step(items, frame);
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

function compileStep(step: Node, isFirst: boolean, isLast: boolean, compile: Compile): Step {
  if (isFirst && step.consarray) {
    const evaluate = compile(step);
    return (items, frame) => evaluate(items, frame);
  }
  const filters = (step.stages ?? []).flatMap((stage) =>
    stage.expr ? [compileFilter(stage.expr, compile)] : [],
  );
  if (step.type === 'sort') {
    const sort = compileSort(step, compile);
    return (items, frame) => filtered(sort(items, frame), filters, frame);
  }
  if (step.type === 'name' && !step.predicate && !step.group && !step.keepArray) {
    const name = nameOf(step);
    return mapped((item, frame) => unwrap(lookup(item, name, frame)), filters, isLast);
  }
  return mapped(compile(step), filters, isLast);
}

function filtered(value: Value, filters: readonly Filter[], frame: Frame): Value {
  let result = value;
  for (const filter of filters) result = filter(result, frame);
  return result;
}

/** A step applied to each item, its results in one flat sequence. */
function mapped(evaluate: Eval, filters: readonly Filter[], isLast: boolean): Step {
  return (items, frame) => {
    frame.run.spend(items.length);
    const results: Value[] = [];
    for (let at = 0; at < items.length; at++) {
      const result = filtered(evaluate(items[at], frame), filters, frame);
      if (result !== undefined) results.push(result);
    }
    const only = results.length === 1 ? results[0] : undefined;
    if (isLast && isArrayValue(only) && !isSequence(only)) return only;
    const flat = newSequence();
    for (const result of results) {
      if (!isArrayValue(result) || isCons(result)) add(flat, result);
      else addAll(flat, result);
    }
    frame.run.spend(flat.length);
    return flat;
  };
}
