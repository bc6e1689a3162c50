import { expect, test } from 'vitest';
import { nextOf } from './follow-execution.ts';
import { judgeEnd, judgeTransfer } from './run-use-case.ts';
import { POISON_ID, type Quarantined } from './transfer-store.ts';

/** What the quarantine table holds: ids with the time of each. */
const aside = (entries: Readonly<Record<string, string>> = {}): ReadonlyMap<string, Quarantined> =>
  new Map(Object.entries(entries).map(([id, at]) => [id, { at, reason: 'SQS said no' }]));
const EMPTY = { inTable: 0, inQuarantine: aside(), inQueue: 0 };
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
  const poison = aside({ [POISON_ID]: '10:00' });
  expect(judgeTransfer(transfer, EMPTY, { inTable: 0, inQuarantine: poison, inQueue: 2 })).toEqual({
    moved: { sent: 2, quarantined: 1, left: 0 },
    problems: [],
  });
  expect(judgeTransfer(transfer, EMPTY, { inTable: 1, inQuarantine: aside(), inQueue: 1 }).problems).toEqual([
    '1 message arrived in the queue instead of 2',
    `the record "${POISON_ID}", which cannot be sent, is not in quarantine`,
    '1 record is still in the table',
  ]);
  expect(judgeTransfer(transfer, EMPTY, { inTable: 0, inQuarantine: poison, inQueue: 3 }).problems).toEqual([
    '3 messages arrived in the queue instead of 2',
  ]);
});

test("a record of the user's that cannot be sent is told with its key and the reason, not as a lost message too", () => {
  const transfer = { records: RECORDS, withPoison: false };
  const after = { inTable: 0, inQuarantine: aside({ b: '10:00' }), inQueue: 1 };
  expect(judgeTransfer(transfer, EMPTY, after)).toEqual({
    moved: { sent: 1, quarantined: 1, left: 0 },
    problems: ['the record "b" cannot be sent and is in quarantine: SQS said no'],
  });
});

test('at most five of them are named', () => {
  const records = Array.from({ length: 7 }, (_, index) => ({ id: `r${index}`, text: '{}', line: index + 1 }));
  const inQuarantine = aside(Object.fromEntries(records.map(({ id }) => [id, '10:00'])));
  const after = { inTable: 0, inQuarantine, inQueue: 0 };
  const { problems } = judgeTransfer({ records, withPoison: false }, EMPTY, after);
  expect(problems).toHaveLength(6);
  expect(problems.at(-1)).toBe('2 more records are in quarantine');
});

test('in a folder that was used before, the queue may drop what it knows; what was left before counts too', () => {
  const transfer = { records: RECORDS, withPoison: true };
  const before = { inTable: 1, inQuarantine: aside({ [POISON_ID]: '10:00', old: '9:00' }), inQueue: 1 };
  const inQuarantine = aside({ [POISON_ID]: '11:00', old: '9:00' });
  const problems = (inQueue: number): readonly string[] =>
    judgeTransfer(transfer, before, { inTable: 0, inQuarantine, inQueue }).problems;
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
