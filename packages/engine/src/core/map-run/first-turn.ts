/** The first turn of a child execution that may end in it. */
import type { Effect } from '../effect.ts';
import type { Execution } from '../execution.ts';
import { newExecution } from '../execution.ts';
import type { Started } from '../input.ts';
import { step } from '../step.ts';
import type { OpenChild } from './open-child.ts';
import type { ChildOrigin } from './start-child.ts';
import { seedOf } from './start-child.ts';

/** Runs first turns of children. */
export class FirstTurns {
  readonly #origin: ChildOrigin;
  /** One that was given back: nothing of it is left. */
  #spare: Execution | undefined;

  constructor(origin: ChildOrigin) {
    this.#origin = origin;
  }

  /**
   * A child as its first turn leaves it, when that was also its last and nothing outside hears of it. undefined: it goes on, and has to
   * begin as any other execution does; nothing has come of this.
   */
  run(child: OpenChild): Execution | undefined {
    const execution = this.#spare ?? newExecution(this.#origin.program);
    this.#spare = undefined;
    const started = new ChildStarted(this.#origin, child);
    const effects = step(execution, { timeMs: child.startedMs, inputs: [started] });
    return execution.outcome !== undefined && effects.every(isOwnBusiness) ? execution : undefined;
  }

  /** Nobody looks at it any more: the next child may have it. Only of one that has succeeded. */
  giveBack(execution: Execution): void {
    const { tasks, timers, mapRuns, attempts } = execution;
    if (execution.status !== 'SUCCEEDED' || tasks.size + timers.size + mapRuns.size + attempts.size > 0)
      return;
    execution.status = 'NEW';
    execution.outcome = undefined;
    execution.started = undefined;
    execution.input = null;
    execution.events.length = 0;
    execution.nextTimer = 1;
    execution.random = undefined;
    this.#spare = execution;
  }
}

/** An execution that has ended has no timers left. */
function isOwnBusiness({ kind }: Effect): boolean {
  return kind === 'ended' || kind === 'armTimer' || kind === 'cancelTimer';
}

/** As `startedOf` gives it: names are made only when they are read, which as a rule they are not. */
class ChildStarted implements Started {
  readonly kind = 'started';
  readonly stateMachineArn: string;
  readonly stateMachineName: string;
  readonly roleArn: string;
  readonly type: Started['type'];
  readonly input: string;
  readonly mapRunArn: string;
  readonly testCase?: string;
  readonly #origin: ChildOrigin;
  readonly #child: OpenChild;

  constructor(origin: ChildOrigin, child: OpenChild) {
    const { started } = origin;
    this.stateMachineArn = started.stateMachineArn;
    this.stateMachineName = started.stateMachineName;
    this.roleArn = started.roleArn;
    this.type = started.type;
    this.input = child.input;
    this.mapRunArn = started.mapRunArn;
    if (started.testCase !== undefined) this.testCase = started.testCase;
    this.#origin = origin;
    this.#child = child;
  }

  get name(): string {
    return this.#child.name;
  }

  get executionArn(): string {
    return this.#child.executionArn;
  }

  get seed(): string {
    return seedOf(this.#origin, this.name);
  }
}
