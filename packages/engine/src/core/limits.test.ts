import type { Json } from '@stepyard/asl';
import {
  HISTORY_EVENTS_MAX,
  PAYLOAD_BYTES_MAX,
  boundByText,
  exceedsPayloadLimit,
  utf8Bytes,
} from './limits.ts';
import { expect, test } from 'vitest';
import { runCore } from './run-core.fixture.ts';

const LOOP = { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'A' } } };

test('the payload limit is exact, in bytes of UTF-8', () => {
  const fits = 'x'.repeat(PAYLOAD_BYTES_MAX - 2);
  expect(exceedsPayloadLimit(fits)).toBe(false);
  expect(exceedsPayloadLimit(`${fits}x`)).toBe(true);
  expect(exceedsPayloadLimit(['é'.repeat((PAYLOAD_BYTES_MAX - 4) / 2)])).toBe(false);
  expect(exceedsPayloadLimit(['é'.repeat((PAYLOAD_BYTES_MAX - 2) / 2)])).toBe(true);
  expect(utf8Bytes('aé€😀')).toBe(Buffer.byteLength('aé€😀'));
});

test('a text is measured as it is encoded, however long it is', () => {
  for (const text of ['x', 'é', '€', '😀'].map((letter) => letter.repeat(20_000)))
    expect(utf8Bytes(text)).toBe(Buffer.byteLength(text));
});

test('what the text of a document says of its size is never too little', () => {
  const limit = (text: string, isTooLarge: boolean): void => {
    const document: Json = JSON.parse(text);
    boundByText(document, text);
    expect(exceedsPayloadLimit(document)).toBe(isTooLarge);
    expect(Buffer.byteLength(JSON.stringify(document)) > PAYLOAD_BYTES_MAX).toBe(isTooLarge);
  };
  const items = (item: string, count: number): string => `[${Array(count).fill(item).join(',')}]`;
  limit(items('"0123456789"', 20_000), false);
  limit(items('"0123456789"', 21_000), true);
  // Numbers are longer than they were written.
  limit(items('1e20', 20_000), true);
  limit(items('1e-6', 40_000), true);
  limit(items('1e20', 11_000), false);
  // Blanks and escapes are not as long any more.
  limit(items('"\\u0041"  ', 60_000), false);
  limit(items('"\\u2028"', 60_000), true);
  limit(items('"\ud800"', 40_000), true);
  limit(`{"a":${items('"012"', 22_000)},"b":${items('"012"', 22_000)}}`, true);
  limit(`{"a":${items('"012"', 21_000)},"b":${items('"012"', 21_000)}}`, false);
});

// Recordings error_handling/states-errors--service-task-lambada-data-limit-exceeded*.
test('a result that is too large fails the attempt, and can be caught', () => {
  const run = runCore({
    StartAt: 'T',
    States: {
      T: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Parameters: { FunctionName: 'f' },
        Catch: [{ ErrorEquals: ['States.DataLimitExceeded'], Next: 'C' }],
        End: true,
      },
      C: { Type: 'Succeed' },
    },
  });
  run.at(0, { kind: 'taskSucceeded', task: 3, output: 'x'.repeat(PAYLOAD_BYTES_MAX) });
  expect(run.history().split('\n')[4]).toBe(
    "5<4 TaskFailed lambda:invoke States.DataLimitExceeded (The state/task 'lambda' returned a result with a size exceeding the maximum number of bytes service limit.)",
  );
  expect(run.execution.status).toBe('SUCCEEDED');
});

test('a Pass whose output is too large fails the execution', () => {
  const half = 'x'.repeat(PAYLOAD_BYTES_MAX / 2);
  const run = runCore(
    {
      StartAt: 'A',
      States: { A: { Type: 'Pass', Parameters: { 'a.$': '$', 'b.$': '$' }, End: true } },
    },
    half,
  );
  expect(run.execution.outcome).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
});

test('a history ends at 25,000 events with the failure', () => {
  const run = runCore(LOOP);
  expect(run.execution.events).toHaveLength(HISTORY_EVENTS_MAX);
  expect(run.execution.outcome).toEqual({
    status: 'FAILED',
    error: 'States.Runtime',
    cause: 'The execution reached the maximum number of history events (25000).',
  });
});

test('an Express loop runs out of fuel as if its five minutes were over', () => {
  const run = runCore(LOOP, {}, { type: 'EXPRESS' });
  expect(run.execution.outcome).toEqual({ status: 'TIMED_OUT' });
});
