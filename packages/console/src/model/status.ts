import type { ExecutionStatus, VisitStatus } from '../api/types.ts';

/** How something stands, as it is drawn. `idle`: not entered. */
export type StatusKind = VisitStatus | 'idle';

type AnyStatus = ExecutionStatus | VisitStatus | 'timedOut';

const KINDS: Readonly<Record<AnyStatus, StatusKind>> = {
  RUNNING: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'failed',
  ABORTED: 'aborted',
  running: 'running',
  waiting: 'waiting',
  succeeded: 'succeeded',
  failed: 'failed',
  timedOut: 'failed',
  caught: 'caught',
  aborted: 'aborted',
};

export function statusKind(status: AnyStatus): StatusKind {
  return KINDS[status];
}

export const STATUS_LABELS: Readonly<Record<AnyStatus | 'idle', string>> = {
  RUNNING: 'Running',
  SUCCEEDED: 'Succeeded',
  FAILED: 'Failed',
  TIMED_OUT: 'Timed out',
  ABORTED: 'Aborted',
  running: 'Running',
  waiting: 'Waiting',
  succeeded: 'Succeeded',
  failed: 'Failed',
  timedOut: 'Timed out',
  caught: 'Caught',
  aborted: 'Aborted',
  idle: 'Not entered',
};

export const EXECUTION_STATUSES: readonly ExecutionStatus[] = [
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
  'TIMED_OUT',
  'ABORTED',
];
