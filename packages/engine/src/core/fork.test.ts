import type { Json, JsonObject } from '@stepyard/asl';
import { compile } from '@stepyard/asl';
import { describe, expect, test } from 'vitest';
import { newExecution } from './execution.ts';
import { forkMisfit } from './fork.ts';
import type { Input, Turn } from './input.ts';
import { ForkWatch, type ForkPoint } from './inspect/fork-point.ts';
import { violations } from './invariants.fixture.ts';
import { runCore, startedInput } from './run-core.fixture.ts';
import { step } from './step.ts';

const DEFINITION = {
  StartAt: 'A',
  States: {
    A: { Type: 'Pass', Assign: { n: 1 }, Next: 'B' },
    B: {
      Type: 'Pass',
      Parameters: { 'n.$': '$n', 'given.$': '$', 'started.$': '$$.Execution.Input' },
      Next: 'C',
    },
    C: { Type: 'Pass', End: true },
  },
};

test('a fork begins at its state, with its own input and variables, and keeps the input of the execution', () => {
  const { execution, history } = runCore(
    DEFINITION,
    { first: true },
    { fork: { of: 'arn', stateName: 'B', input: { edited: 1 }, variables: { n: 7 } } },
  );
  expect(execution.outcome?.output).toEqual({ n: 7, given: { edited: 1 }, started: { first: true } });
  expect(history().split('\n').slice(0, 2)).toEqual([
    '1<0 ExecutionStarted {"first":true}',
    '2<0 PassStateEntered B {"edited":1}',
  ]);
});

test('a fork whose first state fails is redriven there', () => {
  const { execution, at } = runCore(
    { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'F' }, F: { Type: 'Fail', Error: 'E' } } },
    {},
    { fork: { of: 'arn', stateName: 'F', input: [], variables: {} } },
  );
  expect(execution.status).toBe('FAILED');
  at(1, { kind: 'redriven' });
  expect(execution.events.map(({ type, name }) => `${type} ${name ?? ''}`.trim())).toEqual([
    'ExecutionStarted',
    'FailStateEntered F',
    'ExecutionFailed',
    'ExecutionRedriven',
    'FailStateEntered F',
    'ExecutionFailed',
  ]);
});

const LAMBDA = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const task = (next: Json): JsonObject => ({ Type: 'Task', Resource: LAMBDA, ...(next as JsonObject) });

const PARALLEL = {
  StartAt: 'P',
  States: {
    P: {
      Type: 'Parallel',
      Branches: [
        { StartAt: 'A', States: { A: task({ End: true }) } },
        { StartAt: 'B', States: { B: task({ Assign: { b: 1 }, Next: 'C' }), C: task({ End: true }) } },
        { StartAt: 'D', States: { D: task({ End: true }) } },
      ],
      End: true,
    },
  },
};

/** The visit that began with an event, as a fork can begin with it. */
function pointOf(definition: Json, turns: readonly Turn[], visit: number): ForkPoint | undefined {
  const execution = newExecution(compile(definition));
  const watch = new ForkWatch(visit);
  execution.observer = watch;
  for (const turn of turns) step(execution, turn);
  return watch.result();
}

const turnsOf = (input: Json, ...inputs: readonly Input[]): Turn[] => [
  { timeMs: 0, inputs: [startedInput({ input: JSON.stringify(input) })] },
  ...inputs.map((one, index): Turn => ({ timeMs: (index + 1) * 1000, inputs: [one] })),
];

describe('within a Parallel', () => {
  const turns = turnsOf(
    { n: 1 },
    { kind: 'taskSucceeded', task: 5, output: 'a' },
    { kind: 'taskSucceeded', task: 7, output: 'b' },
    { kind: 'taskFailed', task: 18, error: 'E' },
  );

  test('finished branches keep their results, the others enter the states in which they stood', () => {
    const ended = pointOf(PARALLEL, turns, 17);
    expect(ended).toEqual({
      stateName: 'C',
      input: 'b',
      variables: { b: 1 },
      around: [
        {
          stateName: 'P',
          input: { n: 1 },
          variables: {},
          index: 1,
          group: {
            inputs: [{ n: 1 }],
            concurrency: 3,
            results: [[0, 'a']],
            lines: [[2, { stateName: 'D', input: { n: 1 }, variables: {} }]],
          },
        },
      ],
    });
    const fork = { of: 'arn', ...ended!, input: 'edited' };
    const run = runCore(PARALLEL, { n: 1 }, { fork });
    expect(run.history().split('\n')).toEqual([
      '1<0 ExecutionStarted {"n":1}',
      '2<0 ParallelStateEntered P {"n":1}',
      '3<2 ParallelStateStarted',
      '4<3 TaskStateEntered C "edited"',
      expect.stringMatching(/^5<4 LambdaFunctionScheduled/u),
      '6<3 TaskStateEntered D {"n":1}',
      expect.stringMatching(/^7<6 LambdaFunctionScheduled/u),
      '8<5 LambdaFunctionStarted',
      '9<7 LambdaFunctionStarted',
    ]);
    run.at(1, { kind: 'taskSucceeded', task: 5, output: 'c' });
    run.at(1, { kind: 'taskSucceeded', task: 7, output: 'd' });
    expect(run.execution.outcome?.output).toEqual(['a', 'c', 'd']);
    expect(violations(run.execution)).toEqual([]);
  });

  test('stopped before it has begun, it is redriven with all that was kept', () => {
    const fork = { of: 'arn', ...pointOf(PARALLEL, turns, 17)! };
    const execution = newExecution(compile(PARALLEL));
    step(execution, { timeMs: 0, inputs: [startedInput({ fork }), { kind: 'stopped' }] });
    expect(execution.status).toBe('ABORTED');
    step(execution, { timeMs: 1, inputs: [{ kind: 'redriven' }] });
    const [c, d] = [...execution.tasks.keys()];
    step(execution, { timeMs: 2, inputs: [{ kind: 'taskSucceeded', task: c ?? 0, output: 'c' }] });
    step(execution, { timeMs: 2, inputs: [{ kind: 'taskSucceeded', task: d ?? 0, output: 'd' }] });
    expect(execution.outcome?.output).toEqual(['a', 'c', 'd']);
  });

  test.each([
    [
      { ...PARALLEL, StartAt: 'Q', States: { Q: { Type: 'Succeed' } } },
      "'P' is not a state of the definition.",
    ],
    [{ StartAt: 'P', States: { P: { Type: 'Succeed' } } }, "'P' is no Parallel."],
    [withBranches(PARALLEL.States.P.Branches.slice(0, 2)), "'P' has 2 branches where 3 were begun."],
    [withBranches(PARALLEL.States.P.Branches.toReversed()), "'D' is not a state of branch 2 of 'P'."],
  ])('of another definition it is only what that has room for', (definition, misfit) => {
    const fork = { of: 'arn', ...pointOf(PARALLEL, turns, 17)! };
    expect(forkMisfit(compile(definition), fork)).toBe(misfit);
    expect(forkMisfit(compile(PARALLEL), fork)).toBeUndefined();
  });

  function withBranches(Branches: readonly JsonObject[]): JsonObject {
    return { StartAt: 'P', States: { P: { ...PARALLEL.States.P, Branches: [...Branches] } } };
  }
});

test('within a Map within a Parallel, no more iterations go on at once than may, and each sees its item', () => {
  const definition = {
    StartAt: 'P',
    States: {
      P: {
        Type: 'Parallel',
        Branches: [
          {
            StartAt: 'M',
            States: {
              M: {
                Type: 'Map',
                MaxConcurrency: 1,
                ItemProcessor: {
                  StartAt: 'I',
                  States: {
                    I: {
                      Type: 'Pass',
                      Parameters: { 'item.$': '$$.Map.Item.Value', 'in.$': '$' },
                      Next: 'T',
                    },
                    T: task({ ResultPath: '$.out', End: true }),
                  },
                },
                End: true,
              },
            },
          },
        ],
        End: true,
      },
    },
  };
  // The second iteration fails, the third has not begun: a fork of the first.
  const first = runCore(definition, ['x', 'y', 'z']);
  const turns = turnsOf(
    ['x', 'y', 'z'],
    { kind: 'taskSucceeded', task: 10, output: 1 },
    { kind: 'taskFailed', task: 19, error: 'E' },
  );
  expect(first.execution.tasks.has(10)).toBe(true);
  const point = pointOf(definition, turns, 7);
  expect(point?.around.map(({ stateName, index, group }) => [stateName, index, group.lines.length])).toEqual([
    ['P', 0, 0],
    ['M', 0, 1],
  ]);
  const run = runCore(definition, ['x', 'y', 'z'], { fork: { of: 'arn', ...point!, input: 'edited' } });
  const outputs: number[] = [];
  for (let count = 1; run.execution.status === 'RUNNING' && count < 9; count++) {
    expect(run.execution.tasks.size).toBe(1);
    expect(violations(run.execution)).toEqual([]);
    const [id = 0] = run.execution.tasks.keys();
    outputs.push(run.execution.tasks.get(id)?.index ?? -1);
    run.at(count, { kind: 'taskSucceeded', task: id, output: count });
  }
  expect(outputs).toEqual([0, 1, 2]);
  expect(violations(run.execution)).toEqual([]);
  expect(run.execution.outcome?.output).toEqual([
    [
      { item: 'x', in: 'edited', out: 1 },
      { item: 'y', in: 'y', out: 2 },
      { item: 'z', in: 'z', out: 3 },
    ],
  ]);
});
