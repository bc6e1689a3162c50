/**
 * A year on the virtual clock: waits a year, is tried four times with back-off, times out. To reach: under 10 ms, everything included
 * (the definition is read and checked, an engine opened and closed); that its times are exact is tested in
 * packages/testing/src/year.test.ts.
 */
import type { MachineRunOptions } from '@stepyard/testing';
import { runMachine } from '@stepyard/testing';
import { callUsAsync, lastResult } from './measure.ts';

const busy = { throw: { error: 'Busy' } };
const YEAR: MachineRunOptions = {
  definition: {
    StartAt: 'A year',
    States: {
      'A year': { Type: 'Wait', Seconds: 365 * 86_400, Next: 'Try' },
      Try: {
        Type: 'Task',
        Resource: 'arn:aws:lambda:us-east-1:000000000000:function:f',
        TimeoutSeconds: 60,
        Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 2, BackoffRate: 3, MaxAttempts: 3 }],
        End: true,
      },
    },
  },
  mocks: { Try: [busy, busy, busy, { return: {}, afterSeconds: 3600 }] },
};

const us = await callUsAsync(() => runMachine(YEAR));
const last = lastResult();
const isRight =
  typeof last === 'object' && last !== null && 'error' in last && last.error === 'States.Timeout';
const verdict = isRight && us < 10_000 ? 'reached' : 'NOT REACHED';
console.log(
  `a year, retries, a timeout: ${(us / 1000).toFixed(2)} ms of CPU a run   wanted < 10 ms   ${verdict}`,
);
if (!isRight) process.exitCode = 1;
