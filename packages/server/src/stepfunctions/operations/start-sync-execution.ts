import type { JsonObject } from '@stepyard/asl';
import { epochSeconds } from '../../protocol/json-protocol.ts';
import { optionalText, type Operation } from '../operation.ts';
import { startRequest } from '../start-request.ts';

/**
 * HTTP 200 whatever becomes of the execution; `outputDetails` is there even without an output
 * (express/express-sync--base-base-raise-failure-bc0577).
 */
export const startSyncExecution: Operation = async ({ engine, mocks }, input) => {
  const result = await engine.startSync(startRequest(mocks, input));
  const isFull = optionalText(input, 'includedData') !== 'METADATA_ONLY';
  return {
    executionArn: result.executionArn,
    stateMachineArn: result.stateMachineArn,
    name: result.name,
    startDate: epochSeconds(result.startDateMs),
    stopDate: epochSeconds(result.stopDateMs ?? result.startDateMs),
    status: result.status,
    error: result.error,
    cause: result.cause,
    ...(isFull ? executionData(result.input, result.output) : {}),
    traceHeader: result.traceHeader,
    billingDetails: { ...result.billingDetails },
  };
};

function executionData(input: string, output: string | undefined): JsonObject {
  const details = { inputDetails: { included: true }, outputDetails: { included: true } };
  return output === undefined ? { input, ...details } : { input, output, ...details };
}
