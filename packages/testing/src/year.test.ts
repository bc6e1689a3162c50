import { expect, test } from 'vitest';
import type { MachineRunOptions } from './run-machine.ts';
import { runMachine } from './run-machine.ts';

/** A year's Wait, three retries with back-off up to a limit, a Task that times out, and in the end the machine too. */
const YEAR: MachineRunOptions = {
  definition: {
    StartAt: 'A year',
    TimeoutSeconds: 545.5 * 86_400,
    States: {
      'A year': { Type: 'Wait', Seconds: 365 * 86_400, Next: 'Try' },
      Try: {
        Type: 'Task',
        Resource: 'arn:aws:lambda:us-east-1:000000000000:function:f',
        TimeoutSeconds: 60,
        Retry: [
          { ErrorEquals: ['Busy'], IntervalSeconds: 2, BackoffRate: 3, MaxDelaySeconds: 10, MaxAttempts: 3 },
        ],
        Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Another year' }],
        End: true,
      },
      'Another year': { Type: 'Wait', Seconds: 365 * 86_400, End: true },
    },
  },
  mocks: {
    Try: [
      { throw: { error: 'Busy' } },
      { throw: { error: 'Busy' }, afterSeconds: 0.5 },
      { throw: { error: 'Busy' } },
      { return: {}, afterSeconds: 3600 },
    ],
  },
};

test('a machine that waits a year, retries with back-off and times out does each at its exact time', async () => {
  const run = await runMachine(YEAR);
  const times = run.history.map(
    ({ type, timestampMs }) => `${new Date(timestampMs).toISOString().slice(0, 23)} ${type}`,
  );
  expect(times).toEqual([
    '2026-01-01T00:00:00.000 ExecutionStarted',
    '2026-01-01T00:00:00.000 WaitStateEntered',
    '2027-01-01T00:00:00.000 WaitStateExited',
    '2027-01-01T00:00:00.000 TaskStateEntered',
    '2027-01-01T00:00:00.000 LambdaFunctionScheduled',
    '2027-01-01T00:00:00.000 LambdaFunctionStarted',
    '2027-01-01T00:00:00.000 LambdaFunctionFailed',
    '2027-01-01T00:00:02.000 LambdaFunctionScheduled',
    '2027-01-01T00:00:02.000 LambdaFunctionStarted',
    '2027-01-01T00:00:02.500 LambdaFunctionFailed',
    '2027-01-01T00:00:08.500 LambdaFunctionScheduled',
    '2027-01-01T00:00:08.500 LambdaFunctionStarted',
    '2027-01-01T00:00:08.500 LambdaFunctionFailed',
    // Two times three times three is eighteen; MaxDelaySeconds is ten.
    '2027-01-01T00:00:18.500 LambdaFunctionScheduled',
    '2027-01-01T00:00:18.500 LambdaFunctionStarted',
    '2027-01-01T00:01:18.500 LambdaFunctionTimedOut',
    '2027-01-01T00:01:18.500 TaskStateExited',
    '2027-01-01T00:01:18.500 WaitStateEntered',
    '2027-06-30T12:00:00.000 ExecutionTimedOut',
  ]);
  expect(run).toMatchObject({ status: 'TIMED_OUT', output: undefined, error: undefined });
});
