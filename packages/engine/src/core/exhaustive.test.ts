import type { JsonObject, Program } from '@stepyard/asl';
import { compile } from '@stepyard/asl';
import { expect, test } from 'vitest';
import { newExecution } from './execution.ts';
import type { Input } from './input.ts';
import { workViolations } from '../invariants/work-violations.ts';
import { violations } from './invariants.fixture.ts';
import { startedInput } from './run-core.fixture.ts';
import { step } from './step.ts';

const isWhole = process.env['STEPYARD_EXHAUSTIVE'] !== undefined;

/**
 * Every machine of up to three of these states in a line, with every way of handling errors, every outcome of every attempt: run, checked
 * after each turn, and its end compared with what a model of a few lines says. 250,165 runs, a minute; unless
 * STEPYARD_EXHAUSTIVE is set only every 40th machine of three states is run.
 */
const KINDS = ['Pass', 'Choice', 'Wait', 'Task', 'Parallel', 'Map'] as const;
type Kind = (typeof KINDS)[number];

const OUTCOMES = ['ok', 'E1', 'E2', 'timeout'] as const;
type Outcome = (typeof OUTCOMES)[number];

/** Ways of handling errors, the same in all states of a machine that can. Caught is a Succeed of its own. */
const HANDLINGS: readonly {
  readonly fields: JsonObject;
  readonly retried: readonly string[];
  readonly caught: readonly string[];
}[] = [
  { fields: {}, retried: [], caught: [] },
  { fields: { Retry: [retrier('E1')] }, retried: ['E1'], caught: [] },
  { fields: { Retry: [retrier('States.ALL')] }, retried: ['E1', 'E2', 'States.Timeout'], caught: [] },
  { fields: { Catch: [catcher('States.ALL')] }, retried: [], caught: ['E1', 'E2', 'States.Timeout'] },
  {
    fields: { Retry: [retrier('E1')], Catch: [catcher('States.TaskFailed')] },
    retried: ['E1'],
    caught: ['E1', 'E2'],
  },
];
type Handling = (typeof HANDLINGS)[number];

function retrier(error: string): JsonObject {
  return { ErrorEquals: [error], IntervalSeconds: 1, MaxAttempts: 1 };
}

function catcher(error: string): JsonObject {
  return { ErrorEquals: [error], Next: 'Caught' };
}

const TASK = { Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:0:function:f', TimeoutSeconds: 5 };

function stateOf(kind: Kind, name: string, next: string, { fields }: Handling): JsonObject {
  const lineOf = (inner: string): JsonObject => ({
    StartAt: inner,
    States: { [inner]: { ...TASK, End: true } },
  });
  const last = { Next: next };
  switch (kind) {
    case 'Pass':
      return { Type: 'Pass', ...last };
    case 'Wait':
      return { Type: 'Wait', Seconds: 1, ...last };
    case 'Choice':
      return {
        Type: 'Choice',
        Choices: [{ Variable: '$$.Execution.Input.go', BooleanEquals: true, Next: next }],
        Default: 'Done',
      };
    case 'Task':
      return { ...TASK, ...fields, ...last };
    case 'Parallel':
      return { Type: 'Parallel', Branches: [lineOf(`${name}a`), lineOf(`${name}b`)], ...fields, ...last };
    case 'Map': {
      const ItemProcessor = lineOf(`${name}i`);
      return { Type: 'Map', ItemsPath: '$$.Execution.Input.items', ItemProcessor, ...fields, ...last };
    }
  }
}

function programOf(kinds: readonly Kind[], handling: Handling): Program {
  const names = kinds.map((_, index) => `S${index}`);
  const states = kinds.map((kind, index): [string, JsonObject] => {
    const name = names[index] ?? '';
    return [name, stateOf(kind, name, names[index + 1] ?? 'Done', handling)];
  });
  const ends = { Done: { Type: 'Succeed' }, Caught: { Type: 'Succeed' } };
  return compile({ StartAt: 'S0', States: { ...Object.fromEntries(states), ...ends } });
}

/** All sequences of decisions that a run asks for, one after the other: each run follows a path, and asks on from its end. */
class Decisions {
  #path: number[] = [];
  #at = 0;

  next(): Outcome {
    if (this.#at === this.#path.length) this.#path.push(0);
    return OUTCOMES[this.#path[this.#at++] ?? 0] ?? 'ok';
  }

  /** From the first decision again. */
  again(): void {
    this.#at = 0;
  }

  /** To the next path; false after the last one. */
  advance(): boolean {
    this.#at = 0;
    while (this.#path.at(-1) === OUTCOMES.length - 1) this.#path.pop();
    const last = this.#path.pop();
    if (last === undefined) return false;
    this.#path.push(last + 1);
    return true;
  }
}

/** As `expect(...).toEqual([])`, which would take most of the time of so many runs. */
function hold(wrong: readonly string[]): void {
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
}

/** Open attempts are answered oldest first, each as decided; those that say nothing time out once the others are done. */
function run(program: Program, go: boolean, decisions: Decisions): string {
  const execution = newExecution(program);
  const silent = new Set<number>();
  const apply = (timeMs: number, inputs: readonly Input[]): void => {
    step(execution, { timeMs, inputs });
    hold(workViolations(execution));
  };
  apply(0, [startedInput({ input: JSON.stringify({ go, items: [1, 2] }) })]);
  for (let turns = 0; execution.status === 'RUNNING' && turns < 100; turns++) {
    const task = [...execution.tasks.keys()].find((id) => !silent.has(id));
    if (task !== undefined) {
      const outcome = decisions.next();
      if (outcome === 'timeout') silent.add(task);
      else if (outcome === 'ok') apply(execution.nowMs, [{ kind: 'taskSucceeded', task, output: task }]);
      else apply(execution.nowMs, [{ kind: 'taskFailed', task, error: outcome }]);
      continue;
    }
    const dueMs = Math.min(...[...execution.timers.values()].map((timer) => timer.dueMs));
    const due = [...execution.timers].filter(([, timer]) => timer.dueMs === dueMs);
    apply(
      dueMs,
      due.map(([timer]) => ({ kind: 'timerFired', timer })),
    );
  }
  hold(violations(execution));
  return execution.outcome?.error ?? execution.status;
}

/** What must come of it: the names of errors, or SUCCEEDED. */
function model(
  kinds: readonly Kind[],
  { retried, caught }: Handling,
  go: boolean,
  decisions: Decisions,
): string {
  for (const kind of kinds) {
    if (kind === 'Choice' && !go) return 'SUCCEEDED';
    if (kind === 'Pass' || kind === 'Wait' || kind === 'Choice') continue;
    const attempt = (): string | undefined => attemptOf(kind === 'Task' ? 1 : 2, decisions);
    let error = attempt();
    if (error !== undefined && retried.includes(error)) error = attempt();
    if (error === undefined) continue;
    return caught.includes(error) ? 'SUCCEEDED' : error;
  }
  return 'SUCCEEDED';
}

/** The first line that says it has failed fails all; silence is heard only when all others have spoken. */
function attemptOf(lines: number, decisions: Decisions): string | undefined {
  let isSilent = false;
  for (let line = 0; line < lines; line++) {
    const outcome = decisions.next();
    if (outcome === 'E1' || outcome === 'E2') return outcome;
    isSilent ||= outcome === 'timeout';
  }
  return isSilent ? 'States.Timeout' : undefined;
}

function machines(): Kind[][] {
  const one = KINDS.map((kind) => [kind]);
  const two = one.flatMap((line) => KINDS.map((kind) => [...line, kind]));
  const three = two.flatMap((line) => KINDS.map((kind) => [...line, kind]));
  return [...one, ...two, ...three.filter((_, index) => isWhole || index % 40 === 7)];
}

test('every small machine, with every outcome, ends as the model says', () => {
  let runs = 0;
  for (const kinds of machines()) {
    const handlings = kinds.some((kind) => kind === 'Task' || kind === 'Parallel' || kind === 'Map')
      ? HANDLINGS
      : [HANDLINGS[0]];
    for (const handling of handlings) {
      if (handling === undefined) continue;
      const program = programOf(kinds, handling);
      for (const go of kinds.includes('Choice') ? [true, false] : [true]) {
        const decisions = new Decisions();
        do {
          const ended = run(program, go, decisions);
          decisions.again();
          const expected = model(kinds, handling, go, decisions);
          hold(ended === expected ? [] : [`${kinds.join()} ends with ${ended}, not ${expected}`]);
          runs++;
        } while (decisions.advance());
      }
    }
  }
  expect(runs).toBe(isWhole ? 250_165 : 18_577);
});
