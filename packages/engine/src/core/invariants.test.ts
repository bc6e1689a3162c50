import { load } from '@stepyard/asl';
import type { JsonObject } from '@stepyard/asl';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Execution } from './execution.ts';
import { newExecution } from './execution.ts';
import type { Turn } from './input.ts';
import { violations, wireHistory } from './invariants.fixture.ts';
import { Outside, chooseFrom } from './outside.fixture.ts';
import { RANDOM_INPUT, randomMachine } from './random-machine.fixture.ts';
import { runCore, startedInput } from './run-core.fixture.ts';
import { step } from './step.ts';

const machines = fc.record({
  definition: randomMachine,
  choices: fc.array(fc.nat(10_000), { minLength: 5, maxLength: 40 }),
});

interface Ended {
  readonly execution: Execution;
  readonly turns: readonly Turn[];
}

function programOf(definition: JsonObject): NonNullable<ReturnType<typeof load>['program']> {
  const { program, diagnostics } = load(JSON.stringify(definition));
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (program === undefined) throw new Error('a random machine is well-formed');
  return program;
}

/** Runs to the end, whatever happens outside; `check` after every turn. */
function runToEnd(
  definition: JsonObject,
  choices: readonly number[],
  check: (execution: Execution) => string[] = (): string[] => [],
): Ended {
  const execution = newExecution(programOf(definition));
  const outside = new Outside(execution, chooseFrom(choices));
  outside.tell([startedInput({ input: JSON.stringify(RANDOM_INPUT) })]);
  for (let turns = 0; execution.status === 'RUNNING'; turns++) {
    expect([...check(execution), ...outside.disagreements()]).toEqual([]);
    expect(turns, 'turns without an end').toBeLessThan(3000);
    expect(outside.happen(), 'something can still happen').toBe(true);
  }
  expect([...violations(execution), ...outside.disagreements()]).toEqual([]);
  return { execution, turns: outside.turns };
}

function historyOf({ execution }: Ended): string {
  return JSON.stringify(wireHistory(execution));
}

test('random machines come to an end, with histories and work that are right at every moment', () => {
  fc.assert(
    fc.property(machines, ({ definition, choices }) => {
      expect(runToEnd(definition, choices, violations).execution.outcome).toBeDefined();
    }),
    { numRuns: 600 },
  );
});

test('the same machine with the same outcomes has the same history, byte for byte; so has its journal, replayed', () => {
  fc.assert(
    fc.property(machines, ({ definition, choices }) => {
      const first = runToEnd(definition, choices);
      expect(historyOf(runToEnd(definition, choices))).toBe(historyOf(first));
      const replayed = newExecution(programOf(definition));
      const turns: readonly Turn[] = JSON.parse(JSON.stringify(first.turns));
      for (const turn of turns) step(replayed, turn);
      expect(historyOf({ execution: replayed, turns })).toBe(historyOf(first));
      expect(replayed.outcome).toEqual(first.execution.outcome);
    }),
    { numRuns: 200 },
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
