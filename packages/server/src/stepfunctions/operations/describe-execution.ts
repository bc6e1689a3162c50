import { epochSeconds } from '../../protocol/json-protocol.ts';
import { optionalText, text, type Operation } from '../operation.ts';

export const describeExecution: Operation = async ({ engine }, input) => {
  const execution = await engine.describe(text(input, 'executionArn'));
  const isFull = optionalText(input, 'includedData') !== 'METADATA_ONLY';
  const hasOutput = execution.output !== undefined;
  return {
    executionArn: execution.executionArn,
    stateMachineArn: execution.stateMachineArn,
    stateMachineVersionArn: execution.stateMachineVersionArn,
    stateMachineAliasArn: execution.stateMachineAliasArn,
    name: execution.name,
    status: execution.isPendingRedrive === true ? 'PENDING_REDRIVE' : execution.status,
    startDate: epochSeconds(execution.startDateMs),
    stopDate: execution.stopDateMs === undefined ? undefined : epochSeconds(execution.stopDateMs),
    ...(isFull ? { input: execution.input, inputDetails: { included: true } } : {}),
    ...(isFull && hasOutput ? { output: execution.output, outputDetails: { included: true } } : {}),
    error: execution.error,
    cause: execution.cause,
    traceHeader: execution.traceHeader,
    mapRunArn: execution.mapRunArn,
    redriveCount: execution.redriveCount,
    redriveDate: execution.redriveDateMs === undefined ? undefined : epochSeconds(execution.redriveDateMs),
    redriveStatus: execution.redriveStatus,
    redriveStatusReason: execution.redriveStatusReason,
  };
};
