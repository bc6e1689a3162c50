import { compile } from '@stepyard/asl';
import { expect, test } from 'vitest';
import { newExecution } from '../core/execution.ts';
import { wireEvent } from '../core/history/wire-event.ts';
import type { Input } from '../core/input.ts';
import { ARN, startedInput } from '../core/run-core.fixture.ts';
import { step } from '../core/step.ts';
import type { Execution } from '../core/execution.ts';
import type { JournalRecord } from './journal.ts';
import { ReplayMismatch, recordsOf, replay, replayTurns, turnsOf } from './replay.ts';

const PROGRAM = compile({
  StartAt: 'M',
  States: {
    M: {
      Type: 'Map',
      ItemProcessor: {
        StartAt: 'T',
        States: {
          T: {
            Type: 'Task',
            Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
            Parameters: { 'MessageBody.$': "States.Format('{} {}', $$.Task.Token, States.UUID())" },
            Retry: [{ ErrorEquals: ['E'], JitterStrategy: 'FULL' }],
            HeartbeatSeconds: 9,
            End: true,
          },
        },
      },
      End: true,
    },
  },
});

/** A run with everything that could differ: jitter, uuids, tokens, heartbeats, timers. */
function recorded(): { execution: Execution; records: JournalRecord[] } {
  const execution = newExecution(PROGRAM);
  const records: JournalRecord[] = [];
  const turn = (timeMs: number, ...inputs: Input[]): void => {
    records.push(...recordsOf(execution, ARN, { timeMs, inputs }));
    step(execution, { timeMs, inputs });
  };
  turn(0, startedInput({ input: '[1,  2]' }));
  const [first = 0, second = 0] = execution.tasks.keys();
  turn(
    5,
    { kind: 'taskSubmitted', task: first, output: {} },
    { kind: 'taskFailed', task: second, error: 'E' },
  );
  turn(5, { kind: 'heartbeat', task: first });
  const [timer, { dueMs }] = [...execution.timers].find(([, { purpose }]) => purpose === 'retry') ?? [
    0,
    { dueMs: 0 },
  ];
  turn(dueMs, { kind: 'timerFired', timer });
  turn(dueMs, { kind: 'taskSucceeded', task: first, output: { a: 1 }, viaToken: true });
  return { execution, records };
}

function text(execution: Execution): string {
  return JSON.stringify(execution.events.map((event, index) => wireEvent(event, index + 1)));
}

test('replay gives the same history byte for byte, and the same things under way', () => {
  const { execution, records } = recorded();
  const again = replay(PROGRAM, structuredClone(records));
  expect(text(again)).toBe(text(execution));
  expect([...again.timers].map(([id, { dueMs, purpose }]) => [id, dueMs, purpose])).toEqual(
    [...execution.timers].map(([id, { dueMs, purpose }]) => [id, dueMs, purpose]),
  );
  expect([...again.tasks.keys()]).toEqual([...execution.tasks.keys()]);
  expect(again.random).toEqual(execution.random);
});

test('any prefix of the records replays: the past can be visited', () => {
  const { execution, records } = recorded();
  for (let count = 1; count <= records.length; count++) {
    const past = replay(PROGRAM, records.slice(0, count));
    expect(text(execution).startsWith(text(past).slice(0, -1))).toBe(true);
  }
});

test('the past can be visited at every event, in the midst of a turn too', () => {
  const { execution, records } = recorded();
  const turns = turnsOf(records);
  for (let untilEventId = 1; untilEventId <= execution.events.length; untilEventId++) {
    const past = replayTurns(PROGRAM, turns, { untilEventId });
    expect(past.events.length).toBeGreaterThanOrEqual(untilEventId);
    // A step writes a few events at once, and is never cut in two.
    expect(past.events.length - untilEventId).toBeLessThan(4);
    expect(text(execution).startsWith(text(past).slice(0, -1))).toBe(true);
  }
});

test('a record that does not fit is refused', () => {
  const { records } = recorded();
  const moved = records.map((record, index) =>
    index === 0 ? record : { ...record, atEventId: record.atEventId + 1 },
  );
  expect(() => replay(PROGRAM, moved)).toThrow(ReplayMismatch);
});
