import { isObject, load } from '@stepyard/asl';
import type { Json, JsonObject, Program } from '@stepyard/asl';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Effect } from './effect.ts';
import type { Execution } from './execution.ts';
import { newExecution } from './execution.ts';
import { ForkWatch } from './inspect/fork-point.ts';
import { VisitLog } from './inspect/visit-log.ts';
import type { Fork, Input, Turn } from './input.ts';
import { violations } from './invariants.fixture.ts';
import { Outside, chooseFrom } from './outside.fixture.ts';
import { RANDOM_INPUT, randomMachine } from './random-machine.fixture.ts';
import { startedInput } from './run-core.fixture.ts';
import { restore } from './snapshot/restore.ts';
import { save } from './snapshot/save.ts';
import { step } from './step.ts';

const TURNS_MAX = 3000;
const INPUT = JSON.stringify(RANDOM_INPUT);

function programOf(definition: JsonObject): Program {
  const { program } = load(JSON.stringify(definition));
  if (program === undefined) throw new Error('a random machine is well-formed');
  return program;
}

/** The answers of a world in which all goes well, and in the same way each time. */
function answersTo(effect: Effect): Input[] {
  const { kind } = effect;
  if (kind === 'invokeTask' || kind === 'scheduleActivity') {
    const { task, token } = effect;
    const output = { items: [1, 2], of: effect.stateName };
    if (kind === 'scheduleActivity')
      return [
        { kind: 'activityStarted', task },
        { kind: 'taskSucceeded', task, output },
      ];
    if (token === undefined) return [{ kind: 'taskSucceeded', task, output }];
    return [
      { kind: 'taskSubmitted', task, output: {} },
      { kind: 'taskSucceeded', task, output, viaToken: true },
    ];
  }
  if (kind === 'readItems') {
    const { mapRun } = effect;
    return [{ kind: 'itemsRead', mapRun, values: [1, 2, 3], source: 's3://b/k', isLast: true }];
  }
  if (kind === 'startChildren') {
    const { mapRun, first, children } = effect;
    const outputs = children.map((_, index) => first + index);
    return [{ kind: 'childrenSucceeded', mapRun, first, count: children.length, outputs }];
  }
  if (kind === 'writeResults')
    return [{ kind: 'resultsWritten', mapRun: effect.mapRun, bucket: 'b', key: 'k' }];
  return [];
}

interface Ran {
  readonly execution: Execution;
  readonly turns: readonly Turn[];
  readonly hasFailure: boolean;
}

/** Runs to the end in that world: tasks first, then the next timer. */
function runWell(program: Program, fork?: Fork): Ran {
  const execution = newExecution(program);
  const log = new FailureLog();
  execution.observer = log;
  const turns: Turn[] = [];
  const tell = (timeMs: number, inputs: readonly Input[]): Input[] => {
    const turn = { timeMs, inputs };
    turns.push(turn);
    const effects = step(execution, turn);
    expect(violations(execution)).toEqual([]);
    return effects.flatMap((effect) => answersTo(effect));
  };
  let told = tell(0, [startedInput({ input: INPUT, ...(fork === undefined ? {} : { fork }) })]);
  while (execution.status === 'RUNNING') {
    expect(turns.length, 'turns without an end').toBeLessThan(TURNS_MAX);
    const [timer, { dueMs } = { dueMs: execution.nowMs }] =
      [...execution.timers].toSorted(([, one], [, other]) => one.dueMs - other.dueMs)[0] ?? [];
    if (told.length === 0 && timer === undefined) throw new Error('nothing can happen any more');
    told =
      told.length === 0 && timer !== undefined
        ? tell(Math.max(dueMs, execution.nowMs), [{ kind: 'timerFired', timer }])
        : tell(execution.nowMs, told);
  }
  return { execution, turns, hasFailure: log.hasFailure };
}

class FailureLog extends VisitLog {
  hasFailure = false;

  override stateFailed(): void {
    this.hasFailure = true;
  }
}

/** The forks that can be made of an execution, one at each visit of a state, with nothing edited. */
function forksOf(program: Program, turns: readonly Turn[]): Fork[] {
  const replayed = (observer: VisitLog | ForkWatch): Execution => {
    const execution = newExecution(program);
    execution.observer = observer;
    for (const turn of turns) step(execution, turn);
    return execution;
  };
  const log = new VisitLog();
  return log.visits(replayed(log)).map(({ id }) => {
    const watch = new ForkWatch(id);
    replayed(watch);
    const point = watch.result();
    if (point === undefined) throw new Error(`visit ${id} has a beginning`);
    // As a journal has it.
    return JSON.parse(JSON.stringify({ of: 'arn', ...point })) as Fork;
  });
}

/** What differs in every execution. */
function settled(value: Json | undefined): string {
  return JSON.stringify(value ?? null).replaceAll(/"MapRunArn":"[^"]*"/gu, '""');
}

/** Without what is decided by chance. */
const certainMachine = randomMachine.map((definition): JsonObject => {
  const text = JSON.stringify(definition)
    .replaceAll('$random()', '0.3')
    .replaceAll('$uuid()', "'u'")
    .replaceAll('States.UUID()', "States.Format('u')");
  const parsed: Json = JSON.parse(text);
  if (!isObject(parsed)) throw new Error('a machine is an object');
  return parsed;
});

test('a fork at any state, with nothing edited, ends with what the execution itself ended with', () => {
  let inner = 0;
  fc.assert(
    fc.property(certainMachine, (definition) => {
      const program = programOf(definition);
      const { execution, turns, hasFailure } = runWell(program);
      for (const fork of forksOf(program, turns)) {
        const forked = runWell(program, fork);
        // Which of two lines fails first is a matter of when they began.
        if (execution.outcome?.status !== 'SUCCEEDED' || hasFailure) continue;
        if ((fork.around?.length ?? 0) > 0) inner++;
        expect(settled(forked.execution.outcome?.output), JSON.stringify(fork)).toBe(
          settled(execution.outcome.output),
        );
      }
    }),
    { numRuns: 100 },
  );
  expect(inner).toBeGreaterThan(20);
});

test('whatever happened outside, forks of forks come to an end, with histories and work that are right at every moment', () => {
  const machines = fc.record({
    definition: randomMachine,
    choices: fc.array(fc.nat(10_000), { minLength: 5, maxLength: 40 }),
    visits: fc.array(fc.nat(100), { minLength: 1, maxLength: 3 }),
  });
  fc.assert(
    fc.property(machines, ({ definition, choices, visits }) => {
      const program = programOf(definition);
      let turns = runAnyhow(program, choices);
      for (const visit of visits) {
        const forks = forksOf(program, turns);
        const fork = forks[visit % forks.length];
        if (fork === undefined) break;
        turns = runAnyhow(program, choices, fork);
        expect(turns.length).toBeGreaterThan(0);
      }
    }),
    { numRuns: 100 },
  );
});

function runAnyhow(program: Program, choices: readonly number[], fork?: Fork): readonly Turn[] {
  let execution = newExecution(program);
  const outside = new Outside(execution, chooseFrom(choices));
  const started = startedInput({ input: INPUT, ...(fork === undefined ? {} : { fork }) });
  outside.tell([started]);
  while (execution.status === 'RUNNING') {
    if (fork !== undefined) {
      // What a fork has kept is in its snapshots.
      execution = restore(program, started, [save(execution)]);
      outside.goOnWith(execution);
    }
    expect([...violations(execution), ...outside.disagreements()]).toEqual([]);
    expect(outside.turns.length, 'turns without an end').toBeLessThan(TURNS_MAX);
    expect(outside.happen(), 'something can still happen').toBe(true);
  }
  expect([...violations(execution), ...outside.disagreements()]).toEqual([]);
  return outside.turns;
}
