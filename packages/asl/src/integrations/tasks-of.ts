import type { Json, JsonObject } from '../json.ts';
import { getOwn, isArray, isObject } from '../json.ts';
import type { QueryLanguage } from '../program.ts';
import { appendPointer } from '../syntax/pointer.ts';
import { parseResource } from './resource.ts';
import type { TaskResource } from './resource.ts';

/** One Task state of a definition, nested ones included. */
export interface TaskDescription {
  readonly name: string;
  /** JSON pointer of the state. */
  readonly pointer: string;
  /** `Resource` as written; `''` when it is missing. */
  readonly resourceText: string;
  /** undefined: none of the known shapes. */
  readonly resource: TaskResource | undefined;
  readonly queryLanguage: QueryLanguage;
  /** `Parameters` or `Arguments` as written, expressions unevaluated. */
  readonly parameters: Json | undefined;
  /** The whole state as written. */
  readonly state: JsonObject;
}

/** A state in a definition, with where it stands. */
export interface StateVisit {
  readonly name: string;
  readonly pointer: string;
  readonly queryLanguage: QueryLanguage;
  readonly state: JsonObject;
}

/** All Task states in document order. Takes any JSON: what is no state is passed over. */
export function tasksOf(definition: Json): TaskDescription[] {
  const tasks: TaskDescription[] = [];
  for (const { name, pointer, queryLanguage, state } of statesOf(definition)) {
    if (getOwn(state, 'Type') !== 'Task') continue;
    const resourceText = getOwn(state, 'Resource');
    tasks.push({
      name,
      pointer,
      resourceText: typeof resourceText === 'string' ? resourceText : '',
      resource: typeof resourceText === 'string' ? parseResource(resourceText) : undefined,
      queryLanguage,
      parameters: getOwn(state, 'Parameters') ?? getOwn(state, 'Arguments'),
      state,
    });
  }
  return tasks;
}

/** All states in document order, each before the states nested in it. */
export function statesOf(definition: Json): StateVisit[] {
  const found: StateVisit[] = [];
  visitList(definition, '', 'JSONPath', found);
  return found;
}

function visitList(
  list: Json | undefined,
  pointer: string,
  inherited: QueryLanguage,
  found: StateVisit[],
): void {
  if (!isObject(list)) return;
  const language = languageOf(list, inherited);
  const states = getOwn(list, 'States');
  if (!isObject(states)) return;
  const statesPointer = appendPointer(pointer, 'States');
  for (const [name, state] of Object.entries(states)) {
    if (!isObject(state)) continue;
    const statePointer = appendPointer(statesPointer, name);
    found.push({ name, pointer: statePointer, queryLanguage: languageOf(state, language), state });
    const branches = getOwn(state, 'Branches');
    if (isArray(branches)) {
      for (const [index, branch] of branches.entries()) {
        visitList(branch, appendPointer(appendPointer(statePointer, 'Branches'), index), language, found);
      }
    }
    for (const field of ['ItemProcessor', 'Iterator']) {
      visitList(getOwn(state, field), appendPointer(statePointer, field), language, found);
    }
  }
}

/** A state's or machine's own QueryLanguage, else what it inherits. */
export function languageOf(holder: JsonObject, inherited: QueryLanguage): QueryLanguage {
  const own = getOwn(holder, 'QueryLanguage');
  return own === 'JSONata' || own === 'JSONPath' ? own : inherited;
}
