// Source: https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html and the API's reference; not recorded.
import { describe, expect, test } from 'vitest';
import type { Engine } from './engine-api.ts';
import { engineUnderTest } from './engine.fixture.ts';

const DAY_MS = 86_400_000;
const FAIL = { StartAt: 'F', States: { F: { Type: 'Fail', Error: 'E' } } };
const FLAKY = {
  StartAt: 'T',
  States: { T: { Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:000000000000:function:f', End: true } },
};

async function started(engine: Engine, stateMachineArn: string, name: string): Promise<string> {
  const { executionArn } = await engine.start({ stateMachineArn, name });
  return executionArn;
}

test('a Task that failed runs again; counts, dates and status changes tell of it', async () => {
  const { engine, clock, machine, changes } = await engineUnderTest({
    mocks: { T: [{ throw: { error: 'Lambda.Unknown' } }, { return: 'well' }] },
  });
  const executionArn = await started(engine, await machine(FLAKY), 'run');
  await clock.advance(1);
  expect(await engine.whenEnded(executionArn)).toMatchObject({
    status: 'FAILED',
    redriveStatus: 'REDRIVABLE',
  });
  await clock.advance(5000);
  const { redriveDateMs } = await engine.redrive({ executionArn });
  await clock.advance(1);
  expect(await engine.whenEnded(executionArn)).toMatchObject({
    status: 'SUCCEEDED',
    output: '"well"',
    error: undefined,
    redriveCount: 1,
    redriveDateMs,
    stopDateMs: redriveDateMs,
    redriveStatus: 'NOT_REDRIVABLE',
  });
  expect(changes.map(({ detail }) => detail['status'])).toEqual([
    'RUNNING',
    'FAILED',
    'RUNNING',
    'SUCCEEDED',
  ]);
});

test('the same client token again is the same redrive', async () => {
  const { engine, clock, machine } = await engineUnderTest();
  const executionArn = await started(engine, await machine(FAIL), 'run');
  const first = await engine.redrive({ executionArn, clientToken: 'a' });
  await clock.advance(5);
  expect(await engine.redrive({ executionArn, clientToken: 'a' })).toEqual(first);
  await engine.redrive({ executionArn, clientToken: 'b' });
  expect(await engine.describe(executionArn)).toMatchObject({ redriveCount: 2, stopDateMs: clock.now() });
});

test('a list has those that were redriven, or those that were not', async () => {
  const { engine, machine } = await engineUnderTest();
  const stateMachineArn = await machine(FAIL);
  const executionArn = await started(engine, stateMachineArn, 'once');
  await started(engine, stateMachineArn, 'never');
  await engine.redrive({ executionArn });
  const names = async (isRedriven: boolean): Promise<string[]> =>
    (await engine.list({ stateMachineArn, isRedriven })).items.map(({ name }) => name);
  expect(await names(true)).toEqual(['once']);
  expect(await names(false)).toEqual(['never']);
});

describe('not redrivable, with the reason of AWS', () => {
  test('what runs or has succeeded', async () => {
    const { engine, clock, machine } = await engineUnderTest();
    const waits = { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 1, End: true } } };
    const executionArn = await started(engine, await machine(waits), 'run');
    const code = 'ExecutionNotRedrivable';
    await expect(engine.redrive({ executionArn })).rejects.toMatchObject({
      code,
      message: 'Execution is RUNNING and cannot be redriven',
    });
    await clock.advance(1000);
    await expect(engine.redrive({ executionArn })).rejects.toMatchObject({
      code,
      message: 'Execution is SUCCEEDED and cannot be redriven',
    });
  });

  test('14 days after its end, to the millisecond', async () => {
    const { engine, clock, machine } = await engineUnderTest();
    const executionArn = await started(engine, await machine(FAIL), 'run');
    await clock.advance(14 * DAY_MS);
    expect((await engine.describe(executionArn)).redriveStatus).toBe('REDRIVABLE');
    await clock.advance(1);
    expect(await engine.describe(executionArn)).toMatchObject({
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution redrivable period exceeded',
    });
  });

  test('a history of 24,999 events', async () => {
    const { engine, machine } = await engineUnderTest();
    const loop = {
      StartAt: 'C',
      States: {
        C: { Type: 'Choice', Choices: [{ Variable: '$', IsNull: true, Next: 'S' }], Default: 'P' },
        P: { Type: 'Pass', Next: 'C' },
        S: { Type: 'Succeed' },
      },
    };
    const executionArn = await started(engine, await machine(loop), 'run');
    await expect(engine.redrive({ executionArn })).rejects.toThrow('Execution history event limit exceeded');
  });
});
