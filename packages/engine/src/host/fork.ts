import type { Json, JsonObject } from '@stepyard/asl';
import { isObject } from '@stepyard/asl';
import type { Fork, Started } from '../core/input.ts';
import type { ForkRequest } from './engine-api.ts';
import { EngineError } from './engine-error.ts';
import { checkJsonText } from './json-text.ts';
import type { Revision } from './revisions.ts';
import { forkedRevision } from './revisions.ts';

/** What a fork begins with, and the definition that it runs: the other execution's, or one that was given. */
export function forkOf(
  original: { readonly arn: string; readonly revision: Revision; readonly started: Started },
  request: ForkRequest,
): { readonly fork: Fork; readonly revision: Revision } {
  if (original.started.mapRunArn !== undefined) {
    const reason =
      'A child execution of a Map Run cannot be forked: fork the execution that the Map Run is of.';
    throw new EngineError('ValidationException', reason);
  }
  const input = checkJsonText(request.input, 'InvalidExecutionInput', 'input');
  const variables = variablesIn(request.variables ?? '{}');
  const { definition } = request;
  const revision =
    definition === undefined ? original.revision : forkedRevision(original.revision, definition);
  const { stateName } = request;
  if (!revision.program.states.states.has(stateName)) {
    throw new EngineError(
      'ValidationException',
      `An execution can begin at a state of the first level only, and '${stateName}' is none of the definition's.`,
    );
  }
  // Of a fork that has a definition of its own, a fork has that one too.
  const own = definition ?? original.revision.forkDefinition;
  const fork = { of: original.arn, stateName, input, variables };
  return { fork: own === undefined ? fork : { ...fork, definition: own }, revision };
}

function variablesIn(text: string): JsonObject {
  const value: Json = checkJsonText(text, 'InvalidExecutionInput', 'variables');
  if (isObject(value)) return value;
  throw new EngineError('InvalidExecutionInput', 'Invalid variables: they are an object, name by name');
}
