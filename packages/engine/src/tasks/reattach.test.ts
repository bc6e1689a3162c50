/** After a restart: jobs are looked for where they were submitted. */
import type { TaskResource } from '@stepyard/asl';
import { compile } from '@stepyard/asl';
import { expect, test } from 'vitest';
import { createIntegrationRunner } from './integration-runner.ts';
import { scriptedCaller } from './scripted-caller.fixture.ts';
import { ENGINE_CLOSED, type TaskRequest, type TaskResult } from './task-runner.ts';
import type { ServiceCaller } from './service-caller.ts';

function resourceOf(arn: string): TaskResource {
  const { states } = compile({ StartAt: 'T', States: { T: { Type: 'Task', Resource: arn, End: true } } });
  const state = states.states.get('T');
  if (state?.type !== 'Task') throw new Error('there is no Task');
  return state.resource;
}

async function reattach(
  caller: ServiceCaller,
  resource: string,
  submission: object,
  signal = new AbortController().signal,
): Promise<TaskResult | undefined> {
  const request: TaskRequest = {
    executionArn: 'arn:aws:states:us-east-1:000000000000:execution:m:e',
    stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:m',
    stateName: 'T',
    resource: resourceOf(resource),
    parameters: {},
    token: undefined,
    credentials: undefined,
    invocation: 0,
    attemptId: 'a',
  };
  return createIntegrationRunner(caller).reattach?.(request, JSON.parse(JSON.stringify(submission)), signal);
}

test('a child execution that goes on is followed to its end, and not started again', async () => {
  const executionArn = 'arn:aws:states:us-east-1:000000000000:execution:child:c';
  const running = { executionArn, status: 'RUNNING' };
  const caller = scriptedCaller({
    'sfn:DescribeExecution': [running, running, { executionArn, status: 'SUCCEEDED', output: '{"a":1}' }],
  });
  const resource = 'arn:aws:states:::states:startExecution.sync:2';
  const result = await reattach(caller, resource, { ExecutionArn: executionArn });
  expect(result).toMatchObject({ kind: 'succeeded', output: { Output: { a: 1 }, Status: 'SUCCEEDED' } });
  expect(caller.calls.map(([name]) => name)).toEqual(Array(3).fill('sfn:DescribeExecution'));
});

test.each([
  ['arn:aws:states:::batch:submitJob.sync', { JobId: 'j' }, { 'batch:DescribeJobs': [{ jobs: [] }] }],
  [
    'arn:aws:states:::ecs:runTask.sync',
    { Tasks: [{ TaskArn: 't', ClusterArn: 'c' }] },
    { 'ecs:DescribeTasks': [{ tasks: [] }] },
  ],
])('a job of %s that is gone has failed', async (resource, submission, answers) => {
  const result = await reattach(scriptedCaller(answers), resource, submission);
  expect(result).toMatchObject({ kind: 'failed', error: 'States.TaskFailed' });
});

test.each([
  [undefined, ['sfn:DescribeExecution', 'sfn:StopExecution']],
  [ENGINE_CLOSED, ['sfn:DescribeExecution']],
])('given up because of %s', async (reason, expected) => {
  const caller = scriptedCaller({ 'sfn:DescribeExecution': [{ status: 'RUNNING' }] });
  const controller = new AbortController();
  const followed = reattach(
    {
      ...caller,
      jobChanged: () =>
        new Promise((resolve) => controller.signal.addEventListener('abort', () => resolve())),
    },
    'arn:aws:states:::states:startExecution.sync',
    { ExecutionArn: 'x' },
    controller.signal,
  );
  await new Promise((resolve) => setImmediate(resolve));
  controller.abort(reason);
  await followed;
  expect(caller.calls.map(([name]) => name)).toEqual(expected);
});
