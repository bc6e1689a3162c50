import type { Eval } from '../fn.ts';
import type { Node } from '../node.ts';
import type { Frame } from '../frame.ts';
import type { Value, ValueArray } from '../value.ts';
import { isArrayValue, isCons, isSequence, newSequence } from '../value.ts';
import type { Compile } from './compile.ts';
import { isGuarded, memberOf } from './member.ts';
import { compileVariable } from './selectors.ts';

/** An array on the way: the general evaluation takes over. */
export const MANY: Value = Object.freeze(newSequence());

interface Chain {
  /** The value at the end of the chain, or MANY. */
  readonly read: Eval;
  /** How many steps it stands for. */
  readonly length: number;
}

/** The names at the beginning of a path, perhaps after a variable; undefined when it begins otherwise. */
export function compileChain(steps: readonly Node[], compile: Compile): Chain | undefined {
  let length = 0;
  while (length < steps.length && isPlainStep(steps[length], length)) length++;
  const first = steps[0];
  if (length === 0 || first === undefined) return undefined;
  const names = steps.slice(0, length).map((step) => String(step.value));
  if (first.type !== 'variable') return { read: follow((input) => input, names, 0), length };
  if (names[0] === 'states' && names[1] === 'input' && !compile.bound.has('states')) {
    return { read: followInput(compileVariable(first, compile), names.slice(2)), length };
  }
  return { read: follow(compileVariable(first, compile), names.slice(1), 1), length };
}

function isPlainStep(step: Node | undefined, at: number): boolean {
  if (step === undefined) return false;
  const isPlain = step.type === 'name' || (at === 0 && step.type === 'variable' && step.value !== '');
  return isPlain && !step.stages && !step.predicate && !step.tuple && !step.keepArray && !step.group;
}

/** `$states.input.…`: by far the most common variable, read without making the object that it is. */
function followInput(states: Eval, names: readonly string[]): Eval {
  const guards = names.map(isGuarded);
  const otherwise = follow(states, ['input', ...names], 1);
  return (input, frame) => {
    if (!frame.run.hasStates) return otherwise(input, frame);
    return walk(frame.run.environment.states.input, names, guards, 2, frame);
  };
}

/** `before`: the steps that stand before the names. */
function follow(start: Eval, names: readonly string[], before: number): Eval {
  const guards = names.map(isGuarded);
  const [only] = names;
  if (only !== undefined && names.length === 1) {
    const guarded = isGuarded(only);
    return (input, frame) => {
      const from = start(input, frame);
      if (isArrayValue(from)) return stopped(from, before, frame);
      const value = memberOf(from, only, guarded);
      return isSequence(value) ? stopped(undefined, before, frame) : value;
    };
  }
  return (input, frame) => walk(start(input, frame), names, guards, before, frame);
}

function walk(
  start: Value,
  names: readonly string[],
  guards: readonly boolean[],
  before: number,
  frame: Frame,
): Value {
  let value = start;
  for (let at = 0; at < names.length; at++) {
    if (isArrayValue(value)) return stopped(value, before + at, frame);
    value = memberOf(value, names[at] ?? '', guards[at] === true);
    if (value === undefined) return undefined;
  }
  return isSequence(value) ? stopped(undefined, before, frame) : value;
}

/** Notes where the general evaluation can go on: the array, and the step to take on its items. */
function stopped(items: ValueArray | undefined, step: number, frame: Frame): Value {
  frame.run.stoppedOn = isCons(items) ? undefined : items;
  frame.run.stoppedAt = step;
  return MANY;
}
