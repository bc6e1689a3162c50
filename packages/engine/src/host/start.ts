import { newExecution } from '../core/execution.ts';
import type { Fork, Started } from '../core/input.ts';
import { INTERPRETER_VERSION } from '../core/interpreter-version.ts';
import type { Place } from './arns.ts';
import { checkName, executionArn, expressArn } from './arns.ts';
import type { StartRequest } from './engine-api.ts';
import { EngineError } from './engine-error.ts';
import { given } from './given.ts';
import type { Ids } from './ids.ts';
import { checkJsonText } from './json-text.ts';
import type { Target } from './machines.ts';
import { Run, type RunHost } from './run.ts';
import type { Runs } from './runs.ts';

export interface StartParts {
  readonly place: Place;
  readonly ids: Ids;
  readonly runs: Runs;
  readonly host: RunHost;
}

export interface StartOptions {
  /** Its caller waits for the end of an Express execution. */
  readonly sync?: boolean;
  /** Where it begins instead of at the first state. */
  readonly fork?: Fork;
}

/**
 * Starts an execution; resolves once that is durable. The same start again is answered as the first one was, while it runs; else it
 * rejects with ExecutionAlreadyExists.
 */
export async function startExecution(
  { place, ids, runs, host }: StartParts,
  target: Target,
  request: StartRequest,
  { sync = false, fork }: StartOptions = {},
): Promise<{ readonly executionArn: string; readonly startDateMs: number }> {
  const { revision } = target;
  const input = request.input ?? '{}';
  checkJsonText(input, 'InvalidExecutionInput', 'input');
  const { description } = revision;
  const name = request.name ?? ids.uuid();
  checkName(name);
  const arn =
    description.type === 'STANDARD'
      ? executionArn(place, description.name, name)
      : expressArn(place, description.name, name, ids.uuid());
  // What was made up just now names nothing yet.
  const isNew = request.name === undefined || description.type === 'EXPRESS';
  const existing = isNew ? undefined : runs.row(arn);
  if (existing !== undefined) {
    const isSame = existing.started.input === input && fork === undefined;
    if (existing.status !== 'RUNNING' || !isSame)
      throw new EngineError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    await runs.inMemoryBySequence(existing.sequence)?.begin();
    return { executionArn: arn, startDateMs: existing.startMs };
  }
  const started: Started = {
    kind: 'started',
    executionArn: arn,
    name,
    stateMachineArn: description.stateMachineArn,
    stateMachineName: description.name,
    roleArn: description.roleArn,
    type: description.type,
    input,
    seed: ids.executionSeed(arn),
    ...given('revisionId', description.revisionId),
    ...given('stateMachineVersionArn', target.versionArn),
    ...given('stateMachineAliasArn', target.aliasArn),
    ...given('testCase', request.testCase),
    ...(sync ? { sync } : {}),
    ...(fork === undefined ? {} : { fork }),
  };
  const birth = {
    sequence: runs.nextSequence(),
    started,
    startMs: host.clock.now(),
    revision: revision.number,
    interpreter: INTERPRETER_VERSION,
    child: undefined,
    traceHeader: request.traceHeader,
  };
  const run = new Run(host, { revision, birth, execution: newExecution(revision.program) });
  runs.add(run);
  try {
    await run.begin();
  } catch (error) {
    runs.remove(run);
    throw error;
  }
  return { executionArn: arn, startDateMs: birth.startMs };
}
