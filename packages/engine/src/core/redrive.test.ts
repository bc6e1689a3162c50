// No recording shows a redrive. Every expectation here is of
// https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
import { describe, expect, test } from 'vitest';
import type { Json } from '@stepyard/asl';
import type { CoreRun } from './run-core.fixture.ts';
import { runCore } from './run-core.fixture.ts';

const TASK = { Type: 'Task', Resource: 'arn:aws:states:us-east-1:000000000000:activity:a' };

/** The attempts under way, by the order of their scheduling. */
function attempts({ execution }: CoreRun): number[] {
  return [...execution.tasks.keys()];
}

function redriven(run: CoreRun, seconds: number): string {
  const before = run.history().split('\n').length;
  run.at(seconds, { kind: 'redriven' });
  return run.history().split('\n').slice(before).join('\n');
}

function machine(States: Json, StartAt: string, more: { TimeoutSeconds?: number } = {}): Json {
  return { StartAt, States, ...more };
}

describe('one line', () => {
  test('a Task is scheduled again, with its input, its timeout anew and all its retries', () => {
    const definition = machine(
      {
        P: { Type: 'Pass', Result: 1, Next: 'T' },
        T: { ...TASK, TimeoutSeconds: 9, Retry: [{ ErrorEquals: ['E'], MaxAttempts: 1 }], End: true },
      },
      'P',
    );
    const run = runCore(definition);
    run.at(1, { kind: 'taskFailed', task: 5, error: 'E' });
    run.sleepUntil(2);
    run.at(3, { kind: 'taskFailed', task: 7, error: 'E', cause: 'again' });
    expect(redriven(run, 100)).toBe(`10<9 ExecutionRedriven
11<10 ActivityScheduled arn:aws:states:us-east-1:000000000000:activity:a 1 timeout 9 s`);
    run.at(101, { kind: 'taskFailed', task: 11, error: 'E' });
    run.sleepUntil(102);
    expect(attempts(run)).toEqual([13]);
    run.at(103, { kind: 'taskSucceeded', task: 13, output: 'done' });
    expect(run.history().split('\n').slice(11).join('\n')).toBe(`12<11 ActivityFailed E
13<12 ActivityScheduled arn:aws:states:us-east-1:000000000000:activity:a 1 timeout 9 s
14<13 ActivitySucceeded "done"
15<14 TaskStateExited T "done"
16<15 ExecutionSucceeded "done"`);
    expect(run.execution.redriveCount).toBe(1);
  });

  test('a Fail state is entered again, and fails again', () => {
    const run = runCore(machine({ F: { Type: 'Fail', Error: 'E' } }, 'F'));
    expect(redriven(run, 1)).toBe(`4<3 ExecutionRedriven
5<4 FailStateEntered F {}
6<5 ExecutionFailed E`);
    expect(redriven(run, 2).split('\n')[0]).toBe('7<6 ExecutionRedriven');
    expect(run.execution).toMatchObject({ status: 'FAILED', redriveCount: 2, redrivenMs: 2000 });
  });

  test('a Choice has its rules evaluated again, on the same input', () => {
    const rule = { Variable: '$.a', NumericEquals: 1, Next: 'C' };
    const run = runCore(machine({ C: { Type: 'Choice', Choices: [rule] } }, 'C'), { a: 2 });
    expect(redriven(run, 1)).toMatch(/^4<3 ExecutionRedriven\n5<4 ExecutionFailed States.NoChoiceMatched/u);
  });

  test('a Wait until a time that has passed is left at once; one of seconds waits anew', () => {
    const waits = (fields: Record<string, Json>): CoreRun =>
      runCore(machine({ W: { Type: 'Wait', ...fields, End: true } }, 'W'));
    const until = waits({ Timestamp: '1970-01-01T00:01:00Z' });
    until.at(10, { kind: 'stopped' });
    expect(redriven(until, 61)).toBe(`4<3 ExecutionRedriven
5<4 WaitStateExited W {}
6<5 ExecutionSucceeded {}`);
    const seconds = waits({ Seconds: 60 });
    seconds.at(10, { kind: 'stopped' });
    seconds.at(61, { kind: 'redriven' });
    seconds.sleepUntil(120);
    expect(seconds.execution.status).toBe('RUNNING');
    seconds.sleepUntil(121);
    expect(seconds.execution.status).toBe('SUCCEEDED');
  });

  test('an execution that timed out has the time of its machine anew', () => {
    const run = runCore(machine({ T: { ...TASK, End: true } }, 'T', { TimeoutSeconds: 10 }));
    run.sleepUntil(10);
    expect(run.execution.status).toBe('TIMED_OUT');
    run.at(50, { kind: 'redriven' });
    run.sleepUntil(59);
    expect(run.execution.status).toBe('RUNNING');
    run.sleepUntil(60);
    expect(run.execution.status).toBe('TIMED_OUT');
  });

  test('the context says how often and when', () => {
    const definition = machine(
      { T: { ...TASK, Parameters: { 'a.$': '$$.Execution.RedriveCount' }, End: true } },
      'T',
    );
    const run = runCore(definition);
    run.at(1, { kind: 'taskFailed', task: 3, error: 'E' });
    run.at(2, { kind: 'redriven' });
    expect(
      run.effects
        .filter(({ kind }) => kind === 'scheduleActivity')
        .map((effect) => 'input' in effect && effect.input),
    ).toEqual([{ a: 0 }, { a: 1 }]);
  });
});

describe('Parallel', () => {
  const BRANCH = { StartAt: 'A', States: { A: { ...TASK, End: true } } };
  const DEFINITION = machine(
    {
      P: {
        Type: 'Parallel',
        Branches: [
          BRANCH,
          { ...BRANCH, StartAt: 'B', States: { B: BRANCH.States.A } },
          { ...BRANCH, StartAt: 'C', States: { C: BRANCH.States.A } },
        ],
        End: true,
      },
    },
    'P',
  );

  test('only the branches that failed or were aborted, and the results of the others stay', () => {
    const run = runCore(DEFINITION);
    const [a = 0, b = 0] = attempts(run);
    run.at(1, { kind: 'taskSucceeded', task: a, output: 'a' });
    run.at(2, { kind: 'taskFailed', task: b, error: 'E' });
    expect(run.execution.status).toBe('FAILED');
    const again = redriven(run, 3);
    expect(again.split('\n').map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      '17<16 ExecutionRedriven',
      '18<17 ActivityScheduled',
      '19<17 ActivityScheduled',
    ]);
    run.at(
      4,
      { kind: 'taskSucceeded', task: 19, output: 'c' },
      { kind: 'taskSucceeded', task: 18, output: 'b' },
    );
    expect(run.execution.outcome).toEqual({ status: 'SUCCEEDED', output: ['a', 'b', 'c'] });
  });

  test('what was stopped in the middle goes on with all branches that had not ended', () => {
    const run = runCore(DEFINITION);
    const [a = 0] = attempts(run);
    run.at(1, { kind: 'taskSucceeded', task: a, output: 'a' });
    run.at(2, { kind: 'stopped' });
    run.at(3, { kind: 'redriven' });
    expect(attempts(run)).toHaveLength(2);
  });

  test('all of it where it failed for the size of its data', () => {
    const run = runCore(DEFINITION);
    const [a = 0, b = 0] = attempts(run);
    run.at(1, { kind: 'taskSucceeded', task: a, output: 'a' });
    run.at(2, { kind: 'taskSucceeded', task: b, output: 'x'.repeat(262_144) });
    expect(run.execution.outcome?.error).toBe('States.DataLimitExceeded');
    expect(redriven(run, 3)).toMatch(/ExecutionRedriven\n\d+<\d+ ParallelStateStarted\n/u);
    expect(attempts(run)).toHaveLength(3);
  });
});

test('Map, nested: only the iterations that failed or were aborted, then those that had not been started', () => {
  const inner = {
    Type: 'Map',
    ItemProcessor: { StartAt: 'T', States: { T: { ...TASK, End: true } } },
    End: true,
  };
  const definition = machine(
    {
      M: { Type: 'Map', MaxConcurrency: 1, ItemProcessor: { StartAt: 'I', States: { I: inner } }, End: true },
    },
    'M',
  );
  const run = runCore(definition, [[1, 2], [3]]);
  const [one = 0, two = 0] = attempts(run);
  run.at(1, { kind: 'taskSucceeded', task: one, output: 'one' });
  run.at(2, { kind: 'taskFailed', task: two, error: 'E' });
  const again = redriven(run, 3);
  expect(again.split('\n').map((line) => line.split(' ').slice(1, 4).join(' '))).toEqual([
    'ExecutionRedriven',
    'MapIterationStarted M #0',
    'MapIterationStarted I #1',
    'ActivityScheduled arn:aws:states:us-east-1:000000000000:activity:a 2',
  ]);
  const [second = 0] = attempts(run);
  run.at(4, { kind: 'taskSucceeded', task: second, output: 'two' });
  const [third = 0] = attempts(run);
  run.at(5, { kind: 'taskSucceeded', task: third, output: 'three' });
  expect(run.execution.outcome).toEqual({ status: 'SUCCEEDED', output: [['one', 'two'], ['three']] });
});
