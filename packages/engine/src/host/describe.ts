import type { ExecutionDescription, ExecutionSummary, SyncExecutionResult } from './engine-api.ts';
import { redriveState } from './redrive.ts';
import type { Run } from './run.ts';

export function describeRun(run: Run): ExecutionDescription & Pick<ExecutionSummary, 'itemCount'> {
  const { started } = run;
  const { status, outcome, stopDateMs, redrive } = run.visible;
  return {
    executionArn: run.arn,
    stateMachineArn: started.stateMachineArn,
    stateMachineVersionArn: started.stateMachineVersionArn,
    stateMachineAliasArn: started.stateMachineAliasArn,
    name: started.name,
    type: started.type,
    status,
    startDateMs: run.startDateMs,
    stopDateMs,
    input: started.input,
    output: outcome?.output === undefined ? undefined : JSON.stringify(outcome.output),
    error: outcome?.error,
    cause: outcome?.cause,
    traceHeader: run.traceHeader,
    mapRunArn: started.mapRunArn,
    itemCount: run.itemCount,
    eventCount: run.visible.eventCount,
    forkOf: started.fork?.of,
    redriveCount: redrive?.count ?? 0,
    redriveDateMs: redrive?.dateMs,
    ...redriveState(run),
  };
}

/** Billed in steps of 100 ms at 64 MB ([79] of the recordings). */
export function syncResult(run: Run): SyncExecutionResult {
  const description = describeRun(run);
  const durationMs = (description.stopDateMs ?? description.startDateMs) - description.startDateMs;
  return {
    ...description,
    billingDetails: {
      billedDurationInMilliseconds: Math.max(1, Math.ceil(durationMs / 100)) * 100,
      billedMemoryUsedInMB: 64,
    },
  };
}
