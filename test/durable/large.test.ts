/** What is large comes through a restart as it was: many timers due at once, a history near its end, payloads at their limit. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine, HistoryEvent, VirtualClock } from '@stepyard/engine';
import { createVirtualClock, openEngine, openSqliteStore } from '@stepyard/engine';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeFolder } from './corpses.ts';

const TIMERS = 10_000;
const HOUR_MS = 3_600_000;
const PAYLOAD_BYTES_MAX = 262_144;
/** An execution is given up at so many (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html). */
const EVENTS_MAX = 25_000;

let folder = '';
beforeEach(() => {
  folder = makeFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Life {
  readonly engine: Engine;
  readonly clock: VirtualClock;
  /** Ends of executions, in the order in which they were told. */
  readonly ends: string[];
}

async function live(startMs: number): Promise<Life> {
  const clock = createVirtualClock({ startMs });
  const ends: string[] = [];
  const engine = await openEngine({
    clock,
    store: openSqliteStore({ path: join(folder, 'journal.sqlite') }),
    seed: `large ${startMs}`,
    runner: { run: ({ parameters }) => Promise.resolve({ kind: 'succeeded', output: parameters }) },
    onStatusChange: ({ detail }) => {
      const { status, name } = detail;
      if (status !== 'RUNNING' && typeof name === 'string') ends.push(name);
    },
  });
  return { engine, clock, ends };
}

async function machine(engine: Engine, states: object, first: string): Promise<string> {
  const { stateMachineArn } = await engine.createStateMachine({
    name: 'm',
    roleArn: 'arn:aws:iam::000000000000:role/r',
    definition: JSON.stringify({ StartAt: first, States: states }),
  });
  return stateMachineArn;
}

async function historyOf(engine: Engine, executionArn: string): Promise<readonly HistoryEvent[]> {
  return (await engine.inspect(executionArn)).events;
}

test(
  'ten thousand timers that came due while nobody was there all fire, in their order',
  { timeout: 300_000 },
  async () => {
    const before = await live(0);
    const wait = { W: { Type: 'Wait', TimestampPath: '$.at', End: true } };
    const stateMachineArn = await machine(before.engine, wait, 'W');
    const due = (index: number): number => HOUR_MS + ((index * 7919) % 10) * 1000;
    const names = Array.from({ length: TIMERS }, (_, index) => String(index));
    await Promise.all(
      names.map((name, index) => {
        const input = JSON.stringify({ at: new Date(due(index)).toISOString() });
        return before.engine.start({ stateMachineArn, name, input });
      }),
    );
    await before.engine.close();
    const after = await live(2 * HOUR_MS);
    await after.clock.advance(1000);
    await after.engine.whenIdle();
    expect(after.ends).toEqual(
      names.toSorted((a, b) => due(Number(a)) - due(Number(b)) || Number(a) - Number(b)),
    );
    await after.engine.close();
  },
);

test(
  'a history of 24,990 events goes on after a restart, to the last one that there may be',
  { timeout: 300_000 },
  async () => {
    const before = await live(0);
    // Four events a round and two around them; then it waits, and goes on for ever.
    const states = {
      Count: {
        Type: 'Pass',
        Parameters: { 'n.$': 'States.MathAdd($.n, 1)' },
        Next: 'Enough',
      },
      Enough: {
        Type: 'Choice',
        Choices: [
          { Variable: '$.n', NumericEquals: 6247, Next: 'Rest' },
          { Variable: '$.n', NumericEquals: 0, Next: 'Never' },
        ],
        Default: 'Count',
      },
      Rest: { Type: 'Wait', Seconds: 60, Next: 'Count' },
      Never: { Type: 'Succeed' },
    };
    const stateMachineArn = await machine(before.engine, states, 'Count');
    const { executionArn } = await before.engine.start({ stateMachineArn, name: 'long', input: '{"n":0}' });
    await before.clock.advance(0);
    const rested = await historyOf(before.engine, executionArn);
    expect(rested).toHaveLength(24_990);
    await before.engine.close();

    const after = await live(1000);
    expect(await historyOf(after.engine, executionArn)).toEqual(rested);
    await after.clock.advance(HOUR_MS);
    expect(await after.engine.describe(executionArn)).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
    });
    const whole = await historyOf(after.engine, executionArn);
    expect(whole).toHaveLength(EVENTS_MAX);
    expect(whole.slice(0, rested.length)).toEqual(rested);
    await after.engine.close();
    const last = await live(2 * HOUR_MS);
    expect(await historyOf(last.engine, executionArn)).toEqual(whole);
    await last.engine.close();
  },
);

/** Its text as JSON has so many bytes. */
function payload(bytes: number): string {
  return JSON.stringify('x'.repeat(bytes - 2));
}

const ASK = {
  Ask: { Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:000000000000:function:f', Next: 'W' },
  W: { Type: 'Wait', Seconds: 60, End: true },
};

test.each([PAYLOAD_BYTES_MAX - 1, PAYLOAD_BYTES_MAX])(
  'a payload of %i bytes stays what it was',
  async (bytes) => {
    const before = await live(0);
    const stateMachineArn = await machine(before.engine, ASK, 'Ask');
    const input = payload(bytes);
    const { executionArn } = await before.engine.start({ stateMachineArn, name: 'large', input });
    await before.clock.advance(1000);
    const rested = await historyOf(before.engine, executionArn);
    expect(rested.at(-1)?.type).toBe('WaitStateEntered');
    await before.engine.close();
    const after = await live(2000);
    expect(await historyOf(after.engine, executionArn)).toEqual(rested);
    await after.clock.advance(HOUR_MS);
    const described = await after.engine.describe(executionArn);
    expect(described).toMatchObject({ status: 'SUCCEEDED', input, output: input });
    await after.engine.close();
  },
);

test('a payload of a byte too much is refused, before and after a restart', async () => {
  const before = await live(0);
  const stateMachineArn = await machine(before.engine, ASK, 'Ask');
  const request = { stateMachineArn, name: 'large', input: payload(PAYLOAD_BYTES_MAX + 1) };
  await expect(before.engine.start(request)).rejects.toThrow('less than or equal to 262144');
  await before.engine.close();
  const after = await live(2000);
  expect(await after.engine.list({ stateMachineArn })).toMatchObject({ items: [] });
  await expect(after.engine.start(request)).rejects.toThrow('less than or equal to 262144');
  await after.engine.close();
});
