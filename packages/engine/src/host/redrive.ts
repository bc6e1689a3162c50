import { REDRIVABLE_MS } from '../core/limits.ts';
import type { ExecutionRow } from '../journal/store.ts';
import type { ExecutionDescription } from './engine-api.ts';
import { EngineError } from './engine-error.ts';
import type { Run } from './run.ts';

/** Quotas of redrives (https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html#redrive-eligibility). */
const OPEN_MS_MAX = 365 * 86_400_000;
const HISTORY_EVENTS_LIMIT = 24_999;

type RedriveState = Pick<ExecutionDescription, 'redriveStatus' | 'redriveStatusReason'>;

/**
 * Whether an execution can be redriven, and AWS's reason where it cannot (API reference, DescribeExecution,
 * redriveStatusReason; [76] of the recordings). An Express child of a map run always can, being started anew.
 */
export function redriveState(row: ExecutionRow, nowMs: number): RedriveState {
  const reason = whyNot(row, nowMs);
  if (reason !== undefined) return { redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason: reason };
  const isChild = row.started.mapRunArn !== undefined;
  return { redriveStatus: isChild ? 'REDRIVABLE_BY_MAP_RUN' : 'REDRIVABLE', redriveStatusReason: undefined };
}

function whyNot(row: ExecutionRow, nowMs: number): string | undefined {
  const { status, stopMs } = row;
  if (stopMs === undefined || status === 'SUCCEEDED') return `Execution is ${status} and cannot be redriven`;
  if (row.started.type === 'EXPRESS') return undefined;
  if (isHistoryFull(row)) return 'Execution history event limit exceeded';
  if (nowMs - row.startMs > OPEN_MS_MAX) return 'Execution has exceeded the max execution time';
  return nowMs - stopMs > REDRIVABLE_MS ? 'Execution redrivable period exceeded' : undefined;
}

/** No event but the last has room: a Standard execution has failed of it, or cannot go on. */
export function isHistoryFull({ started, eventCount }: ExecutionRow): boolean {
  return started.type === 'STANDARD' && eventCount >= HISTORY_EVENTS_LIMIT;
}

/**
 * Redrives; gives the moment of it once that is durable. The same client token again is answered as it was the first time.
 * Throws ExecutionNotRedrivable with the reason.
 */
export async function redriveRun(run: Run, clientToken: string | undefined): Promise<number> {
  const { redrive } = run.visible;
  if (clientToken !== undefined && redrive?.token === clientToken) return redrive.dateMs;
  const { redriveStatus, redriveStatusReason } = redriveState(run.row, run.nowMs);
  if (redriveStatus !== 'REDRIVABLE') {
    const reason = redriveStatusReason ?? 'The execution is redriven by its Map Run';
    throw new EngineError('ExecutionNotRedrivable', reason);
  }
  run.redriveToken = clientToken;
  await run.submit({ kind: 'redriven' });
  return run.visible.redrive?.dateMs ?? run.nowMs;
}

/** Whether the event tells of a redrive. It is always the first one of its turn: nothing else happens to what has ended. */
export function isRedriveAt(run: Run, eventId: number): boolean {
  return run.visible.redrive !== undefined && run.events(eventId, 1)[0]?.type === 'ExecutionRedriven';
}
