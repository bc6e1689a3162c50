// Sources: API reference, GetActivityTask and SendTaskHeartbeat; developer guide, "Activities" and state-task.html (when timeouts begin).
import type { JsonObject } from '@stepyard/asl';
import { describe, expect, test } from 'vitest';
import { printHistory } from '../core/history/print-history.ts';
import type { EngineUnderTest } from './engine.fixture.ts';
import { engineUnderTest } from './engine.fixture.ts';

const ACTIVITY = 'arn:aws:states:us-east-1:000000000000:activity:a';

function machine(fields: JsonObject = {}): JsonObject {
  return { StartAt: 'T', States: { T: { Type: 'Task', Resource: ACTIVITY, ...fields, End: true } } };
}

interface Worker extends EngineUnderTest {
  readonly start: (input: number) => Promise<string>;
  readonly poll: (
    workerName?: string,
    signal?: AbortSignal,
  ) => Promise<{ input: string; taskToken: string } | undefined>;
  readonly statusOf: (executionArn: string) => Promise<string>;
}

async function activityUnderTest(fields: JsonObject = {}): Promise<Worker> {
  const under = await engineUnderTest();
  const { engine } = under;
  await engine.createActivity('a');
  const stateMachineArn = await under.machine(machine(fields));
  return {
    ...under,
    start: async (input) => (await engine.start({ stateMachineArn, input: String(input) })).executionArn,
    poll: (workerName, signal) =>
      engine.getActivityTask(
        { activityArn: ACTIVITY, ...(workerName === undefined ? {} : { workerName }) },
        signal,
      ),
    statusOf: async (executionArn) => (await engine.describe(executionArn)).status,
  };
}

describe('the queue', () => {
  test('gives tasks in the order in which they were scheduled', async () => {
    const { start, poll, clock } = await activityUnderTest();
    for (const n of [1, 2, 3]) await start(n);
    await clock.advance(0);
    const taken = [await poll(), await poll(), await poll()];
    expect(taken.map((task) => task?.input)).toEqual(['1', '2', '3']);
  });

  test('serves waiting workers in the order in which they came, each task to one of them', async () => {
    const { start, poll, clock } = await activityUnderTest();
    const polls = [poll('w1'), poll('w2'), poll('w3')];
    for (const n of [1, 2]) await start(n);
    await clock.advance(60_000);
    expect((await Promise.all(polls)).map((task) => task?.input)).toEqual(['1', '2', undefined]);
  });

  test('is waited for by at most 1000 workers', async () => {
    const { start, poll, clock } = await activityUnderTest();
    const polls = Array.from({ length: 1000 }, () => poll());
    await expect(poll()).rejects.toThrow(`Activity Worker Limit Exceeded: '${ACTIVITY}'`);
    await start(7);
    await clock.advance(60_000);
    const [first, ...rest] = await Promise.all(polls);
    expect(first?.input).toBe('7');
    expect(rest.every((task) => task === undefined)).toBe(true);
  });

  test('keeps the task of a worker that went away before it was given one', async () => {
    const { start, poll, clock } = await activityUnderTest();
    const gone = new AbortController();
    const lost = poll('gone', gone.signal);
    gone.abort();
    expect(await lost).toBeUndefined();
    await start(1);
    await clock.advance(0);
    expect((await poll('next'))?.input).toBe('1');
  });

  test('loses the tasks of an execution that is stopped', async () => {
    const { engine, start, poll, clock } = await activityUnderTest();
    const first = await start(1);
    await start(2);
    await engine.stop({ executionArn: first });
    await clock.advance(0);
    expect((await poll())?.input).toBe('2');
  });

  test('ends with its activity, for those who wait too', async () => {
    const { engine, poll } = await activityUnderTest();
    const waiting = poll();
    await engine.deleteActivity(ACTIVITY);
    expect(await waiting).toBeUndefined();
    await expect(poll()).rejects.toThrow('Activity Does Not Exist');
  });
});

describe('time', () => {
  test('a task that no worker takes does not time out, its machine does', async () => {
    const { start, poll, clock, statusOf } = await activityUnderTest({
      TimeoutSeconds: 10,
      HeartbeatSeconds: 5,
    });
    const executionArn = await start(1);
    await clock.advance(3_600_000);
    expect(await statusOf(executionArn)).toBe('RUNNING');
    expect((await poll())?.input).toBe('1');
  });

  test('TimeoutSeconds counts from ActivityStarted, whatever the heartbeats', async () => {
    const { engine, start, poll, clock, statusOf } = await activityUnderTest({
      TimeoutSeconds: 10,
      HeartbeatSeconds: 9,
    });
    const executionArn = await start(1);
    await clock.advance(100_000);
    const { taskToken = '' } = (await poll('w')) ?? {};
    await clock.advance(8000);
    await engine.sendTaskHeartbeat(taskToken);
    await clock.advance(1999);
    expect(await statusOf(executionArn)).toBe('RUNNING');
    await clock.advance(1);
    expect(await statusOf(executionArn)).toBe('FAILED');
    expect(
      printHistory((await engine.inspect(executionArn)).events)
        .split('\n')
        .slice(3)
        .join('\n'),
    ).toBe(`4<3 ActivityStarted w
5<4 ActivityTimedOut States.Timeout
6<5 ExecutionFailed States.Timeout`);
    await expect(engine.sendTaskSuccess({ taskToken, output: '1' })).rejects.toThrow('Task Timed Out');
    await expect(engine.sendTaskHeartbeat(taskToken)).rejects.toThrow('Task Timed Out');
  });

  test('HeartbeatSeconds counts from ActivityStarted and from every heartbeat', async () => {
    const { engine, start, poll, clock, statusOf } = await activityUnderTest({
      TimeoutSeconds: 100,
      HeartbeatSeconds: 5,
    });
    const executionArn = await start(1);
    await clock.advance(50_000);
    const { taskToken = '' } = (await poll()) ?? {};
    for (let beats = 0; beats < 3; beats++) {
      await clock.advance(4999);
      await engine.sendTaskHeartbeat(taskToken);
    }
    await clock.advance(4999);
    expect(await statusOf(executionArn)).toBe('RUNNING');
    await clock.advance(1);
    expect(await engine.describe(executionArn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  test('a retry is another task, with another token', async () => {
    const { engine, start, poll, clock, statusOf } = await activityUnderTest({
      TimeoutSeconds: 1,
      Retry: [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 1, MaxAttempts: 1 }],
    });
    const executionArn = await start(1);
    await clock.advance(0);
    const first = await poll();
    await clock.advance(2000);
    const second = await poll();
    expect(second?.input).toBe('1');
    expect(second?.taskToken).not.toBe(first?.taskToken);
    await engine.sendTaskSuccess({ taskToken: second?.taskToken ?? '', output: '"well"' });
    await clock.advance(0);
    expect(await statusOf(executionArn)).toBe('SUCCEEDED');
  });
});
