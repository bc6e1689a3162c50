import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Json, JsonObject } from '@stepyard/asl';
import { compile, isArray, isObject, parseJson } from '@stepyard/asl';
import { describe, expect, test } from 'vitest';
import type { HistoryEvent } from '../core/history/history-event.ts';
import { historyViolations } from './history-violations.ts';

const LAMBDA = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const PROGRAM = compile({
  StartAt: 'M',
  States: {
    M: {
      Type: 'Map',
      MaxConcurrency: 2,
      ItemProcessor: {
        StartAt: 'T',
        States: {
          T: { Type: 'Task', Resource: LAMBDA, Retry: [{ ErrorEquals: ['E'], MaxAttempts: 1 }], End: true },
        },
      },
      End: true,
    },
  },
});

/** A history of PROGRAM in short: `type<previous name or #index`, at one instant. */
const RIGHT = `
ExecutionStarted<0
MapStateEntered<0 M
MapStateStarted<2 (2)
MapIterationStarted<3 M#0
MapIterationStarted<3 M#1
TaskStateEntered<4 T
LambdaFunctionScheduled<6
TaskStateEntered<5 T
LambdaFunctionScheduled<8
LambdaFunctionStarted<7
LambdaFunctionStarted<9
LambdaFunctionFailed<10
LambdaFunctionScheduled<12
LambdaFunctionStarted<13
LambdaFunctionSucceeded<14
TaskStateExited<15 T="a"
MapIterationSucceeded<16 M#0
LambdaFunctionSucceeded<11
TaskStateExited<18 T="b"
MapIterationSucceeded<19 M#1
MapStateSucceeded<19
MapStateExited<19 M=["a","b"]
ExecutionSucceeded<22`;

function history(text: string): HistoryEvent[] {
  return text
    .trim()
    .split('\n')
    .map((line, index) => {
      const [, type = '', previous, , name, item, output, length] =
        /^(\w+)<(-?\d+)( (\w+)?(?:#(\d+))?(?:=(.*))?(?:\((\d+)\))?)?$/u.exec(line) ?? [];
      const details: JsonObject = {
        ...(name === undefined ? {} : { name }),
        ...(item === undefined ? {} : { index: Number(item) }),
        ...(output === undefined ? {} : { output }),
        ...(length === undefined ? {} : { length: Number(length) }),
      };
      const detailsName = `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
      return { id: index + 1, previousEventId: Number(previous), type, timestampMs: 0, detailsName, details };
    });
}

const facts = { status: 'SUCCEEDED', program: PROGRAM };
const lines = RIGHT.trim().split('\n');
const without = (from: number): string => lines.slice(0, from).join('\n');

test('a history that is right has no violations, at no moment', () => {
  expect(historyViolations(history(RIGHT), facts)).toEqual([]);
  for (let count = 1; count < lines.length; count++)
    expect(historyViolations(history(without(count)), { status: 'RUNNING', program: PROGRAM })).toEqual([]);
});

/** Each changes the right history by one line. */
const WRONG: Readonly<Record<string, (changed: string[]) => string[]>> = {
  'an event that points ahead': (changed) => changed.with(1, 'MapStateEntered<5 M'),
  'a second start': (changed) => changed.with(1, 'ExecutionStarted<0'),
  'an event after the end': (changed) => [...changed, 'MapIterationSucceeded<19 M#1'],
  'no end': (changed) => changed.slice(0, -1),
  'an end that is not the status': (changed) => changed.with(22, 'ExecutionFailed<22'),
  'an end in the midst of a state': (changed) => [...changed.slice(0, 21), 'ExecutionSucceeded<21'],
  'an attempt that ends twice': (changed) => changed.with(17, 'LambdaFunctionFailed<14'),
  'an attempt too many': (changed) =>
    changed.toSpliced(14, 9, 'LambdaFunctionFailed<14', 'LambdaFunctionScheduled<15'),
  'a state that is left twice': (changed) => changed.with(16, 'TaskStateExited<16 T="a"'),
  'a state that was never entered': (changed) => changed.with(5, 'PassStateExited<4 T=1'),
  'a state entered within a state': (changed) => changed.with(6, 'TaskStateEntered<6 T'),
  'work outside a state': (changed) => changed.with(5, 'LambdaFunctionScheduled<4'),
  'an iteration that starts twice': (changed) => changed.with(4, 'MapIterationStarted<3 M#0'),
  'an iteration too many': (changed) => changed.with(2, 'MapStateStarted<2 (1)'),
  'more at once than MaxConcurrency': (changed) => [
    ...changed.with(2, 'MapStateStarted<2 (3)').slice(0, 5),
    'MapIterationStarted<3 M#2',
  ],
  'an iteration that ends twice': (changed) => changed.with(19, 'MapIterationSucceeded<16 M#0'),
  'a Map that succeeds too early': (changed) => [...changed.slice(0, 17), 'MapStateSucceeded<16'],
  'results in another order': (changed) => changed.with(21, 'MapStateExited<19 M=["b","a"]'),
  'a line that goes on in what has failed': (changed) => [
    ...changed.slice(0, 17),
    'MapIterationAborted<16 M#1',
    'MapStateFailed<16',
    'LambdaFunctionSucceeded<11',
  ],
};

test.each(Object.entries(WRONG))('%s is found', (_, change) => {
  const changed = change([...lines]);
  expect(historyViolations(history(changed.join('\n')), facts)).not.toEqual([]);
});

test('time that goes back is found, and values and histories over their quotas', () => {
  const right = history(RIGHT);
  const event = right[4];
  if (event === undefined) throw new Error('a history of 23 events has a fifth');
  expect(historyViolations(right.with(3, { ...event, id: 4, timestampMs: 1 }), facts)).not.toEqual([]);
  const large = history(without(2));
  const entered = large[1];
  if (entered === undefined) throw new Error('a history of 2 events has a second');
  const input = (bytes: number): HistoryEvent[] => [
    ...large.slice(0, 1),
    {
      ...entered,
      detailsName: 'stateEnteredEventDetails',
      details: { name: 'M', input: 'é'.repeat(bytes / 2) },
    },
  ];
  expect(historyViolations(input(262_144))).toEqual([]);
  expect(historyViolations(input(262_146))).not.toEqual([]);
  const loop = Array.from({ length: 12_500 }, (_, turn) => [
    `PassStateEntered<${turn === 0 ? 0 : 2 * turn + 1} P`,
    `PassStateExited<${2 * turn + 2} P=1`,
  ]).flat();
  const long = (count: number): HistoryEvent[] =>
    history(['ExecutionStarted<0', ...loop].slice(0, count).join('\n'));
  expect(historyViolations(long(25_000))).toEqual([]);
  expect(historyViolations(long(25_001))).not.toEqual([]);
  expect(historyViolations(long(25_001), { type: 'EXPRESS' })).toEqual([]);
});

const RECORDINGS = resolve(import.meta.dirname, '../../../../../shared/conformance/cases');

describe.skipIf(!existsSync(RECORDINGS))('histories recorded on AWS (skipped where they are absent)', () => {
  test('have no violations: what is asked of ours is true of theirs', () => {
    const found = readdirSync(RECORDINGS, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => {
        const recording = parseJson(readFileSync(join(RECORDINGS, name), 'utf8')) ?? null;
        return historiesIn(isObject(recording) ? (recording['expected'] ?? null) : null).map((events) => ({
          name,
          wrong: historyViolations(events),
        }));
      });
    expect(found.length).toBeGreaterThan(200);
    expect(found.filter(({ wrong }) => wrong.length > 0)).toEqual([]);
  });
});

/** All histories that keep their ids: those of Parallel states were recorded sorted, with zeros. */
function historiesIn(value: Json): HistoryEvent[][] {
  if (isArray(value)) {
    const events = value.map(eventIn);
    const whole = events.filter((event) => event !== undefined);
    const isHistory = whole.length === value.length && whole.every(({ id }, index) => id === index + 1);
    return isHistory && whole[0]?.type === 'ExecutionStarted' ? [whole] : value.flatMap(historiesIn);
  }
  return isObject(value) ? Object.values(value).flatMap(historiesIn) : [];
}

function eventIn(value: Json): HistoryEvent | undefined {
  if (!isObject(value)) return undefined;
  const { type, id, previousEventId } = value;
  if (typeof type !== 'string' || typeof id !== 'number' || typeof previousEventId !== 'number')
    return undefined;
  const detailsName = Object.keys(value).find((key) => key.endsWith('EventDetails'));
  const details = value[detailsName ?? ''];
  return {
    type,
    id,
    previousEventId,
    timestampMs: 0,
    detailsName,
    details: isObject(details) ? details : undefined,
  };
}
