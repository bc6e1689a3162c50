import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { violations } from './invariants.fixture.ts';
import type { RandomMachine } from './random-machine.fixture.ts';
import { randomMachine } from './random-machine.fixture.ts';
import type { CoreRun } from './run-core.fixture.ts';
import { runCore } from './run-core.fixture.ts';

/** Runs to the end: each invoked Task takes its outcome from the list, in order, again and again; checks after every turn. */
function runToEnd({ definition, outcomes }: RandomMachine): CoreRun {
  const run = runCore(definition, [1, 2, 3]);
  const answered = new Set<number>();
  let asked = 0;
  for (let turns = 0; run.execution.status === 'RUNNING'; turns++) {
    expect(violations(run.execution)).toEqual([]);
    expect(turns, 'turns without an end').toBeLessThan(3000);
    const seconds = run.execution.nowMs / 1000;
    const open = [...run.execution.tasks.keys()].filter((task) => !answered.has(task));
    const [task] = open;
    if (task === undefined) {
      const due = [...run.execution.timers.values()].map(({ dueMs }) => dueMs);
      run.sleepUntil(Math.min(...due) / 1000);
      continue;
    }
    answered.add(task);
    const outcome = outcomes[asked++ % outcomes.length] ?? 'ok';
    if (outcome === 'ok') run.at(seconds, { kind: 'taskSucceeded', task, output: task });
    else if (outcome !== 'timeout') run.at(seconds, { kind: 'taskFailed', task, error: outcome, cause: 'c' });
  }
  expect(violations(run.execution)).toEqual([]);
  return run;
}

test('random machines come to an end, with histories that are well formed at every moment', () => {
  fc.assert(
    fc.property(randomMachine, (machine) => {
      expect(runToEnd(machine).execution.outcome).toBeDefined();
    }),
    { numRuns: 400 },
  );
});

test('the same machine with the same outcomes has the same history, letter by letter', () => {
  fc.assert(
    fc.property(randomMachine, (machine) => {
      expect(runToEnd(machine).history()).toBe(runToEnd(machine).history());
    }),
    { numRuns: 100 },
  );
});

test('results of a Map are in the order of its items, however they come in', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), fc.nat(5), (order, concurrency) => {
      const run = runCore(
        {
          StartAt: 'M',
          States: {
            M: {
              Type: 'Map',
              MaxConcurrency: concurrency,
              ItemProcessor: {
                StartAt: 'T',
                States: { T: { Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:0:function:f', End: true } },
              },
              End: true,
            },
          },
        },
        [0, 1, 2, 3, 4],
      );
      let most = 0;
      for (let turns = 0; run.execution.status === 'RUNNING' && turns < 100; turns++) {
        const open = [...run.execution.tasks];
        most = Math.max(most, open.length);
        const chosen = open.toSorted(([, a], [, b]) => (order[a.index] ?? 0) - (order[b.index] ?? 0))[0];
        if (chosen === undefined) break;
        run.at(0, { kind: 'taskSucceeded', task: chosen[0], output: `r${JSON.stringify(chosen[1].input)}` });
      }
      expect(run.execution.outcome).toMatchObject({ output: ['r0', 'r1', 'r2', 'r3', 'r4'] });
      expect(most).toBe(concurrency === 0 ? 5 : concurrency);
    }),
  );
});
