import type { Json, JsonObject } from '../json.ts';
import { getOwn, isObject } from '../json.ts';
import { languageOf } from '../integrations/tasks-of.ts';
import type { Program, QueryLanguage, State, StateList } from '../program.ts';
import { appendPointer } from '../syntax/pointer.ts';
import { refuse } from './state-source.ts';
import type { StateSource } from './state-source.ts';
import { compileChoice } from './states/choice.ts';
import { compileFail } from './states/fail.ts';
import { compileMap } from './states/map.ts';
import { compileParallel } from './states/parallel.ts';
import { compilePass } from './states/pass.ts';
import { compileSucceed } from './states/succeed.ts';
import { compileTask } from './states/task.ts';
import { compileWait } from './states/wait.ts';

const COMPILERS: Readonly<Record<string, (source: StateSource) => State>> = {
  Pass: compilePass,
  Task: compileTask,
  Choice: compileChoice,
  Wait: compileWait,
  Succeed: compileSucceed,
  Fail: compileFail,
  Parallel: compileParallel,
  Map: compileMap,
};

/**
 * Compiles a definition that `check` found no error in. Throws a plain Error for one that it would have refused, and
 * ExpressionSyntaxError for an expression that does not parse: both are mistakes of the calling program.
 */
export function compile(definition: Json): Program {
  if (!isObject(definition)) return refuse({ pointer: '' }, 'it is no object');
  const language = languageOf(definition, 'JSONPath');
  const comment = getOwn(definition, 'Comment');
  const timeoutSeconds = getOwn(definition, 'TimeoutSeconds');
  return {
    comment: typeof comment === 'string' ? comment : undefined,
    queryLanguage: language,
    timeoutSeconds: typeof timeoutSeconds === 'number' ? timeoutSeconds : undefined,
    states: compileList(definition, '', language),
  };
}

function compileList(list: JsonObject, pointer: string, language: QueryLanguage): StateList {
  const startAt = getOwn(list, 'StartAt');
  const states = getOwn(list, 'States');
  if (typeof startAt !== 'string' || !isObject(states)) return refuse({ pointer }, 'no StartAt or no States');
  const compiled = new Map<string, State>();
  for (const [name, state] of Object.entries(states)) {
    compiled.set(
      name,
      compileState(name, state, appendPointer(appendPointer(pointer, 'States'), name), language),
    );
  }
  if (!compiled.has(startAt)) refuse({ pointer }, `StartAt ${JSON.stringify(startAt)} is no state`);
  return { startAt, states: compiled };
}

function compileState(name: string, state: Json, pointer: string, inherited: QueryLanguage): State {
  if (!isObject(state)) return refuse({ pointer }, 'a state is no object');
  const type = getOwn(state, 'Type');
  const compiler = typeof type === 'string' && Object.hasOwn(COMPILERS, type) ? COMPILERS[type] : undefined;
  if (compiler === undefined) return refuse({ pointer }, `Type ${JSON.stringify(type ?? null)}`);
  return compiler({
    name,
    pointer,
    language: languageOf(state, inherited),
    state,
    nested: (list, field) => compileList(list, `${pointer}/${field}`, languageOf(list, inherited)),
  });
}
