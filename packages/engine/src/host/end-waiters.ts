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

  ended(row: ExecutionRow, isIdle: boolean): void {
    const arn = row.started.executionArn;
    for (const wake of this.#byArn.get(arn) ?? []) wake(row);
    this.#byArn.delete(arn);
    if (!isIdle) return;
    for (const wake of this.#idle) wake();
    this.#idle = [];
  }
}
