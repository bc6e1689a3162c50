import type { MapRunStatus, RunCounts } from '../core/map-run/map-run.ts';

/** A Map Run: the work of a Distributed Map state. Dates are epoch milliseconds. */
export interface MapRunDescription {
  readonly mapRunArn: string;
  /** The execution that started it. */
  readonly executionArn: string;
  /** `<state machine>/<label>`: what its child executions are executions of. */
  readonly stateMachineArn: string;
  readonly status: MapRunStatus;
  readonly startDateMs: number;
  readonly stopDateMs: number | undefined;
  /** 0: no limit but the service's own. */
  readonly maxConcurrency: number;
  readonly toleratedFailureCount: number;
  readonly toleratedFailurePercentage: number;
  readonly itemCounts: Readonly<RunCounts>;
  readonly executionCounts: Readonly<RunCounts>;
  readonly redriveCount: number;
  /** When it was redriven last. */
  readonly redriveDateMs: number | undefined;
}

export interface UpdateMapRunRequest {
  readonly mapRunArn: string;
  readonly maxConcurrency?: number;
  readonly toleratedFailureCount?: number;
  readonly toleratedFailurePercentage?: number;
}
