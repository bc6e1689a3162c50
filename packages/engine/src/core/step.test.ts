import { expect, test } from 'vitest';
import { runCore } from './run-core.fixture.ts';

const LAMBDA = 'arn:aws:lambda:us-east-1:000000000000:function:f';

test('a chain of states, each pointing at the one before', () => {
  const run = runCore({
    StartAt: 'A',
    States: { A: { Type: 'Pass', Result: { a: 1 }, ResultPath: '$.x', Next: 'B' }, B: { Type: 'Succeed' } },
  });
  expect(run.history()).toBe(
    [
      '1<0 ExecutionStarted {}',
      '2<0 PassStateEntered A {}',
      '3<2 PassStateExited A {"x":{"a":1}}',
      '4<3 SucceedStateEntered B {"x":{"a":1}}',
      '5<4 SucceedStateExited B {"x":{"a":1}}',
      '6<5 ExecutionSucceeded {"x":{"a":1}}',
    ].join('\n'),
  );
  expect(run.effects).toEqual([{ kind: 'ended', status: 'SUCCEEDED', output: { x: { a: 1 } } }]);
});

// Recording scenarios/base-scenarios--map-state-break-condition.
test('a Map with MaxConcurrency 1 that fails on an item', () => {
  const run = runCore(
    {
      StartAt: 'Map',
      States: {
        Map: {
          Type: 'Map',
          ItemsPath: '$.items',
          MaxConcurrency: 1,
          ItemProcessor: {
            StartAt: 'Is 3?',
            States: {
              'Is 3?': {
                Type: 'Choice',
                Choices: [{ Variable: '$', NumericEquals: 3, Next: 'Break' }],
                Default: 'Pass',
              },
              Break: { Type: 'Fail', Error: 'SomeFailure', Cause: 'because' },
              Pass: { Type: 'Pass', End: true },
            },
          },
          End: true,
        },
      },
    },
    { items: [1, 3, 5] },
  );
  expect(run.history()).toMatchInlineSnapshot(`
    "1<0 ExecutionStarted {"items":[1,3,5]}
    2<0 MapStateEntered Map {"items":[1,3,5]}
    3<2 MapStateStarted (3)
    4<3 MapIterationStarted Map #0
    5<4 ChoiceStateEntered Is 3? 1
    6<5 ChoiceStateExited Is 3? 1
    7<6 PassStateEntered Pass 1
    8<7 PassStateExited Pass 1
    9<8 MapIterationSucceeded Map #0
    10<8 MapIterationStarted Map #1
    11<10 ChoiceStateEntered Is 3? 3
    12<11 ChoiceStateExited Is 3? 3
    13<12 FailStateEntered Break 3
    14<13 MapIterationFailed Map #1
    15<13 MapStateFailed
    16<15 ExecutionFailed SomeFailure (because)"
  `);
});

// Recording timeouts/*lambda-map-timeout*: the whole shape of it.
test('Tasks of a Map time out together', () => {
  const run = runCore(
    {
      StartAt: 'MapWait',
      States: {
        MapWait: {
          Type: 'Map',
          ItemProcessor: {
            StartAt: 'LambdaInvoke',
            States: { LambdaInvoke: { Type: 'Task', Resource: LAMBDA, TimeoutSeconds: 5, End: true } },
          },
          End: true,
        },
      },
    },
    [0, 1],
  );
  run.sleepUntil(5);
  expect(run.history()).toMatchInlineSnapshot(`
    "1<0 ExecutionStarted [0,1]
    2<0 MapStateEntered MapWait [0,1]
    3<2 MapStateStarted (2)
    4<3 MapIterationStarted MapWait #0
    5<3 MapIterationStarted MapWait #1
    6<4 TaskStateEntered LambdaInvoke 0
    7<6 LambdaFunctionScheduled arn:aws:lambda:us-east-1:000000000000:function:f 0 timeout 5 s
    8<5 TaskStateEntered LambdaInvoke 1
    9<8 LambdaFunctionScheduled arn:aws:lambda:us-east-1:000000000000:function:f 1 timeout 5 s
    10<7 LambdaFunctionStarted
    11<9 LambdaFunctionStarted
    12<10 LambdaFunctionTimedOut States.Timeout
    13<11 LambdaFunctionTimedOut States.Timeout
    14<12 MapIterationFailed MapWait #0
    15<12 TaskStateAborted
    16<12 MapIterationAborted MapWait #1
    17<12 TaskStateAborted
    18<12 MapStateFailed
    19<18 ExecutionFailed States.Timeout"
  `);
});
