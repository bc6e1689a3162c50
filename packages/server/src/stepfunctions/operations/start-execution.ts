import { epochSeconds } from '../../protocol/json-protocol.ts';
import { type Operation } from '../operation.ts';
import { startRequest } from '../start-request.ts';

export const startExecution: Operation = async ({ engine, mocks }, input) => {
  const started = await engine.start(startRequest(mocks, input));
  return { executionArn: started.executionArn, startDate: epochSeconds(started.startDateMs) };
};
