import { expect, test } from 'vitest';
import { nextOf } from './follow-execution.ts';
import { judgeEnd, judgeTransfer } from './run-use-case.ts';

const EMPTY = { inTable: 0, inQuarantine: 0, inQueue: 0 };
const RECORDS = [
  { id: 'a', text: '{}', line: 1 },
  { id: 'b', text: '{}', line: 2 },
];
const ended = (status: string, error?: string, cause?: string) => ({ status, error, cause });

test('an execution that ended as it should, and was told of', () => {
  expect(judgeEnd({ expectedStatus: 'SUCCEEDED' }, ended('SUCCEEDED'), 'SUCCEEDED')).toEqual([]);
  expect(judgeEnd({ expectedStatus: 'FAILED' }, ended('FAILED', 'E'), 'FAILED')).toEqual([]);
});

test('a wrong end is told with its error; so is a notification that is missing or wrong', () => {
  expect(judgeEnd({ expectedStatus: 'SUCCEEDED' }, ended('FAILED', 'E', 'c'), 'FAILED')).toEqual([
    'ended FAILED instead of SUCCEEDED: E: c',
  ]);
  expect(judgeEnd({ expectedStatus: 'FAILED' }, ended('SUCCEEDED'), undefined)).toEqual([
    'ended SUCCEEDED instead of FAILED',
    'no notification arrived',
  ]);
  expect(judgeEnd({ expectedStatus: 'SUCCEEDED' }, ended('SUCCEEDED'), 'FAILED')).toEqual([
    'the notification told of FAILED',
  ]);
});

test('a transfer is judged by what the services hold', () => {
  const transfer = { records: RECORDS, withPoison: true };
  expect(judgeTransfer(transfer, EMPTY, { inTable: 0, inQuarantine: 1, inQueue: 2 })).toEqual({
    moved: { sent: 2, quarantined: 1, left: 0 },
    problems: [],
  });
  expect(judgeTransfer(transfer, EMPTY, { inTable: 1, inQuarantine: 0, inQueue: 1 }).problems).toEqual([
    '1 messages arrived in the queue instead of 2',
    '0 records are in quarantine instead of 1',
    '1 records are still in the table',
  ]);
  expect(judgeTransfer(transfer, EMPTY, { inTable: 0, inQuarantine: 1, inQueue: 3 }).problems).toEqual([
    '3 messages arrived in the queue instead of 2',
  ]);
});

test('in a folder that was used before, the queue may drop what it knows; what was left before counts too', () => {
  const transfer = { records: RECORDS, withPoison: true };
  const before = { inTable: 1, inQuarantine: 1, inQueue: 1 };
  const problems = (inQueue: number): readonly string[] =>
    judgeTransfer(transfer, before, { inTable: 0, inQuarantine: 1, inQueue }).problems;
  expect([2, 3, 4].flatMap(problems)).toEqual([]);
  expect(problems(1)).toEqual(['0 messages arrived in the queue instead of 2']);
  expect(problems(5)).toEqual(['4 messages arrived in the queue instead of 2']);
});

test('only an output that says so leads to another execution', () => {
  expect(nextOf('{"status":"CONTINUED","next":"arn"}')).toBe('arn');
  for (const output of [
    undefined,
    '',
    '{}',
    '[]',
    '"CONTINUED"',
    '{"status":"COMPLETE","next":"arn"}',
    '{"status":"CONTINUED"}',
  ]) {
    expect(nextOf(output)).toBeUndefined();
  }
});
