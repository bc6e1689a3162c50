/** The first half of a turn: each input is written down as the event that it is, and wakes what waited for it. */
import { assertNever } from './assert-never.ts';
import type { Json } from '@stepyard/asl';
import { parseJson } from '@stepyard/asl';
import type { Execution } from './execution.ts';
import { armTimer, cancelTimer, endExecution, enqueue, recordInLine } from './execution.ts';
import type { Failure } from './failure.ts';
import { HEARTBEAT_TIMEOUT, TIMEOUT, dataLimitExceeded, errorDetails } from './failure.ts';
import { openFork } from './fork.ts';
import type { Frame, Settlement, TaskWork } from './frame.ts';
import { EventRecord } from './history/event-record.ts';
import { siteOf } from './history/event-site.ts';
import type { Input, Started } from './input.ts';
import { boundByText, exceedsPayloadLimit } from './limits.ts';
import { openLine } from './lines.ts';
import { applyMapRunInput } from './map-run/apply-map-run.ts';
import { armMachineTimeout, applyRedriven } from './redrive.ts';
import { armTaskTimers } from './states/task.ts';
import { familyOf, hasToken, subjectOf } from './task-resource.ts';

export function applyInput(execution: Execution, input: Input): void {
  if (input.kind === 'started') {
    applyStarted(execution, input);
    return;
  }
  if (input.kind === 'activitiesMissing') {
    execution.missingActivities = input.arns;
    return;
  }
  if (input.kind === 'redriven') {
    applyRedriven(execution);
    return;
  }
  if (execution.status !== 'RUNNING') return;
  switch (input.kind) {
    case 'taskSubmitted':
      withTask(execution, input.task, (frame, work) => submitted(execution, frame, work, input.output));
      return;
    case 'taskSucceeded':
    case 'taskFailed':
      withTask(execution, input.task, (frame, work) => answered(execution, frame, work, input));
      return;
    case 'activityStarted':
      withTask(execution, input.task, (frame, work) => {
        const more = input.workerName === undefined ? {} : { workerName: input.workerName };
        recordInLine(execution, frame, 'ActivityStarted', undefined, undefined, more);
        work.submitted = true;
        armTaskTimers(execution, frame, work);
      });
      return;
    case 'heartbeat':
      withTask(execution, input.task, (frame, work) => restartHeartbeat(execution, frame, work));
      return;
    case 'timerFired':
      timerFired(execution, input.timer);
      return;
    case 'stopped': {
      const outcome = { status: 'ABORTED', ...errorDetails(input) } as const;
      // It points at nothing, and what was running gets no event of its own ([5] of the recordings).
      endExecution(execution, 'ExecutionAborted', 0, outcome);
      return;
    }
    case 'itemsRead':
    case 'itemsFailed':
    case 'childEnded':
    case 'childrenSucceeded':
    case 'resultsWritten':
    case 'resultsFailed':
    case 'mapRunUpdated':
      applyMapRunInput(execution, input);
      return;
    default:
      assertNever('an input', input);
  }
}

function applyStarted(execution: Execution, started: Started): void {
  if (execution.status !== 'NEW') throw new Error('an execution starts once');
  execution.started = started;
  execution.status = 'RUNNING';
  execution.startedMs = execution.nowMs;
  const input = parseJson(started.input);
  if (input === undefined) throw new Error('the input of an execution is JSON');
  execution.input = input;
  boundByText(input, started.input);
  const details = { input: started.input, inputDetails: { truncated: false }, roleArn: started.roleArn };
  const site = siteOf('ExecutionStarted', undefined);
  execution.events.push(new EventRecord(site, 0, execution.instant, undefined, details));
  armMachineTimeout(execution);
  const place = { group: undefined, index: 0, outer: undefined };
  // The first state points at nothing, not at ExecutionStarted.
  const { fork } = started;
  execution.root =
    fork === undefined
      ? openLine(execution, execution.program.states, place, execution.input, 0)
      : openFork(execution, fork);
  execution.probe?.prepare(execution.root);
}

/** Only an attempt that is still under way can be told anything. */
function withTask(execution: Execution, id: number, tell: (frame: Frame, work: TaskWork) => void): void {
  const frame = execution.tasks.get(id);
  if (frame?.work?.kind === 'task') tell(frame, frame.work);
}

function submitted(execution: Execution, frame: Frame, work: TaskWork, output: Json): void {
  if (work.submitted) return;
  work.submitted = true;
  work.submission = output;
  recordInLine(execution, frame, 'TaskSubmitted', undefined, output, work.label);
  if (work.early !== undefined) settle(execution, frame, work, work.early);
}

function answered(
  execution: Execution,
  frame: Frame,
  work: TaskWork,
  input: Extract<Input, { kind: 'taskSucceeded' | 'taskFailed' }>,
): void {
  const settlement: Settlement =
    input.kind === 'taskSucceeded'
      ? { kind: 'succeeded', output: input.output }
      : { kind: 'failed', failure: { error: input.error, cause: input.cause } };
  // Whoever was called back may be faster than the call that told them: the history has TaskSubmitted first all the same.
  if (input.viaToken === true && !work.submitted && awaitsSubmission(frame)) work.early ??= settlement;
  else settle(execution, frame, work, settlement);
}

function awaitsSubmission(frame: Frame): boolean {
  return frame.state.type === 'Task' && hasToken(frame.state.resource);
}

/** The attempt has ended: its event, and the line goes on in this turn. */
function settle(execution: Execution, frame: Frame, work: TaskWork, given: Settlement): void {
  if (frame.state.type !== 'Task') throw new Error('only a Task has attempts');
  const family = familyOf(frame.state.resource);
  const tooLarge = given.kind === 'succeeded' && exceedsPayloadLimit(given.output);
  const result: Settlement = tooLarge
    ? { kind: 'failed', failure: dataLimitExceeded(subjectOf(frame.state.resource)) }
    : given;
  if (result.kind === 'succeeded') {
    recordInLine(execution, frame, `${family}Succeeded`, undefined, result.output, work.label);
  } else {
    recordFailure(execution, frame, work, `${family}Failed`, result.failure);
  }
  finish(execution, frame, work, result);
}

function recordFailure(
  execution: Execution,
  frame: Frame,
  work: TaskWork,
  type: `${ReturnType<typeof familyOf>}${'Failed' | 'TimedOut'}`,
  failure: Failure,
): void {
  recordInLine(execution, frame, type, undefined, undefined, { ...work.label, ...errorDetails(failure) });
}

function finish(execution: Execution, frame: Frame, work: TaskWork, result: Settlement): void {
  cancelTimer(execution, work.timeoutTimer);
  cancelTimer(execution, work.heartbeatTimer);
  execution.tasks.delete(work.id);
  work.phase = 'settled';
  work.result = result;
  enqueue(execution, frame, 'resume');
}

function restartHeartbeat(execution: Execution, frame: Frame, work: TaskWork): void {
  if (work.heartbeatMs === undefined) return;
  cancelTimer(execution, work.heartbeatTimer);
  work.heartbeatTimer = armTimer(execution, 'heartbeat', work.heartbeatMs, frame);
}

function timerFired(execution: Execution, id: number): void {
  const timer = execution.timers.get(id);
  if (timer === undefined) return;
  execution.timers.delete(id);
  const { frame, purpose } = timer;
  if (frame === undefined) {
    endExecution(execution, 'ExecutionTimedOut', 0, { status: 'TIMED_OUT' });
    return;
  }
  if (purpose === 'retry') {
    frame.work = undefined;
    enqueue(execution, frame, 'attempt');
  } else if (purpose === 'wait') {
    if (frame.work?.kind === 'wait') frame.work.phase = 'over';
    enqueue(execution, frame, 'resume');
  } else {
    timeOut(execution, frame, purpose === 'heartbeat' ? HEARTBEAT_TIMEOUT : TIMEOUT);
  }
}

function timeOut(execution: Execution, frame: Frame, failure: Failure): void {
  const { work, state } = frame;
  if (work?.kind !== 'task' || state.type !== 'Task') throw new Error('only an attempt times out');
  recordFailure(execution, frame, work, `${familyOf(state.resource)}TimedOut`, failure);
  execution.effects.push({ kind: 'cancelTask', task: work.id });
  finish(execution, frame, work, { kind: 'failed', failure });
}
