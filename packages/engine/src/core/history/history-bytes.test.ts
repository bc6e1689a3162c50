import type { Json } from '@stepyard/asl';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CoreRun } from '../run-core.fixture.ts';
import { runCore } from '../run-core.fixture.ts';
import type { HistoryRange } from './history-bytes.ts';
import { historyBytes, keptHistoryBytes } from './history-bytes.ts';
import { wireEvent } from './wire-event.ts';

const WHOLE: HistoryRange = { first: 1, count: 25_000 };

const parsed = (run: CoreRun, range: HistoryRange = WHOLE): unknown =>
  JSON.parse(Buffer.concat(historyBytes(run.execution.events, range)).toString());

/** The same by way of objects. */
function expected(run: CoreRun, includeData = true): Json[] {
  return run.execution.events.map((event, index) => {
    const wire = wireEvent(event, index + 1, includeData);
    return {
      id: wire.id,
      previousEventId: wire.previousEventId,
      type: wire.type,
      timestamp: wire.timestampMs / 1000,
      ...(wire.detailsName === undefined ? {} : { [wire.detailsName]: wire.details ?? {} }),
    };
  });
}

const MACHINE = {
  StartAt: 'Say "hello"',
  States: {
    'Say "hello"': { Type: 'Pass', Assign: { all: '$', n: 1 }, Next: 'Each' },
    Each: {
      Type: 'Map',
      ItemsPath: '$.items',
      ItemProcessor: {
        StartAt: 'One',
        States: { One: { Type: 'Pass', Parameters: { 'got.$': '$', é: '\u2028' }, End: true } },
      },
      ResultPath: '$.results',
      Next: 'Wait',
    },
    Wait: { Type: 'Wait', Seconds: 1, Next: 'Call' },
    Call: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: { 'x.$': '$' }, End: true },
  },
};

function ran(items: readonly Json[]): CoreRun {
  const run = runCore(MACHINE, { items });
  run.sleepUntil(1);
  run.at(2, { kind: 'taskSucceeded', task: run.execution.events.length - 1, output: { done: items } });
  return run;
}

test('the text says what the events say, whatever is in the values', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 5 }), (items) => {
      const run = ran(JSON.parse(JSON.stringify(items)));
      expect(run.execution.status).toBe('SUCCEEDED');
      expect(parsed(run)).toEqual(expected(run));
      expect(parsed(run, { ...WHOLE, includeExecutionData: false })).toEqual(expected(run, false));
    }),
  );
});

/** Any text, with half surrogates, quotes and backslashes. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
    .map((units) => String.fromCharCode(...units)),
  fc.string({ unit: fc.constantFrom('"', '\\', 'a', '\n', 'é', '\ud83d'), maxLength: 300 }),
);

test('from its start to its end, a short history is the same text byte for byte', () => {
  const texts = fc.record({
    given: fc.oneof(fc.jsonValue({ maxDepth: 2 }), anyText),
    name: anyText,
    roleArn: anyText,
    cause: anyText,
    spaces: fc.nat(3),
  });
  fc.assert(
    fc.property(
      texts,
      fc.boolean(),
      fc.boolean(),
      ({ given, name, roleArn, cause, spaces }, fails, hasData) => {
        const state = fails ? { Type: 'Fail', Error: 'E', Cause: cause } : { Type: 'Pass', End: true };
        const stateName = name.length > 0 && name.length <= 80 ? name : 'One';
        const definition = { StartAt: stateName, States: { [stateName]: state } };
        // As it was given, not as it would be written again; a half of a pair as itself.
        const input = JSON.stringify(given, undefined, spaces).replaceAll(String.raw`\ud83d`, '\ud83d');
        const { events, status } = runCore(definition, null, { input, roleArn }).execution;
        expect(status).toBe(fails ? 'FAILED' : 'SUCCEEDED');
        const ours = historyBytes(events, { ...WHOLE, includeExecutionData: hasData });
        const wire = events.map((event, index) => wireEvent(event, index + 1, hasData));
        expect(Buffer.concat(ours).toString()).toBe(Buffer.concat(keptHistoryBytes(wire)).toString());
      },
    ),
  );
});

test('a range is a page, in either order', () => {
  const run = ran([1, 2, 3]);
  const all = expected(run);
  expect(parsed(run, { first: 3, count: 4 })).toEqual(all.slice(2, 6));
  expect(parsed(run, { first: 3, count: 4, reverse: true })).toEqual(all.slice(2, 6).toReversed());
  expect(parsed(run, { first: all.length + 1, count: 4 })).toEqual([]);
});

test('histories of other instants and other lengths come one after the other', () => {
  const short = ran([]);
  const long = ran([1, 2, 3]);
  const later = runCore({ StartAt: 'A', States: { A: { Type: 'Wait', Seconds: 7, End: true } } });
  later.sleepUntil(7);
  for (const run of [short, later, long, later, short, long, short]) {
    expect(parsed(run)).toEqual(expected(run));
    expect(parsed(run, { ...WHOLE, reverse: true })).toEqual(expected(run).toReversed());
  }
});

// Two: the items as given, and what the Task gave.
test('a long array that goes through many states is one chunk, the same each time', () => {
  const items = Array.from({ length: 2000 }, (_, n) => `item "${n}"`);
  const run = ran([...items]);
  expect(parsed(run)).toEqual(expected(run));
  const size = JSON.stringify(JSON.stringify(items)).length - 2;
  const chunks = historyBytes(run.execution.events, WHOLE).filter(({ length }) => length === size);
  expect(chunks.length).toBeGreaterThan(4);
  expect(new Set(chunks).size).toBe(2);
});

test('ids of any number of digits, whether the one before is near or far', () => {
  const run = ran(Array.from({ length: 400 }, (_, n) => ({ n })));
  const all = expected(run);
  expect(all.length).toBeGreaterThan(1600);
  expect(parsed(run)).toEqual(all);
  for (const first of [8, 98, 998]) {
    expect(parsed(run, { first, count: 4 })).toEqual(all.slice(first - 1, first + 3));
    expect(parsed(run, { first, count: 4, reverse: true })).toEqual(
      all.slice(first - 1, first + 3).toReversed(),
    );
  }
});
