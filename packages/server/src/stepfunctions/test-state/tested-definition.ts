import {
  isArray,
  isObject,
  load,
  setOwn,
  type Json,
  type JsonObject,
  type Program,
  type StateList,
} from '@stepyard/asl';
import { ApiError } from '../../protocol/api-error.ts';
import { requireValidDefinition } from '../definition-diagnostics.ts';

/** The state that a TestState request is about. */
export interface TestedState {
  readonly program: Program;
  readonly states: StateList;
  readonly stateName: string;
  /** As written. */
  readonly source: JsonObject;
}

/** What a definition of one state is called, in messages too. */
const BARE_STATE_NAME = 'StateName';

/**
 * Finds the state, which may lie within a Parallel or a Map, or takes the definition as that of one state.
 * Throws InvalidDefinition, and ValidationException where there is no state of that name.
 */
export function testedState(definition: string, stateName: string | undefined): TestedState {
  const text = stateName === undefined ? asMachine(definition) : definition;
  requireValidDefinition(text, 'STANDARD');
  const { program, definition: machine } = load(text, { type: 'STANDARD' });
  if (program === undefined || machine === undefined) throw new Error('a valid definition loads');
  const name = stateName ?? BARE_STATE_NAME;
  const states = findList(program.states, name);
  const source = findSource(machine, name);
  if (states === undefined || source === undefined) {
    throw new ApiError('ValidationException', 'State not found in definition');
  }
  return { program, states, stateName: name, source };
}

/** A machine of the one state, and of ends for wherever it goes. Text that is no JSON object stays, to be refused as it is. */
function asMachine(definition: string): string {
  let state: Json;
  try {
    state = JSON.parse(definition) as Json;
  } catch {
    return definition;
  }
  if (!isObject(state)) return definition;
  const states: Record<string, Json> = { [BARE_STATE_NAME]: state };
  for (const target of targetsOf(state)) {
    if (target !== BARE_STATE_NAME) setOwn(states, target, { Type: 'Succeed' });
  }
  return JSON.stringify({ StartAt: BARE_STATE_NAME, States: states });
}

function targetsOf(state: JsonObject): string[] {
  const rules = ['Choices', 'Catch'].flatMap((field) => (isArray(state[field]) ? state[field] : []));
  const found = [state['Next'], state['Default'], ...rules.filter(isObject).map((rule) => rule['Next'])];
  return found.filter((target) => typeof target === 'string');
}

function findList(list: StateList, name: string): StateList | undefined {
  if (list.states.has(name)) return list;
  for (const state of list.states.values()) {
    const inner = state.type === 'Parallel' ? state.branches : state.type === 'Map' ? [state.processor] : [];
    for (const candidate of inner) {
      const found = findList(candidate, name);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function findSource(machine: Json, name: string): JsonObject | undefined {
  const states = isObject(machine) ? machine['States'] : undefined;
  if (!isObject(states)) return undefined;
  const own = Object.hasOwn(states, name) ? states[name] : undefined;
  if (isObject(own)) return own;
  for (const state of Object.values(states).filter(isObject)) {
    const branches = isArray(state['Branches']) ? state['Branches'] : [];
    for (const inner of [...branches, state['ItemProcessor'] ?? null, state['Iterator'] ?? null]) {
      const found = findSource(inner, name);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
