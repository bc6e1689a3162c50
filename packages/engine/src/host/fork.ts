import type { Json, JsonObject } from '@stepyard/asl';
import { isObject } from '@stepyard/asl';
import { forkMisfit } from '../core/fork.ts';
import type { Around, Fork, Started } from '../core/input.ts';
import { ForkWatch, type ForkPoint } from '../core/inspect/fork-point.ts';
import type { RecordedTurn } from '../journal/replay.ts';
import { replay } from '../journal/replay.ts';
import type { ForkRequest } from './engine-api.ts';
import { EngineError } from './engine-error.ts';
import { checkJsonText } from './json-text.ts';
import type { Revision } from './revisions.ts';
import { forkedRevision } from './revisions.ts';

/** What a fork may hold, as JSON: of lines side by side each may have a payload of the largest size. */
export const FORK_BYTES_MAX = 16 * 1024 * 1024;

export interface Original {
  readonly arn: string;
  readonly revision: Revision;
  readonly started: Started;
  /** Read only where a visit is named. */
  readonly turns: () => readonly RecordedTurn[];
}

/**
 * What a fork begins with, and the definition that it runs: the other execution's, or one that was given. Throws ReplayMismatch where
 * a visit is named of an execution that another version of the interpreter ran.
 */
export function forkOf(
  original: Original,
  request: ForkRequest,
): { readonly fork: Fork; readonly revision: Revision } {
  if (original.started.mapRunArn !== undefined)
    throw invalid(
      'A child execution of a Map Run cannot be forked: fork the execution that the Map Run is of.',
    );
  const input = checkJsonText(request.input, 'InvalidExecutionInput', 'input');
  const variables = request.variables === undefined ? undefined : variablesIn(request.variables);
  const { definition, visit } = request;
  const revision =
    definition === undefined ? original.revision : forkedRevision(original.revision, definition);
  const point =
    visit === undefined ? firstLevel(original, revision, request) : pointOf(original, request, visit);
  // Of a fork that has a definition of its own, a fork has that one too.
  const own = definition ?? original.revision.forkDefinition;
  const fork: Fork = {
    of: original.arn,
    ...withVariables({ ...point, input }, variables),
    ...(own === undefined ? {} : { definition: own }),
  };
  const misfit = forkMisfit(revision.program, fork);
  if (misfit !== undefined) throw invalid(`An execution cannot begin there: ${misfit}`);
  if (Buffer.byteLength(JSON.stringify(fork)) > FORK_BYTES_MAX)
    throw invalid(
      `What the lines beside '${fork.stateName}' hold is larger than ${FORK_BYTES_MAX} bytes: fork from the state around them.`,
    );
  return { fork, revision };
}

/** Without a visit: any state of the first level, entered or not. */
function firstLevel(
  { revision: { program } }: Original,
  revision: Revision,
  { stateName }: ForkRequest,
): ForkPoint {
  const { states } = revision.program.states;
  if (!states.has(stateName) && !program.states.states.has(stateName))
    throw invalid(
      `An execution can begin at a state of the first level, and '${stateName}' is none of the definition's. To begin at a state within a Map or Parallel, say which visit of it: the id of its StateEntered event.`,
    );
  return { stateName, input: null, variables: {}, around: [] };
}

function pointOf({ revision, turns }: Original, { stateName }: ForkRequest, visit: number): ForkPoint {
  const watch = new ForkWatch(visit);
  replay(revision.program, turns(), { observer: watch });
  const point = watch.result();
  if (point === undefined) throw invalid(`There was no visit of a state that began with event ${visit}.`);
  if (point.stateName === stateName) return point;
  throw invalid(`Event ${visit} is where '${point.stateName}' was entered, not '${stateName}'.`);
}

/**
 * Each variable is put where it is: in the line of the state, or in the innermost of those around it that has it. One that is not
 * among those given is gone. None given: they stay as they were.
 */
function withVariables({ around, ...point }: ForkPoint, given: JsonObject | undefined): Omit<Fork, 'of'> {
  const lines = around.length === 0 ? {} : { around };
  if (given === undefined) return { ...point, ...lines };
  const left = new Map(Object.entries(given));
  const taken = (variables: JsonObject): JsonObject => {
    const names = Object.keys(variables).filter((name) => left.has(name));
    return Object.fromEntries(names.map((name) => [name, take(left, name)]));
  };
  const own = taken(point.variables);
  const edited: Around[] = [];
  for (const line of around.toReversed()) edited.unshift({ ...line, variables: taken(line.variables) });
  return {
    ...point,
    variables: { ...own, ...Object.fromEntries(left) },
    ...(edited.length === 0 ? {} : { around: edited }),
  };
}

function take(values: Map<string, Json>, name: string): Json {
  const value = values.get(name) ?? null;
  values.delete(name);
  return value;
}

function variablesIn(text: string): JsonObject {
  const value: Json = checkJsonText(text, 'InvalidExecutionInput', 'variables');
  if (isObject(value)) return value;
  throw new EngineError('InvalidExecutionInput', 'Invalid variables: they are an object, name by name');
}

function invalid(message: string): EngineError {
  return new EngineError('ValidationException', message);
}
