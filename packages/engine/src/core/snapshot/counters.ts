import type { RunCounts } from '../map-run/map-run.ts';

/** The counts of a map run in the order in which a snapshot has them. */
export const COUNTERS = [
  'pending',
  'running',
  'succeeded',
  'failed',
  'timedOut',
  'aborted',
  'total',
  'resultsWritten',
  'failuresNotRedrivable',
  'pendingRedrive',
] as const satisfies readonly (keyof RunCounts)[];
