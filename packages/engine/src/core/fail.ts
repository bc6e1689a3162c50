/** What follows a failure: Retry, Catch, or the end of the line and of everything around it. */
import type { Catcher, Json, JsonObject } from '@stepyard/asl';
import { AslFailure } from '@stepyard/asl';
import type { Departure } from './dataflow.ts';
import { StateEnvironment, evaluated } from './evaluation.ts';
import type { Execution } from './execution.ts';
import { armTimer, cancelTimer, endExecution, randomOf, record, recordInLine } from './execution.ts';
import type { Failure } from './failure.ts';
import { DATA_LIMIT_EXCEEDED, errorDetails, evaluationFailure } from './failure.ts';
import type { Frame, Group } from './frame.ts';
import { StateFailed, leave } from './lines.ts';
import { abortMapRun } from './map-run/abort.ts';
import { matches, nextRetryDelayMs } from './retry.ts';

/** Turns what the work of a state threw into its failure; anything but an ASL failure is a bug and goes on. */
export function failureOf(thrown: unknown, frame: Frame): Failure {
  if (thrown instanceof StateFailed) return thrown.failure;
  if (thrown instanceof AslFailure) return evaluationFailure(thrown, frame.state.name, frame.enteredEventId);
  throw thrown;
}

/** The state that the line stands in has failed. `stepEventId`: the line's last event when this step began. */
export function failState(execution: Execution, frame: Frame, failure: Failure, stepEventId: number): void {
  execution.observer?.stateFailed(execution, frame, failure);
  giveUpWork(execution, frame);
  if (beginsAfresh(frame, failure)) frame.work = undefined;
  if (failure.fatal === true) {
    failExecution(execution, frame.lastEventId, failure);
    return;
  }
  if (failure.evaluation !== undefined) recordEvaluationFailed(execution, frame, failure, stepEventId);
  const { state } = frame;
  if (state.type !== 'Task' && state.type !== 'Parallel' && state.type !== 'Map') {
    failLine(execution, frame, failure);
    return;
  }
  const delayMs = nextRetryDelayMs(state.retry, frame, failure, () => randomOf(execution));
  execution.probe?.failed(frame, failure, delayMs);
  if (delayMs !== undefined) {
    frame.work = { kind: 'retry', timer: armTimer(execution, 'retry', delayMs, frame) };
    return;
  }
  if (state.type !== 'Task') recordInLine(execution, frame, `${state.type}StateFailed`);
  const catcher = state.catch.find((candidate) => matches(candidate.errorEquals, failure));
  if (catcher === undefined) failLine(execution, frame, failure);
  else leaveCaught(execution, frame, catcher, failure);
}

/** A redrive goes on with the branches, iterations or map run that there are, but after these failures (redrive.ts, map-run/redrive.ts). */
function beginsAfresh({ work }: Frame, failure: Failure): boolean {
  return failure.error === DATA_LIMIT_EXCEEDED || (failure.fatal === true && work?.kind === 'mapRun');
}

function leaveCaught(execution: Execution, frame: Frame, catcher: Catcher, failure: Failure): void {
  const before = frame.lastEventId;
  if ('catch' in frame.state) execution.probe?.caught(frame.state.catch.indexOf(catcher));
  try {
    leave(execution, frame, caughtDeparture(execution, frame, catcher, failure), catcher.next);
  } catch (thrown) {
    // A catcher that fails itself is not caught again: the state fails with the new error.
    const second = failureOf(thrown, frame);
    execution.observer?.stateFailed(execution, frame, second);
    if (second.fatal === true) {
      failExecution(execution, frame.lastEventId, second);
      return;
    }
    if (second.evaluation !== undefined) recordEvaluationFailed(execution, frame, second, before);
    failLine(execution, frame, second);
  }
}

/** Error and Cause are null where the failure has none (recording callback/*-no-error-field-*); a timeout has no Cause. */
function errorOutput(failure: Failure): JsonObject {
  if (failure.error === undefined && failure.cause === undefined) return { Error: null, Cause: null };
  return {
    ...(failure.error === undefined ? {} : { Error: failure.error }),
    ...(failure.cause === undefined ? {} : { Cause: failure.cause }),
  };
}

function caughtDeparture(execution: Execution, frame: Frame, catcher: Catcher, failure: Failure): Departure {
  const error = errorOutput(failure);
  if (frame.state.queryLanguage === 'JSONata') {
    const environment = new StateEnvironment(execution, frame, frame.input, {
      input: frame.input,
      errorOutput: error,
    });
    return { output: evaluated(catcher.output, environment, error), assigned: catcher.assign?.(environment) };
  }
  const assigned = catcher.assign?.(new StateEnvironment(execution, frame, error));
  return { output: caughtOutput(frame.input, catcher.resultPath, error), assigned };
}

function caughtOutput(input: Json, resultPath: Catcher['resultPath'], error: JsonObject): Json {
  if (resultPath === undefined) return error;
  return resultPath === 'discard' ? input : resultPath.write(input, error);
}

/** Points at where the line stood before this step: for most states the event before StateEntered ([29] of the recordings). */
function recordEvaluationFailed(
  execution: Execution,
  frame: Frame,
  failure: Failure,
  stepEventId: number,
): void {
  const location = failure.evaluation?.location;
  frame.lastEventId = record(execution, 'EvaluationFailed', stepEventId, frame.state.name, undefined, {
    ...errorDetails(failure),
    ...(location === undefined ? {} : { location }),
  });
}

/** The line cannot go on: the Parallel or Map around it fails, or the execution. */
function failLine(execution: Execution, frame: Frame, failure: Failure): void {
  const { group } = frame;
  if (group === undefined) {
    failExecution(execution, frame.lastEventId, failure);
    return;
  }
  closeGroup(execution, group, frame);
  group.owner.lastEventId = frame.lastEventId;
  // The event that tells of the expression has been written, where it failed.
  const { evaluation: _told, ...outer } = failure;
  failState(execution, group.owner, outer, frame.lastEventId);
}

function failExecution(execution: Execution, previousEventId: number, failure: Failure): void {
  endExecution(execution, 'ExecutionFailed', previousEventId, { status: 'FAILED', ...errorDetails(failure) });
}

/**
 * Ends all lines of a group because one failed. Every event points at the failing line's last one; the iteration that
 * failed comes first, and a Task that a line still stood in is aborted, the failed one too
 * (recordings timeouts/*lambda-map-timeout*, states_variables/error-output--parallel-catch-error*).
 */
function closeGroup(execution: Execution, group: Group, failed: Frame): void {
  const previous = failed.lastEventId;
  closeLine(execution, failed, previous, 'MapIterationFailed');
  for (const sibling of group.open) {
    if (sibling !== failed) closeLine(execution, sibling, previous, 'MapIterationAborted');
  }
}

function closeLine(
  execution: Execution,
  frame: Frame,
  previous: number,
  iteration: 'MapIterationFailed' | 'MapIterationAborted',
): void {
  const { group, state } = frame;
  frame.closed = true;
  if (group?.state.type === 'Map') {
    record(execution, iteration, previous, group.state.name, undefined, { index: frame.index });
  }
  // A line that has not entered its state yet has nothing to abort in it.
  if (frame.next === 'enter') return;
  const { work } = frame;
  const abortsMapRun = work?.kind === 'mapRun' && work.status === 'RUNNING';
  giveUpWork(execution, frame);
  if (state.type === 'Task') record(execution, 'TaskStateAborted', previous);
  if (iteration === 'MapIterationFailed') return;
  if (abortsMapRun) record(execution, 'MapRunAborted', previous);
  if (state.type === 'Wait' || state.type === 'Parallel' || state.type === 'Map') {
    record(execution, `${state.type}StateAborted`, previous);
  }
  const inner = work?.kind === 'group' ? work.open : [];
  for (const line of inner) closeLine(execution, line, previous, 'MapIterationAborted');
}

/** Timers and attempts of the state end with it. Its branches, iterations or map run stay: a redrive takes them up again. */
function giveUpWork(execution: Execution, frame: Frame): void {
  const { work } = frame;
  if (work === undefined || work.kind === 'group') return;
  if (work.kind === 'mapRun') {
    abortMapRun(execution, work);
    return;
  }
  frame.work = undefined;
  if (work.kind !== 'task') {
    cancelTimer(execution, work.timer);
    return;
  }
  cancelTimer(execution, work.timeoutTimer);
  cancelTimer(execution, work.heartbeatTimer);
  if (execution.tasks.delete(work.id)) execution.effects.push({ kind: 'cancelTask', task: work.id });
}
