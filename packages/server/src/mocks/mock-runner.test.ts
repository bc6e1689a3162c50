import { expect, test } from 'vitest';
import { parseResource, type Json } from '@stepyard/asl';
import type { TaskRequest, TaskResult } from '@stepyard/engine';
import { parseMockConfig, type MockedResponse } from './mock-config.ts';
import { createMockRunner } from './mock-runner.ts';

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const REPORT = { submitted: (): void => undefined };

function request(execution: string, token?: string): TaskRequest {
  const resource = parseResource(FUNCTION);
  if (resource === undefined) throw new Error('the ARN does not parse');
  return {
    executionArn: `arn:aws:states:us-east-1:000000000000:${execution}`,
    stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:M',
    stateName: 'Task',
    resource,
    parameters: {},
    token,
    credentials: undefined,
    attemptId: '1',
  };
}

function setUp(completed: MockedResponse[] = []) {
  const value: Json = {
    StateMachines: { M: { TestCases: { Happy: { Task: 'R' } } } },
    MockedResponses: { R: { '0': { Throw: { Error: 'E', Cause: 'c' } }, '1': { Return: 'mocked' } } },
  };
  const real = { run: async (): Promise<TaskResult> => ({ kind: 'succeeded', output: 'real' }) };
  return createMockRunner(parseMockConfig(value, 'm.json'), real, async (_, response) => {
    completed.push(response);
  });
}

test('answers the executions of a test case, one response after the other, and no others', async () => {
  const runner = setUp();
  runner.useTestCase('M', 'one', 'Happy');
  const signal = new AbortController().signal;
  const run = (execution: string): Promise<TaskResult> => runner.run(request(execution), REPORT, signal);
  expect(await run('execution:M:other')).toEqual({ kind: 'succeeded', output: 'real' });
  expect(await run('execution:M:one')).toEqual({ kind: 'failed', error: 'E', cause: 'c' });
  expect(await run('execution:M:one')).toEqual({ kind: 'succeeded', output: 'mocked' });
  expect(await run('execution:M:one')).toMatchObject({
    kind: 'failed',
    cause: expect.stringContaining('no entry for invocation 2') as string,
  });
});

test('knows an Express execution, and completes a task that waits for its token', async () => {
  const completed: MockedResponse[] = [];
  const runner = setUp(completed);
  runner.useTestCase('M', 'one', 'Happy');
  const result = await runner.run(request('express:M:one:id', 'token'), REPORT, new AbortController().signal);
  expect(result.kind).toBe('succeeded');
  expect(completed).toEqual([{ kind: 'throw', error: 'E', cause: 'c' }]);
});

test('an unknown test case is refused', () => {
  expect(() => setUp().useTestCase('M', 'one', 'Sad')).toThrow("no test case 'Sad'");
});
