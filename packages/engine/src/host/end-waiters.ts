import type { Run } from './run.ts';

/** Who waits for executions to end. */
export class EndWaiters {
  readonly #byRun = new Map<Run, (() => void)[]>();
  #idle: (() => void)[] = [];

  async whenEnded(run: Run): Promise<void> {
    if (run.visible.stopDateMs !== undefined) return;
    await new Promise<void>((resolve) => {
      const waiting = this.#byRun.get(run);
      if (waiting === undefined) this.#byRun.set(run, [resolve]);
      else waiting.push(resolve);
    });
  }

  async whenIdle(): Promise<void> {
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  ended(run: Run, isIdle: boolean): void {
    for (const wake of this.#byRun.get(run) ?? []) wake();
    this.#byRun.delete(run);
    if (!isIdle) return;
    for (const wake of this.#idle) wake();
    this.#idle = [];
  }
}
