import { languageOf } from '../integrations/tasks-of.ts';
import type { Json, JsonObject } from '../json.ts';
import { getOwn, isArray, isObject } from '../json.ts';
import type { QueryLanguage } from '../program.ts';
import { appendPointer } from '../syntax/pointer.ts';
import { checkGrowth, statesInLoops, statesWithoutEnd } from './loops.ts';
import type { Report } from './scope.ts';
import { isTerminal, targetsOf } from './transitions.ts';
import { assignedBy, checkVariables } from './variables.ts';

/** What is around a list of states. */
interface Surroundings {
  readonly machineLanguage: QueryLanguage;
  /** Whether a state around this list catches what fails in it. */
  readonly isCaught: boolean;
  /** Whether the list is within a Parallel or Map: a failure takes the other branches and iterations with it. */
  readonly isNested: boolean;
  /** Variables of the lists around it, which it can read. */
  readonly variables: ReadonlySet<string>;
}

interface Member {
  readonly name: string;
  readonly pointer: string;
  readonly state: JsonObject;
  readonly language: QueryLanguage;
}

/** Warns of what is legal and will hurt, for definitions without errors: it takes the form of all that it reads for granted. */
export function checkPractice(report: Report, definition: JsonObject): void {
  checkList(report, '', definition, {
    machineLanguage: languageOf(definition, 'JSONPath'),
    isCaught: false,
    isNested: false,
    variables: new Set(),
  });
}

function checkList(report: Report, pointer: string, list: JsonObject, around: Surroundings): void {
  const states = getOwn(list, 'States');
  if (!isObject(states)) return;
  const inherited = languageOf(list, around.machineLanguage);
  const statesPointer = appendPointer(pointer, 'States');
  const members: Member[] = [];
  for (const [name, state] of Object.entries(states)) {
    if (!isObject(state)) continue;
    const language = languageOf(state, inherited);
    members.push({ name, state, language, pointer: appendPointer(statesPointer, name) });
  }
  checkLoops(report, members);
  const variables = new Set(around.variables);
  for (const { state, language } of members) {
    for (const name of assignedBy(state, language)) variables.add(name);
  }
  for (const member of members) {
    const { state, language } = member;
    checkVariables(report, member.pointer, state, language, (name) => variables.has(name));
    const isCaught = around.isCaught || hasElements(getOwn(state, 'Catch'));
    checkUncaught(report, member, isCaught, around.isNested);
    checkNested(report, member, { ...around, variables, isCaught, isNested: true });
  }
}

function checkNested(report: Report, { state, pointer }: Member, around: Surroundings): void {
  const branches = getOwn(state, 'Branches');
  if (isArray(branches)) {
    for (const [index, branch] of branches.entries()) {
      if (isObject(branch)) checkList(report, `${pointer}/Branches/${index}`, branch, around);
    }
  }
  for (const field of ['ItemProcessor', 'Iterator']) {
    const processor = getOwn(state, field);
    if (!isObject(processor)) continue;
    const config = getOwn(processor, 'ProcessorConfig');
    const isDistributed = isObject(config) && getOwn(config, 'Mode') === 'DISTRIBUTED';
    // The children of a Distributed Map are executions of their own: they do not see variables from outside.
    const inner = isDistributed ? { ...around, variables: new Set<string>() } : around;
    checkList(report, `${pointer}/${field}`, processor, inner);
  }
}

/** A task that fails the execution, or all branches and iterations beside it, and nothing was prepared for that. */
function checkUncaught(
  report: Report,
  { state, pointer }: Member,
  isCaught: boolean,
  isNested: boolean,
): void {
  if (getOwn(state, 'Type') !== 'Task' || isCaught) return;
  if (!isNested && hasElements(getOwn(state, 'Retry'))) return;
  const message = isNested
    ? 'Nothing catches an error of this task: it ends all branches or iterations beside it'
    : 'Nothing retries or catches an error of this task: it fails the execution';
  report.addAtKey('uncaught', pointer, message);
}

function hasElements(value: Json | undefined): boolean {
  return isArray(value) && value.length > 0;
}

function checkLoops(report: Report, members: readonly Member[]): void {
  const successors = new Map(
    members.map(({ name, state, pointer }) => [name, targetsOf(state, pointer).map((target) => target.name)]),
  );
  const loops = statesInLoops(successors);
  if (loops.size === 0) return;
  for (const { name, pointer, state, language } of members) {
    if (loops.has(name)) checkGrowth(report, pointer, state, language);
  }
  const ends = members.filter(({ state }) => isTerminal(state)).map(({ name }) => name);
  // The first state of a part that is never left stands for all of it.
  const lost = statesWithoutEnd(successors, ends).find((name) => loops.has(name));
  const member = members.find(({ name }) => name === lost);
  if (member !== undefined) {
    report.addAtKey('endlessLoop', member.pointer, 'From here on no state that ends is ever reached');
  }
}
