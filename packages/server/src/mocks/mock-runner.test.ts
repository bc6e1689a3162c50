import { expect, test } from 'vitest';
import { parseResource, type Json } from '@stepyard/asl';
import type { TaskRequest, TaskResult } from '@stepyard/engine';
import { parseMockConfig } from './mock-config.ts';
import { createMockRunner, type MockRunner } from './mock-runner.ts';

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const REPORT = { submitted: (): void => undefined };
const REAL: TaskResult = { kind: 'succeeded', output: 'real' };
const MOCKED: TaskResult = { kind: 'succeeded', output: 'mocked' };

function request(fields: Partial<TaskRequest> = {}): TaskRequest {
  const resource = parseResource(FUNCTION);
  if (resource === undefined) throw new Error('the ARN does not parse');
  return {
    executionArn: 'arn:aws:states:us-east-1:000000000000:execution:M:one',
    stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:M',
    stateName: 'Task',
    resource,
    parameters: {},
    token: undefined,
    credentials: undefined,
    invocation: 0,
    testCase: 'Happy',
    attemptId: '1',
    ...fields,
  };
}

const RESPONSES: Json = {
  R: { '0-1': { Throw: { Error: 'E', Cause: 'c' } }, '2': { Return: 'mocked' }, '3': { Real: true } },
};

function runnerOf(
  machine: Json = { TestCases: { Happy: { Task: 'R', Other: { Real: true } } } },
): MockRunner {
  const config = parseMockConfig({ StateMachines: { M: machine }, MockedResponses: RESPONSES }, 'm.json');
  return createMockRunner(config, { run: async () => REAL }, async () => undefined);
}

function run(runner: MockRunner, fields: Partial<TaskRequest> = {}): Promise<TaskResult> {
  return runner.run(request(fields), REPORT, new AbortController().signal);
}

test('answers the executions of a test case, by the number of the invocation, and no others', async () => {
  const runner = runnerOf();
  const thrown = { kind: 'failed', error: 'E', cause: 'c' };
  const { testCase: _none, ...plain } = request();
  expect(await runner.run(plain, REPORT, new AbortController().signal)).toEqual(REAL);
  expect(await run(runner, { invocation: 0 })).toEqual(thrown);
  expect(await run(runner, { invocation: 1 })).toEqual(thrown);
  expect(await run(runner, { invocation: 2 })).toEqual(MOCKED);
  expect(await run(runner, { invocation: 3 })).toEqual(REAL);
  expect(await run(runner, { invocation: 4 })).toMatchObject({
    kind: 'failed',
    error: 'States.Runtime',
    cause: expect.stringContaining('no entry for invocation 4') as string,
  });
});

test('asks the service for states that are real, by name or because nothing is said of them', async () => {
  expect(await run(runnerOf(), { stateName: 'Other' })).toEqual(REAL);
  expect(await run(runnerOf(), { stateName: 'Unlisted' })).toEqual(REAL);
  const strict = runnerOf({ Unlisted: 'Fail', TestCases: { Happy: { Other: { Real: true } } } });
  expect(await run(strict, { stateName: 'Other' })).toEqual(REAL);
  expect(await run(strict, { stateName: 'Unlisted' })).toEqual({
    kind: 'failed',
    error: 'States.Runtime',
    cause: "The test case 'Happy' has no mock of the state 'Unlisted'.",
  });
});

test('answers the children of a map run as their parent', async () => {
  const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:M/Label';
  expect(await run(runnerOf(), { stateMachineArn, invocation: 2 })).toEqual(MOCKED);
});

test('takes the tasks of activities in place of a worker, and leaves the others to the workers', () => {
  const runner = runnerOf();
  expect(runner.takeActivity?.(request({ invocation: 2 }))).toEqual(MOCKED);
  expect(runner.takeActivity?.(request({ invocation: 3 }))).toBeUndefined();
  expect(runner.takeActivity?.(request({ stateName: 'Other' }))).toBeUndefined();
});

test('completes a task that waits for its token', async () => {
  const completed: unknown[] = [];
  const config = parseMockConfig(
    { StateMachines: { M: { TestCases: { Happy: { Task: 'R' } } } }, MockedResponses: RESPONSES },
    'm.json',
  );
  const runner = createMockRunner(config, { run: async () => REAL }, async (token, result) => {
    completed.push(token, result);
  });
  expect(await run(runner, { token: 'token' })).toEqual({ kind: 'succeeded', output: {} });
  expect(completed).toEqual(['token', { kind: 'failed', error: 'E', cause: 'c' }]);
});

test('an unknown test case is refused, and fails what was started with another file', async () => {
  expect(() => runnerOf().checkTestCase('M', 'Sad')).toThrow("no test case 'Sad'");
  expect(() => runnerOf().checkTestCase('M', 'Happy')).not.toThrow();
  expect(await run(runnerOf(), { testCase: 'Gone' })).toMatchObject({
    kind: 'failed',
    error: 'States.Runtime',
  });
});
