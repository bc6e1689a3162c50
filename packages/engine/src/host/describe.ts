import type { ExecutionRow } from '../journal/store.ts';
import type { ExecutionDescription, ExecutionSummary, SyncExecutionResult } from './engine-api.ts';
import { redriveState } from './redrive.ts';

/** `nowMs`: an execution can be redriven for some days only. `isPendingRedrive`: see Runs.isPendingRedrive. */
export function describe(
  row: ExecutionRow,
  nowMs: number,
  isPendingRedrive = false,
): ExecutionDescription & Pick<ExecutionSummary, 'itemCount'> {
  const { started, status, outcome, redrive } = row;
  return {
    executionArn: started.executionArn,
    stateMachineArn: started.stateMachineArn,
    stateMachineVersionArn: started.stateMachineVersionArn,
    stateMachineAliasArn: started.stateMachineAliasArn,
    name: started.name,
    type: started.type,
    status,
    startDateMs: row.startMs,
    stopDateMs: row.stopMs,
    input: started.input,
    output: outcome?.output === undefined ? undefined : JSON.stringify(outcome.output),
    error: outcome?.error,
    cause: outcome?.cause,
    traceHeader: row.traceHeader,
    mapRunArn: started.mapRunArn,
    itemCount: row.child?.itemCount,
    eventCount: row.eventCount,
    forkOf: started.fork?.of,
    redriveCount: redrive?.count ?? 0,
    redriveDateMs: redrive?.dateMs,
    ...(isPendingRedrive ? { isPendingRedrive } : {}),
    ...redriveState(row, nowMs),
  };
}

/** Billed in steps of 100 ms at 64 MB ([79] of the recordings). */
export function syncResult(row: ExecutionRow, nowMs: number): SyncExecutionResult {
  const description = describe(row, nowMs);
  const durationMs = (description.stopDateMs ?? description.startDateMs) - description.startDateMs;
  return {
    ...description,
    billingDetails: {
      billedDurationInMilliseconds: Math.max(1, Math.ceil(durationMs / 100)) * 100,
      billedMemoryUsedInMB: 64,
    },
  };
}
