import { expect, test } from 'vitest';
import { HISTORY_EVENTS_MAX, PAYLOAD_BYTES_MAX, exceedsPayloadLimit, utf8Bytes } from './limits.ts';
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
