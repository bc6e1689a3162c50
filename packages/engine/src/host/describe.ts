import type {
  ExecutionDescription,
  ExecutionStatus,
  ExecutionSummary,
  SyncExecutionResult,
} from './engine-api.ts';
import type { Run } from './run.ts';

export function describeRun(run: Run): ExecutionDescription & Pick<ExecutionSummary, 'itemCount'> {
  const { started } = run;
  const { status, outcome, stopDateMs } = run.visible;
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
    redriveCount: 0,
    ...redrive(status, started.mapRunArn !== undefined),
  };
}

/** [76] of the recordings: an execution that failed can be redriven, without a reason; others say why not. */
function redrive(
  status: ExecutionStatus,
  isChild: boolean,
): Pick<ExecutionDescription, 'redriveStatus' | 'redriveStatusReason'> {
  if (status === 'FAILED' || status === 'TIMED_OUT' || status === 'ABORTED') {
    return {
      redriveStatus: isChild ? 'REDRIVABLE_BY_MAP_RUN' : 'REDRIVABLE',
      redriveStatusReason: undefined,
    };
  }
  const redriveStatusReason = `Execution is ${status} and cannot be redriven`;
  return { redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason };
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
