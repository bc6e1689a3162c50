/** Who waits for a job to end. */
export class Waiters {
  readonly #waiting = new Map<string, Set<() => void>>();

  /** Resolves at the next {@link wake} of this id, or when the signal aborts. Never rejects. */
  wait(id: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const set = this.#waiting.get(id) ?? new Set();
      this.#waiting.set(id, set);
      const done = (): void => {
        signal.removeEventListener('abort', done);
        set.delete(done);
        if (set.size === 0 && this.#waiting.get(id) === set) this.#waiting.delete(id);
        resolve();
      };
      set.add(done);
      signal.addEventListener('abort', done);
    });
  }

  wake(id: string): void {
    for (const done of this.#waiting.get(id) ?? []) done();
  }

  wakeAll(): void {
    for (const id of this.#waiting.keys()) this.wake(id);
  }
}
