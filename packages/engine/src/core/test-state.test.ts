import type { Json } from '@stepyard/asl';
import { compile } from '@stepyard/asl';
import { describe, expect, test } from 'vitest';
import type { StateTestRequest } from './test-state.ts';
import { StateTest } from './test-state.ts';
import { startedInput } from './run-core.fixture.ts';

function request(state: Json, fields: Partial<StateTestRequest> = {}): StateTestRequest {
  const program = compile({ StartAt: 'S', States: { S: state, Next: { Type: 'Succeed' } } });
  return {
    program,
    states: program.states,
    stateName: 'S',
    started: startedInput({ input: '{"a":{"b":1}}', roleArn: '', type: 'EXPRESS', sync: true }),
    nowMs: 0,
    variables: {},
    context: undefined,
    retryCount: 0,
    children: undefined,
    failedIterations: undefined,
    items: undefined,
    ...fields,
  };
}

function run(state: Json, fields: Partial<StateTestRequest> = {}) {
  const given = request(state, fields);
  const stateTest = new StateTest(given);
  const effects = stateTest.begin(given);
  return { stateTest, effects };
}

describe('StateTest', () => {
  test('shows each station of the data, and where the state goes', () => {
    const { stateTest } = run({
      Type: 'Pass',
      InputPath: '$.a',
      Parameters: { 'c.$': '$.b' },
      ResultPath: '$.r',
      OutputPath: '$.r',
      Next: 'Next',
    });
    const result = stateTest.result();
    expect(result).toMatchObject({ status: 'SUCCEEDED', output: { c: 1 }, nextState: 'Next' });
    expect(Object.fromEntries(result.stations)).toEqual({
      afterInputPath: { b: 1 },
      afterParameters: { c: 1 },
      result: { c: 1 },
      afterResultSelector: { c: 1 },
      afterResultPath: { a: { b: 1 }, r: { c: 1 } },
    });
  });

  test('does not run the state that it leaves for, not even itself', () => {
    const { stateTest } = run({ Type: 'Pass', Next: 'S' });
    expect(stateTest.result()).toMatchObject({ status: 'SUCCEEDED', nextState: 'S' });
  });

  test('passes a Wait at once and gives the variables that it assigned', () => {
    const state = { Type: 'Wait', Seconds: 3600, Assign: { x: 2 }, End: true };
    const { stateTest } = run(state, { variables: { y: 1 } });
    expect(stateTest.expire('wait')).toBe(true);
    expect(stateTest.result()).toMatchObject({ status: 'SUCCEEDED', variables: { x: 2, y: 1 } });
  });

  const task = {
    Type: 'Task',
    Resource: 'arn:aws:lambda:us-east-1:000000000000:function:f',
    Retry: [{ ErrorEquals: ['E'], IntervalSeconds: 1, MaxAttempts: 5, BackoffRate: 2 }],
    Catch: [
      { ErrorEquals: ['F'], Next: 'Next' },
      { ErrorEquals: ['G'], Next: 'Next' },
    ],
    End: true,
  };

  test.each<[string, number, object]>([
    ['E', 4, { status: 'RETRIABLE', errorDetails: { retryIndex: 0, retryBackoffIntervalSeconds: 16 } }],
    ['E', 5, { status: 'FAILED', error: 'E', errorDetails: { retryIndex: 0 } }],
    ['G', 0, { status: 'CAUGHT_ERROR', nextState: 'Next', error: 'G', errorDetails: { catchIndex: 1 } }],
    ['H', 0, { status: 'FAILED', error: 'H', errorDetails: {} }],
  ])('says what becomes of the error %s after %i retries', (error, retryCount, expected) => {
    const { stateTest, effects } = run(task, { retryCount });
    const invocation = effects.find((effect) => effect.kind === 'invokeTask');
    stateTest.apply({ kind: 'taskFailed', task: invocation?.task ?? 0, error });
    expect(stateTest.result()).toMatchObject(expected);
  });

  test('takes the iterations of a Map as done, up to its tolerance', () => {
    const map = {
      Type: 'Map',
      ItemsPath: '$$.Execution.Input',
      ToleratedFailureCount: 1,
      ItemProcessor: { StartAt: 'I', States: { I: { Type: 'Fail' } } },
      End: true,
    };
    const children = { kind: 'succeeded', output: [1, 2] } as const;
    const context = { Execution: { Input: [0, 0] } };
    const tolerated = run(map, { children, context, failedIterations: 1 }).stateTest.result();
    expect(tolerated).toMatchObject({ status: 'SUCCEEDED', output: [1, 2] });
    const tooMany = run(map, { children, context, failedIterations: 2 }).stateTest.result();
    expect(tooMany).toMatchObject({ status: 'FAILED', error: 'States.ExceedToleratedFailureThreshold' });
    const noItems = run(map, { children }).stateTest.result();
    expect(noItems.cause).toBe('Reference path "$.Execution.Input" must point to array.');
  });
});
