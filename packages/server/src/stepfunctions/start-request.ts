import type { JsonObject } from '@stepyard/asl';
import type { StartRequest } from '@stepyard/engine';
import type { MockRunner } from '../mocks/mock-runner.ts';
import { ApiError } from '../protocol/api-error.ts';
import { optionalText, present, text } from './operation.ts';

/**
 * The engine's request of a StartExecution or StartSyncExecution. `<state machine ARN>#<test case>` chooses a test case of the
 * mocks file, as with Step Functions Local.
 */
export function startRequest(mocks: MockRunner | undefined, input: JsonObject): StartRequest {
  const arn = text(input, 'stateMachineArn');
  const hash = arn.indexOf('#');
  const stateMachineArn = hash === -1 ? arn : arn.slice(0, hash);
  const testCase = hash === -1 ? undefined : arn.slice(hash + 1);
  if (testCase !== undefined) {
    if (mocks === undefined) {
      throw new ApiError(
        'InvalidArn',
        `Invalid Arn: '${arn}': test cases need a mocks file (stepyard start --mocks FILE)`,
      );
    }
    mocks.checkTestCase(stateMachineArn.split(':')[6] ?? '', testCase);
  }
  return present({
    stateMachineArn,
    name: optionalText(input, 'name'),
    input: optionalText(input, 'input'),
    traceHeader: optionalText(input, 'traceHeader'),
    testCase,
  });
}
