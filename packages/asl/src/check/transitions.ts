import type { JsonObject } from '../json.ts';
import { getOwn, isArray, isObject } from '../json.ts';
import { appendPointer } from '../syntax/pointer.ts';
import type { Scope } from './scope.ts';

/** A field that names the next state. */
export interface Target {
  readonly pointer: string;
  readonly name: string;
}

/** StartAt, Next, Default and Catch of one list of states: targets exist, all states are reached, and one ends it. */
export function checkTransitions({ report, pointer, holder }: Scope): void {
  const states = getOwn(holder, 'States');
  const startAt = getOwn(holder, 'StartAt');
  if (!isObject(states) || Object.keys(states).length === 0) return;
  const statesPointer = appendPointer(pointer, 'States');
  if (typeof startAt === 'string' && !Object.hasOwn(states, startAt)) {
    report.add('missingTarget', appendPointer(pointer, 'StartAt'), `Missing 'Next' target: ${startAt}`);
  }
  const all = new Map<string, Target[]>();
  for (const [name, state] of Object.entries(states)) {
    const targets = isObject(state) ? targetsOf(state, appendPointer(statesPointer, name)) : [];
    all.set(name, targets);
    for (const target of targets) {
      if (Object.hasOwn(states, target.name)) continue;
      // AWS says 'Next' whatever the field is called.
      report.add('missingTarget', target.pointer, `Missing 'Next' target: ${target.name}`);
    }
  }
  // Without a StartAt nothing is reachable, and AWS says only that it is missing.
  if (typeof startAt === 'string') {
    for (const name of unreached(all, startAt)) {
      const message = `State "${name}" is not reachable.`;
      report.addAtKey('unreachable', appendPointer(statesPointer, name), message);
    }
  }
  if (!Object.values(states).some((state) => isObject(state) && isTerminal(state))) {
    report.add('noTerminalState', pointer, 'Workflow has no terminal state', statesPointer);
  }
}

/**
 * The states with which islands begin that StartAt does not reach. What they lead to counts as reached, as AWS does it: with a
 * StartAt that does not exist, it names the first state of the chain only (cfn-lint issue 4074).
 */
function unreached(all: ReadonlyMap<string, readonly Target[]>, startAt: string): string[] {
  const reached = new Set<string>();
  const follow = (from: string): void => {
    reached.add(from);
    const queue = [from];
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      for (const target of all.get(name) ?? []) {
        if (reached.has(target.name)) continue;
        reached.add(target.name);
        queue.push(target.name);
      }
    }
  };
  follow(startAt);
  const entered = new Set<string>();
  for (const [name, targets] of all) {
    for (const target of targets) if (target.name !== name) entered.add(target.name);
  }
  const islands: string[] = [];
  const names = [...all.keys()];
  // First what nothing leads to, then what is left: circles of states that lead to each other only.
  for (const name of [...names.filter((candidate) => !entered.has(candidate)), ...names]) {
    if (reached.has(name)) continue;
    islands.push(name);
    follow(name);
  }
  return islands;
}

export function isTerminal(state: JsonObject): boolean {
  const type = getOwn(state, 'Type');
  return type === 'Succeed' || type === 'Fail' || getOwn(state, 'End') === true;
}

/** The transitions of a state, its Choices and its Catch. `pointer`: the state's. */
export function targetsOf(state: JsonObject, pointer: string): Target[] {
  const targets: Target[] = [];
  const add = (holder: JsonObject, at: string, field: string): void => {
    const name = getOwn(holder, field);
    if (typeof name === 'string') targets.push({ name, pointer: appendPointer(at, field) });
  };
  add(state, pointer, 'Next');
  add(state, pointer, 'Default');
  for (const field of ['Choices', 'Catch']) {
    const list = getOwn(state, field);
    if (!isArray(list)) continue;
    for (const [index, element] of list.entries()) {
      if (isObject(element)) add(element, appendPointer(appendPointer(pointer, field), index), 'Next');
    }
  }
  return targets;
}
