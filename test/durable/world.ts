/** Everything outside the engine: it does what tasks ask for, badly, and remembers what it was asked. */
import type { Clock, Store, TaskReporter, TaskRequest, TaskResult, TaskRunner } from '@stepyard/engine';
import { openTasks } from '@stepyard/engine';
import type { Seeded } from './seeded.ts';

/** What becomes of a call: answered, failed, a bug of the runner, done without an answer, answered late, answered after it was given up. */
type CallFate = 'ok' | 'error' | 'reject' | 'silent' | 'slow' | 'late';

export class World implements TaskRunner {
  /** What a right engine never does. */
  readonly wrong: string[] = [];
  /** Tokens that somebody outside holds. */
  readonly tokens: string[] = [];
  /** Calls that were made, by their keys: each at most once, whatever crashes (I6). */
  readonly made = new Set<string>();
  hasFaults = true;
  readonly #inFlight = new Set<TaskRequest>();
  readonly #random: Seeded;
  readonly #store: Store;
  #clock: Clock;

  constructor(random: Seeded, store: Store, clock: Clock) {
    this.#random = random;
    this.#store = store;
    this.#clock = clock;
  }

  async run(request: TaskRequest, report: TaskReporter, signal: AbortSignal): Promise<TaskResult> {
    this.#note(request);
    this.#inFlight.add(request);
    const result = await this.#answer(request, report, signal);
    this.#inFlight.delete(request);
    return result;
  }

  /** What an engine must not do after a restart. */
  callAgain(): void {
    for (const request of this.#inFlight) this.#note(request);
  }

  async #answer(request: TaskRequest, report: TaskReporter, signal: AbortSignal): Promise<TaskResult> {
    const { token } = request;
    const fate = this.#fate();
    if (fate === 'slow') await this.#pause(500 + this.#random.below(4000));
    if (fate === 'late') {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    }
    if (fate === 'silent') return NEVER;
    if (fate === 'reject') throw new Error('a bug in a task runner');
    if (fate === 'error') return { kind: 'failed', error: 'E1', cause: undefined };
    if (token !== undefined) {
      this.tokens.push(token);
      // Told twice: once is what counts.
      if (this.#random.oneIn(4)) report.submitted({ told: 1 });
    }
    return { kind: 'succeeded', output: { n: this.made.size } };
  }

  /** An effect is dispatched once its turn is durable, and once only; an Express execution may begin again after a crash (I13). */
  #note({ executionArn, attemptId }: TaskRequest): void {
    const task = Number(attemptId.slice(attemptId.lastIndexOf(':') + 1));
    if (!openTasks(this.#store, executionArn).has(task))
      this.wrong.push(`${attemptId} was called before it was durable`);
    if (this.made.has(attemptId) && !executionArn.includes(':express:'))
      this.wrong.push(`${attemptId} was called again`);
    this.made.add(attemptId);
  }

  #fate(): CallFate {
    if (!this.hasFaults) return 'ok';
    const fates: readonly CallFate[] = [
      'ok',
      'ok',
      'ok',
      'ok',
      'ok',
      'error',
      'silent',
      'slow',
      'slow',
      'late',
    ];
    if (this.#random.oneIn(50)) return 'reject';
    return this.#random.pick(fates) ?? 'ok';
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#clock.at(this.#clock.now() + ms, resolve));
  }
}

const NEVER = new Promise<never>(() => undefined);
