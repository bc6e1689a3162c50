import type { Json } from '@stepyard/asl';
import type { Effect } from './effect.ts';
import type { Execution } from './execution.ts';
import type { Input, Turn } from './input.ts';
import { step } from './step.ts';

/** A number below `count`, decided by whoever runs the test: the same decisions make the same run. */
export type Choose = (count: number) => number;

/** Decisions from a list, again and again, each round shifted so that it differs from the one before. */
export function chooseFrom(choices: readonly number[]): Choose {
  let index = 0;
  return (count) => {
    const round = Math.floor(index / choices.length);
    return ((choices[index++ % choices.length] ?? 0) + round) % count;
  };
}

interface OpenTask {
  readonly task: number;
  readonly isActivity: boolean;
  readonly hasToken: boolean;
  isTaken: boolean;
  isSubmitted: boolean;
}

/**
 * Everything outside an execution: services, workers, datasets, child executions, time. It answers the effects, in any order, as they
 * may be answered: success, failure, silence, heartbeats, answers that come twice or too late. What it believes to be under way
 * must be what the execution believes ({@link disagreements}).
 */
export class Outside {
  /** All turns, as a journal would have them. */
  readonly turns: Turn[] = [];
  #execution: Execution;
  readonly #choose: Choose;
  readonly #tasks = new Map<number, OpenTask>();
  readonly #timers = new Map<number, number>();
  readonly #asked: Input[] = [];
  readonly #children = new Map<string, { readonly mapRun: number; readonly child: number }>();
  readonly #lately: Input[] = [];
  #nowMs = 0;

  constructor(execution: Execution, choose: Choose) {
    this.#execution = execution;
    this.#choose = choose;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** From now on it deals with this one: the same execution, restored. */
  goOnWith(execution: Execution): void {
    this.#execution = execution;
  }

  /** Applies a turn now. */
  tell(inputs: readonly Input[]): void {
    const turn = { timeMs: this.#nowMs, inputs };
    this.turns.push(turn);
    for (const effect of step(this.#execution, turn)) this.#heed(effect);
  }

  /** Something happens: answers to what was asked, or time passes until a timer is due. False: nothing can happen any more. */
  happen(): boolean {
    const canSleep = this.#timers.size > 0;
    if (!canSleep && this.#tasks.size + this.#children.size + this.#asked.length === 0) return false;
    const answers = canSleep && this.#choose(5) === 0 ? [] : this.#answers();
    if (answers.length > 0) this.tell(answers);
    else if (canSleep) this.#sleep();
    return true;
  }

  /** What the execution waits for and nobody will ever tell it, or the other way round (I8, I9). */
  disagreements(): string[] {
    const { timers, tasks } = this.#execution;
    const wrong: string[] = [];
    for (const timer of timers.keys())
      if (!this.#timers.has(timer)) wrong.push(`timer ${timer} was never armed`);
    for (const timer of this.#timers.keys())
      if (!timers.has(timer)) wrong.push(`timer ${timer} was never cancelled`);
    for (const task of tasks.keys())
      if (!this.#tasks.has(task)) wrong.push(`attempt ${task} was never asked for`);
    for (const task of this.#tasks.keys())
      if (!tasks.has(task)) wrong.push(`attempt ${task} was never cancelled`);
    return wrong;
  }

  #heed(effect: Effect): void {
    const { kind } = effect;
    if (kind === 'invokeTask' || kind === 'scheduleActivity') {
      const { task } = effect;
      const isActivity = kind === 'scheduleActivity';
      const hasToken = !isActivity && effect.token !== undefined;
      this.#tasks.set(task, { task, isActivity, hasToken, isTaken: false, isSubmitted: false });
    } else if (kind === 'cancelTask') this.#tasks.delete(effect.task);
    else if (kind === 'armTimer') this.#timers.set(effect.timer, effect.dueMs);
    else if (kind === 'cancelTimer') this.#timers.delete(effect.timer);
    else if (kind === 'readItems') this.#asked.push(this.#read(effect.mapRun, effect.from, effect.count));
    else if (kind === 'startChildren') {
      const { mapRun, first, children } = effect;
      for (let child = first; child < first + children.length; child++)
        this.#children.set(`${mapRun}/${child}`, { mapRun, child });
    } else if (kind === 'startChild') this.#children.set(`${effect.mapRun}/${effect.child}`, effect);
    else if (kind === 'closeMapRun') {
      for (const [key, { mapRun }] of this.#children)
        if (mapRun === effect.mapRun) this.#children.delete(key);
    } else if (kind === 'writeResults') {
      const { mapRun } = effect;
      const isWritten = this.#choose(4) > 0;
      this.#asked.push(
        isWritten
          ? { kind: 'resultsWritten', mapRun, bucket: 'b', key: 'k' }
          : { kind: 'resultsFailed', mapRun, cause: 'no bucket' },
      );
    }
  }

  #read(mapRun: number, from: number, count: number): Input {
    if (this.#choose(6) === 0) return { kind: 'itemsFailed', mapRun, cause: 'no object' };
    const values = [1, 2, 3].slice(from, from + count);
    return {
      kind: 'itemsRead',
      mapRun,
      values,
      source: 's3://b/k',
      isLast: this.#choose(2) === 0 || from > 0,
    };
  }

  /** One to three things that are told at once. */
  #answers(): Input[] {
    const inputs: Input[] = [];
    for (let count = 1 + this.#choose(3); count > 0; count--) {
      const tasks = [...this.#tasks.values()];
      const children = [...this.#children];
      const place = this.#choose(tasks.length + children.length + this.#asked.length + 1);
      const task = tasks[place];
      const child = children[place - tasks.length];
      if (task !== undefined) inputs.push(...this.#answerTask(task));
      else if (child !== undefined) inputs.push(this.#endChild(...child));
      else inputs.push(...this.#asked.splice(0, 1));
    }
    // An answer that comes again, or too late, changes nothing.
    if (this.#lately.length > 0 && this.#choose(8) === 0) inputs.push(...this.#lately.splice(0, 1));
    if (inputs.length > 0 && this.#choose(60) === 0) inputs.push({ kind: 'stopped', error: 'Stopped' });
    return inputs;
  }

  #answerTask(open: OpenTask): Input[] {
    const { task, isActivity, hasToken } = open;
    if (isActivity && !open.isTaken) {
      open.isTaken = true;
      return [{ kind: 'activityStarted', task, workerName: 'w' }];
    }
    const beat = this.#choose(8);
    if (beat === 0) return [{ kind: 'heartbeat', task }];
    // Silence: it is for the timeouts to end it, where it has one.
    if (beat === 1) return [];
    const viaToken = isActivity || hasToken;
    const submission: Input[] =
      hasToken && !open.isSubmitted ? [{ kind: 'taskSubmitted', task, output: {} }] : [];
    const end = this.#end(task, viaToken);
    this.#tasks.delete(task);
    this.#lately.push(end);
    return this.#choose(4) === 0 ? [end, ...submission] : [...submission, end];
  }

  #end(task: number, viaToken: boolean): Input {
    const told = viaToken ? { viaToken } : {};
    const outputs: readonly Json[] = [{ items: [4], n: task }, 'text', null, [1, 2]];
    const outcome = this.#choose(7);
    if (outcome < 4) return { kind: 'taskSucceeded', task, output: outputs[outcome] ?? null, ...told };
    const error = ['E1', 'E2', 'States.TaskFailed'][outcome - 4] ?? 'E1';
    return { kind: 'taskFailed', task, error, cause: 'c', ...told };
  }

  #endChild(key: string, { mapRun, child }: { readonly mapRun: number; readonly child: number }): Input {
    this.#children.delete(key);
    if (this.#choose(4) > 0) return { kind: 'childEnded', mapRun, child, status: 'SUCCEEDED', output: child };
    return { kind: 'childEnded', mapRun, child, status: 'FAILED', error: 'E1' };
  }

  /** Until the next timer is due; all that are due then fire in one turn, in the order of their numbers. */
  #sleep(): void {
    const dueMs = Math.max(this.#nowMs, Math.min(...this.#timers.values()));
    this.#nowMs = dueMs;
    const due = [...this.#timers].filter(([, ms]) => ms <= dueMs).map(([timer]) => timer);
    for (const timer of due) this.#timers.delete(timer);
    this.tell(due.map((timer): Input => ({ kind: 'timerFired', timer })));
  }
}
