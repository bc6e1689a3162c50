import type { JsonObject } from '@stepyard/asl';
import { describe, expect, test } from 'vitest';
import { runCore } from './run-core.fixture.ts';
import { matches } from './retry.ts';

const LAMBDA = 'arn:aws:lambda:us-east-1:000000000000:function:f';

function task(fields: JsonObject): JsonObject {
  return { StartAt: 'T', States: { T: { Type: 'Task', Resource: LAMBDA, End: true, ...fields } } };
}

/** Seconds from the start at which each attempt was scheduled, every attempt failing at once. */
function attempts(retry: JsonObject[], error = 'E', seed = 'seed'): number[] {
  const run = runCore(task({ Retry: retry }), {}, { seed });
  const fail = (): void => {
    const [id] = run.execution.tasks.keys();
    if (id !== undefined) run.at(run.execution.nowMs / 1000, { kind: 'taskFailed', task: id, error });
  };
  for (fail(); run.execution.timers.size > 0; fail()) {
    const [timer] = run.execution.timers.values();
    run.sleepUntil((timer?.dueMs ?? 0) / 1000);
  }
  return run.execution.events
    .filter(({ type }) => type === 'LambdaFunctionScheduled')
    .map(({ timeMs }) => timeMs / 1000);
}

test('back-off doubles from IntervalSeconds, three attempts more, by default', () => {
  expect(attempts([{ ErrorEquals: ['E'] }])).toEqual([0, 1, 3, 7]);
});

test('MaxDelaySeconds bounds the delay, BackoffRate shapes it', () => {
  const retry = {
    ErrorEquals: ['E'],
    IntervalSeconds: 2,
    BackoffRate: 3,
    MaxAttempts: 4,
    MaxDelaySeconds: 10,
  };
  expect(attempts([retry])).toEqual([0, 2, 8, 18, 28]);
});

test('full jitter shortens the delay, the same way under the same seed', () => {
  const retry = [{ ErrorEquals: ['E'], IntervalSeconds: 100, MaxAttempts: 2, JitterStrategy: 'FULL' }];
  const first = attempts(retry);
  expect(attempts(retry)).toEqual(first);
  expect(attempts(retry, 'E', 'other')).not.toEqual(first);
  expect(first[1]).toBeLessThan(100);
});

test('MaxAttempts 0 never retries; only the first retrier that matches counts', () => {
  expect(attempts([{ ErrorEquals: ['E'], MaxAttempts: 0 }, { ErrorEquals: ['States.ALL'] }])).toEqual([0]);
  expect(attempts([{ ErrorEquals: ['Other'] }, { ErrorEquals: ['States.ALL'], MaxAttempts: 1 }])).toEqual([
    0, 1,
  ]);
});

function failure(error: string, alias?: string): Parameters<typeof matches>[1] {
  return { error, cause: undefined, ...(alias === undefined ? {} : { alias }) };
}

describe('what a name in ErrorEquals means', () => {
  test.each([
    ['States.ALL', 'Anything', true],
    ['States.TaskFailed', 'Custom', true],
    ['States.TaskFailed', 'States.Timeout', false],
    ['States.Timeout', 'States.Timeout', true],
    ['Lambda.*', 'Lambda.Unknown', false],
    ['State.ALL', 'Custom', false],
  ])('%s of %s: %s', (name, error, expected) => {
    expect(matches([name], failure(error))).toBe(expected);
  });
  test('a heartbeat that stopped is found under both of its names', () => {
    expect(matches(['States.HeartbeatTimeout'], failure('States.Timeout', 'States.HeartbeatTimeout'))).toBe(
      true,
    );
  });
});

// Recording scenarios/base-scenarios--lambda-invoke-with-retry-base.
test('a Task that fails in every attempt and is caught', () => {
  const run = runCore({
    StartAt: 'T',
    States: {
      T: {
        Type: 'Task',
        Resource: LAMBDA,
        Parameters: { 'n.$': '$$.State.RetryCount' },
        Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1 }],
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.e', Next: 'C' }],
        End: true,
      },
      C: { Type: 'Pass', End: true },
    },
  });
  run.at(0, { kind: 'taskFailed', task: 3, error: 'E', cause: 'c1' });
  run.sleepUntil(1);
  run.at(1, { kind: 'taskFailed', task: 6, error: 'E', cause: 'c2' });
  expect(run.history()).toMatchInlineSnapshot(`
    "1<0 ExecutionStarted {}
    2<0 TaskStateEntered T {}
    3<2 LambdaFunctionScheduled arn:aws:lambda:us-east-1:000000000000:function:f {"n":0}
    4<3 LambdaFunctionStarted
    5<4 LambdaFunctionFailed E (c1)
    6<5 LambdaFunctionScheduled arn:aws:lambda:us-east-1:000000000000:function:f {"n":1}
    7<6 LambdaFunctionStarted
    8<7 LambdaFunctionFailed E (c2)
    9<8 TaskStateExited T {"e":{"Error":"E","Cause":"c2"}}
    10<9 PassStateEntered C {"e":{"Error":"E","Cause":"c2"}}
    11<10 PassStateExited C {"e":{"Error":"E","Cause":"c2"}}
    12<11 ExecutionSucceeded {"e":{"Error":"E","Cause":"c2"}}"
  `);
});

// Recordings scenarios/base-scenarios--parallel-state-retry and -map-state-retry.
test('a Parallel and a Map start again, without a failure event until the last', () => {
  const broken = { StartAt: 'F', States: { F: { Type: 'Fail', Error: 'E', Cause: 'c' } } };
  const retry = [{ ErrorEquals: ['E'], MaxAttempts: 1 }];
  const parallel = runCore({
    StartAt: 'P',
    States: { P: { Type: 'Parallel', Branches: [broken], Retry: retry, End: true } },
  });
  parallel.sleepUntil(9);
  expect(parallel.history()).toMatchInlineSnapshot(`
    "1<0 ExecutionStarted {}
    2<0 ParallelStateEntered P {}
    3<2 ParallelStateStarted
    4<3 FailStateEntered F {}
    5<4 ParallelStateStarted
    6<5 FailStateEntered F {}
    7<6 ParallelStateFailed
    8<7 ExecutionFailed E (c)"
  `);
  const map = runCore(
    { StartAt: 'M', States: { M: { Type: 'Map', ItemProcessor: broken, Retry: retry, End: true } } },
    [1],
  );
  map.sleepUntil(9);
  expect(map.history()).toMatchInlineSnapshot(`
    "1<0 ExecutionStarted [1]
    2<0 MapStateEntered M [1]
    3<2 MapStateStarted (1)
    4<3 MapIterationStarted M #0
    5<4 FailStateEntered F 1
    6<5 MapIterationFailed M #0
    7<5 MapStateStarted (1)
    8<7 MapIterationStarted M #0
    9<8 FailStateEntered F 1
    10<9 MapIterationFailed M #0
    11<9 MapStateFailed
    12<11 ExecutionFailed E (c)"
  `);
});
