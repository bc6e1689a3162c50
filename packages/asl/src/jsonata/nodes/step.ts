import type { Eval } from '../fn.ts';
import type { Frame } from '../frame.ts';
import type { Node } from '../node.ts';
import { lookup } from '../operations.ts';
import type { Value, ValueArray } from '../value.ts';
import { addAll, isArrayValue, isCons, isPlainSequence, isSequence, newSequence, unwrap } from '../value.ts';
import type { Compile } from './compile.ts';
import type { Filter } from './filter.ts';
import { compileFilter } from './filter.ts';
import { isGuarded, memberOf, memberOfAny } from './member.ts';
import { compileSort } from './sort.ts';

/** One step of a path, applied to all items at once. */
export type Step = (items: ValueArray, frame: Frame) => Value;

export function compileStep(step: Node, isFirst: boolean, isLast: boolean, compile: Compile): Step {
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
    const name = String(step.value);
    if (filters.length === 0) return members(name, isLast);
    const guarded = isGuarded(name);
    return mapped((item, frame) => memberOfAny(item, name, guarded, frame), filters, isLast);
  }
  return mapped(compile(step), filters, isLast);
}

function filtered(value: Value, filters: readonly Filter[], frame: Frame): Value {
  let result = value;
  for (const filter of filters) result = filter(result, frame);
  return result;
}

/** A name on each item: the members' values in one flat sequence. */
function members(name: string, isLast: boolean): Step {
  const guarded = isGuarded(name);
  return (items, frame) => {
    frame.run.spend(items.length);
    const flat = newSequence();
    let results = 0;
    let last: Value;
    for (let at = 0; at < items.length; at++) {
      const item = items[at];
      if (typeof item !== 'object' || item === null) continue;
      const value = isArrayValue(item) ? unwrap(lookup(item, name, frame)) : memberOf(item, name, guarded);
      if (value === undefined) continue;
      results++;
      if (!isArrayValue(value)) {
        flat.push(value);
        continue;
      }
      last = value;
      if (isCons(value)) flat.push(value);
      else addAll(flat, value);
    }
    if (isLast && results === 1 && isArrayValue(last) && !isSequence(last)) return last;
    frame.run.spend(flat.length);
    return flat;
  };
}

/** Any step applied to each item, its results in one flat sequence. */
function mapped(evaluate: Eval, filters: readonly Filter[], isLast: boolean): Step {
  return (items, frame) => {
    frame.run.spend(items.length);
    if (items.length === 1) {
      const result = filtered(evaluate(items[0], frame), filters, frame);
      return isArrayValue(result) && !isSequence(result) && isLast ? result : flattened(result, frame);
    }
    const flat = newSequence();
    let results = 0;
    let last: Value;
    for (let at = 0; at < items.length; at++) {
      const result = filtered(evaluate(items[at], frame), filters, frame);
      if (result === undefined) continue;
      results++;
      if (!isArrayValue(result)) {
        flat.push(result);
        continue;
      }
      last = result;
      if (isCons(result)) flat.push(result);
      else addAll(flat, result);
    }
    if (isLast && results === 1 && isArrayValue(last) && !isSequence(last)) return last;
    frame.run.spend(flat.length);
    return flat;
  };
}

/** What a step gave for its only item, as a sequence. */
function flattened(result: Value, frame: Frame): Value {
  if (isPlainSequence(result)) return result;
  const flat = newSequence();
  if (isArrayValue(result) && !isCons(result)) addAll(flat, result);
  else if (result !== undefined) flat.push(result);
  frame.run.spend(flat.length);
  return flat;
}
