import { compile } from '@stepyard/asl';
import { expect, test } from 'vitest';
import { newExecution } from '../core/execution.ts';
import { wireEvent } from '../core/history/wire-event.ts';
import type { Input } from '../core/input.ts';
import { startedInput } from '../core/run-core.fixture.ts';
import { step } from '../core/step.ts';
import type { Execution } from '../core/execution.ts';
import { ReplayMismatch, replay, turnsOf } from './replay.ts';
import type { RecordedTurn } from './replay.ts';
import type { TurnRecord } from './store.ts';

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
function recorded(): { execution: Execution; turns: RecordedTurn[] } {
  const execution = newExecution(PROGRAM);
  const records: TurnRecord[] = [];
  const turn = (timeMs: number, ...inputs: Input[]): void => {
    const atEventId = execution.events.length;
    const recordedInputs = inputs.filter(({ kind }) => kind !== 'started');
    if (recordedInputs.length > 0)
      records.push({ execution: 1, atEventId, timeMs, inputs: JSON.stringify(recordedInputs) });
    step(execution, { timeMs, inputs });
  };
  const started = startedInput({ input: '[1,  2]' });
  turn(0, started, { kind: 'activitiesMissing', arns: ['a'] });
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
  return { execution, turns: turnsOf({ started, startMs: 0 }, records) };
}

function text(execution: Execution): string {
  return JSON.stringify(execution.events.map((event, index) => wireEvent(event, index + 1)));
}

test('replay gives the same history byte for byte, and the same things under way', () => {
  const { execution, turns } = recorded();
  const again = replay(PROGRAM, structuredClone(turns));
  expect(turns.map(({ inputs }) => inputs.length)).toEqual([2, 2, 1, 1, 1]);
  expect(again.missingActivities).toEqual(['a']);
  expect(text(again)).toBe(text(execution));
  expect([...again.timers].map(([id, { dueMs, purpose }]) => [id, dueMs, purpose])).toEqual(
    [...execution.timers].map(([id, { dueMs, purpose }]) => [id, dueMs, purpose]),
  );
  expect([...again.tasks.keys()]).toEqual([...execution.tasks.keys()]);
  expect(again.random).toEqual(execution.random);
});

test('any prefix of the records replays: the past can be visited', () => {
  const { execution, turns } = recorded();
  for (let count = 1; count <= turns.length; count++) {
    const past = replay(PROGRAM, turns.slice(0, count));
    expect(text(execution).startsWith(text(past).slice(0, -1))).toBe(true);
  }
});

test('the past can be visited at every event, in the midst of a turn too', () => {
  const { execution, turns } = recorded();
  for (let untilEventId = 1; untilEventId <= execution.events.length; untilEventId++) {
    const past = replay(PROGRAM, turns, { untilEventId });
    expect(past.events.length).toBeGreaterThanOrEqual(untilEventId);
    // A step writes a few events at once, and is never cut in two.
    expect(past.events.length - untilEventId).toBeLessThan(4);
    expect(text(execution).startsWith(text(past).slice(0, -1))).toBe(true);
  }
});

test('a record that does not fit is refused', () => {
  const { turns } = recorded();
  const moved = turns.map((turn, index) => (index === 0 ? turn : { ...turn, atEventId: turn.atEventId + 1 }));
  expect(() => replay(PROGRAM, moved)).toThrow(ReplayMismatch);
});
