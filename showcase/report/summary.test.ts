import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { Result } from '../run/run-use-case.ts';
import { endText, summary } from './summary.ts';

const OPTIONS = { endpoint: 'http://127.0.0.1:4566', dataDir: '/data', durationMs: 12_800, staysUp: false };

interface Shape {
  readonly name?: string;
  readonly status?: string;
  readonly expectedStatus?: 'SUCCEEDED' | 'FAILED';
  readonly generations?: number;
  readonly notified?: string | undefined;
  readonly moved?: Result['moved'];
  readonly problems?: readonly string[];
}

function result(shape: Shape = {}): Result {
  const { name = 'batch-job-notification', status = 'SUCCEEDED', expectedStatus = 'SUCCEEDED' } = shape;
  return {
    useCase: {
      name,
      stateMachineArn: `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`,
      notificationQueueUrl: '',
      input: {},
      expectedStatus,
      transfer: undefined,
    },
    followed: {
      firstArn: '',
      executionArn: '',
      status,
      durationMs: 2100,
      transitions: 3,
      generations: shape.generations ?? 1,
      output: undefined,
      error: undefined,
      cause: undefined,
    },
    notified: 'notified' in shape ? shape.notified : status,
    moved: shape.moved,
    problems: shape.problems ?? [],
  };
}

const text = (results: readonly Result[], options: Partial<typeof OPTIONS> = {}): readonly string[] =>
  summary(results, { ...OPTIONS, ...options }).map((line) => stripVTControlCharacters(line));

test('one row for each execution, and the verdict', () => {
  const moved = { sent: 12_345, quarantined: 1, left: 0 };
  expect(text([result(), result({ name: 'transfer-records', moved, generations: 25 })])).toEqual([
    '',
    'state machine           status     duration  transitions    sent  quarantined  left  notified',
    '──────────────────────  ─────────  ────────  ───────────  ──────  ───────────  ────  ─────────',
    'batch-job-notification  SUCCEEDED     2.1 s            3       –            –     –  SUCCEEDED',
    'transfer-records        SUCCEEDED     2.1 s            3  12,345            1     0  SUCCEEDED',
    '',
    '✔ All 2 use cases ended as they should, in 12.8 s.',
    '  transfer-records took 25 executions, each handing over to the next before its history was full.',
    'Everything is kept in /data.',
  ]);
});

test('a failure that was asked for is no problem; one that was not is told with its reason', () => {
  const lines = text([
    result({ status: 'FAILED', expectedStatus: 'FAILED' }),
    result({
      status: 'FAILED',
      notified: undefined,
      problems: ['ended FAILED\ninstead', `x${'y'.repeat(600)}`],
    }),
  ]);
  expect(lines[3]).toContain('FAILED, as asked');
  expect(lines[4]).toContain('FAILED (unexpected)');
  expect(lines[4]).toMatch(/ no$/u);
  expect(lines[6]).toBe('✘ batch-job-notification: ended FAILED instead');
  expect(lines[7]).toMatch(/y…$/u);
  expect(lines[8]).toBe('✘ 1 of 2 use cases did not end as they should.');
});

test('a yard that stays up says how to go on, with a real ARN', () => {
  expect(text([result()], { staysUp: true }).join('\n')).toContain(
    [
      'The yard stays up at http://127.0.0.1:4566, until Ctrl-C. Its data is in /data.',
      'Look at it in a browser: http://127.0.0.1:4566/_stepyard/',
      'Try it with the AWS CLI, or any SDK:',
      '',
      '  export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1',
      '  aws stepfunctions start-execution --endpoint-url http://127.0.0.1:4566 \\',
      '    --state-machine-arn arn:aws:states:us-east-1:000000000000:stateMachine:batch-job-notification \\',
      `    --input '{"records": 5}'`,
    ].join('\n'),
  );
});

test('the end of one use case, in one line', () => {
  expect(endText(result({ moved: { sent: 30, quarantined: 1, left: 0 } }))).toBe(
    'SUCCEEDED after 2.1 s, 3 transitions, 30 records sent',
  );
  expect(endText(result({ status: 'FAILED', problems: ['a', 'b'] }))).toBe(
    'FAILED after 2.1 s, 3 transitions – 2 problems, see below',
  );
});
