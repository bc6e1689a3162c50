/**
 * Redrive: an execution that failed, was aborted or timed out goes on from the states that were entered and not left.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html; of a Distributed Map that has started a map
 * run, map-run/redrive.ts. No recording shows one: which event the
 * redriven lines point at, and that an iteration is started again, is our reading of that page.
 */
import type { Execution } from './execution.ts';
import { armTimer, enqueue, record } from './execution.ts';
import type { Frame, Group } from './frame.ts';
import { EXPRESS_DURATION_MS_MAX } from './limits.ts';
import { startIterations } from './lines.ts';
import { redriveMapRun } from './map-run/redrive.ts';

export function applyRedriven(execution: Execution): void {
  const { root } = execution;
  // Only what has failed: asked twice at once, the second comes too late.
  if (root === undefined || execution.outcome === undefined) return;
  execution.status = 'RUNNING';
  execution.outcome = undefined;
  execution.redriveCount++;
  execution.redrivenMs = execution.nowMs;
  const redriven = record(execution, 'ExecutionRedriven', execution.events.length, undefined, undefined, {
    redriveCount: execution.redriveCount,
  });
  // The machine's TimeoutSeconds counts from here.
  armMachineTimeout(execution);
  reopen(execution, root, redriven);
}

/** The machine's own TimeoutSeconds; an Express execution has five minutes in any case. */
export function armMachineTimeout(execution: Execution): void {
  const { timeoutSeconds } = execution.program;
  const longestMs =
    execution.started?.type === 'EXPRESS' ? EXPRESS_DURATION_MS_MAX : Number.POSITIVE_INFINITY;
  const timeoutMs = Math.min((timeoutSeconds ?? Number.POSITIVE_INFINITY) * 1000, longestMs);
  if (timeoutMs < Number.POSITIVE_INFINITY) armTimer(execution, 'machineTimeout', timeoutMs, undefined);
}

/** The line goes on in the state that it stands in, with all its retries. */
function reopen(execution: Execution, frame: Frame, previousEventId: number): void {
  frame.closed = false;
  frame.retryCount = 0;
  frame.retries = undefined;
  frame.lastEventId = previousEventId;
  // What a fork has kept of its lines is still to be entered.
  if (frame.next === 'enter') {
    enqueue(execution, frame, 'enter');
    return;
  }
  if (frame.work?.kind === 'group') {
    reopenGroup(execution, frame.work, previousEventId);
    return;
  }
  if (frame.work?.kind === 'mapRun') {
    redriveMapRun(execution, frame.work);
    return;
  }
  frame.work = undefined;
  enqueue(execution, frame, frame.state.type === 'Fail' ? 'enter' : 'attempt');
}

/** Only the branches or iterations that have not succeeded. */
function reopenGroup(execution: Execution, group: Group, previousEventId: number): void {
  if (group.finished === group.inputs.length) {
    enqueue(execution, group.owner, 'resume');
    return;
  }
  for (const line of group.open) reopen(execution, line, lineStart(execution, group, line, previousEventId));
  if (group.state.type === 'Map') startIterations(execution, group, previousEventId);
}

function lineStart(execution: Execution, group: Group, line: Frame, previousEventId: number): number {
  if (group.state.type !== 'Map') return previousEventId;
  const { index } = line;
  return record(execution, 'MapIterationStarted', previousEventId, group.state.name, undefined, { index });
}
