import type { Json } from '@stepyard/asl';
import { expect, test } from 'vitest';
import { printHistory } from '../core/history/print-history.ts';
import type { TaskRequest, TaskRunner } from '../tasks/task-runner.ts';
import { engineUnderTest } from './engine.fixture.ts';

const TASK = { Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:000000000000:function:f', End: true };
const ACTIVITY = 'arn:aws:states:us-east-1:000000000000:activity:a';

/** A runner that fails every first attempt, and notes what it is asked. */
function noting(asked: TaskRequest[], takeActivity?: TaskRunner['takeActivity']): TaskRunner {
  return {
    run: async (request) => {
      asked.push(request);
      return await Promise.resolve(
        request.invocation === 0
          ? { kind: 'failed', error: 'E', cause: undefined }
          : { kind: 'succeeded', output: request.invocation },
      );
    },
    ...(takeActivity === undefined ? {} : { takeActivity }),
  };
}

async function run(
  definition: Json,
  runner: TaskRunner,
): Promise<{ output: string | undefined; history: string }> {
  const { engine, machine } = await engineUnderTest({ runner, autoAdvance: true });
  await engine.createActivity('a');
  const stateMachineArn = await machine(definition);
  const { executionArn } = await engine.start({ stateMachineArn, input: '[1]', testCase: 'Happy' });
  const { output } = await engine.whenEnded(executionArn);
  return { output, history: printHistory((await engine.inspect(executionArn)).events) };
}

test('a runner is told how often the state was attempted before, and of the test case', async () => {
  const asked: TaskRequest[] = [];
  const Retry = [{ ErrorEquals: ['E'] }];
  const { output } = await run({ StartAt: 'T', States: { T: { ...TASK, Retry } } }, noting(asked));
  expect(output).toBe('1');
  expect(asked.map(({ invocation, testCase }) => [invocation, testCase])).toEqual([
    [0, 'Happy'],
    [1, 'Happy'],
  ]);
});

test('children of a map run have the test case of their parent, and count for themselves', async () => {
  const asked: TaskRequest[] = [];
  const Retry = [{ ErrorEquals: ['E'] }];
  const processor = {
    ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
    StartAt: 'T',
    States: { T: { ...TASK, Retry } },
  };
  const map = { Type: 'Map', Label: 'L', ItemProcessor: processor, End: true };
  expect((await run({ StartAt: 'M', States: { M: map } }, noting(asked))).output).toBe('[1]');
  expect(asked.map(({ invocation, testCase }) => [invocation, testCase])).toEqual([
    [0, 'Happy'],
    [1, 'Happy'],
  ]);
  expect(asked[0]?.stateMachineArn).toMatch(/:stateMachine:m\/L$/u);
});

test('a runner may take the task of an activity in place of a worker', async () => {
  const taken: TaskRequest[] = [];
  const runner = noting([], (request) => {
    taken.push(request);
    return { kind: 'succeeded', output: 'done' };
  });
  const { history } = await run(
    { StartAt: 'T', States: { T: { Type: 'Task', Resource: ACTIVITY, End: true } } },
    runner,
  );
  expect(taken).toMatchObject([{ stateName: 'T', parameters: [1], invocation: 0, testCase: 'Happy' }]);
  expect(history).toBe(`1<0 ExecutionStarted [1]
2<0 TaskStateEntered T [1]
3<2 ActivityScheduled ${ACTIVITY} [1]
4<3 ActivityStarted
5<4 ActivitySucceeded "done"
6<5 TaskStateExited T "done"
7<6 ExecutionSucceeded "done"`);
});
