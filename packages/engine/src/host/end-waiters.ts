import type { ExecutionRow } from '../journal/store.ts';
import type { Run } from './run.ts';

/** Who waits for executions to end. */
export class EndWaiters {
  readonly #byArn = new Map<string, ((row: ExecutionRow) => void)[]>();
  #idle: (() => void)[] = [];

  /** Resolves with its row as it was then: whatever becomes of it later. */
  async whenEnded(run: Run): Promise<ExecutionRow> {
    if (run.hasEnded) return run.row;
    return new Promise((resolve) => {
      const waiting = this.#byArn.get(run.arn);
      if (waiting === undefined) this.#byArn.set(run.arn, [resolve]);
      else waiting.push(resolve);
    });
  }

  async whenIdle(): Promise<void> {
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  ended(run: Run, isIdle: boolean): void {
    for (const wake of this.#byArn.get(run.arn) ?? []) wake(run.row);
    this.#byArn.delete(run.arn);
    if (!isIdle) return;
    for (const wake of this.#idle) wake();
    this.#idle = [];
  }
}
