import type { Store, Write } from '../journal/store.ts';
import type { EngineLogEntry } from './engine-api.ts';

/**
 * The only way to the store. After a write that failed nothing more is written: what is in memory is ahead of what is durable, and
 * stays out of sight. The engine says so once, and refuses what would change anything until it is opened again.
 */
export class JournalWriter {
  readonly #store: Store;
  readonly #log: (entry: EngineLogEntry) => void;
  #failure: Error | undefined;

  constructor(store: Store, log: (entry: EngineLogEntry) => void) {
    this.#store = store;
    this.#log = log;
  }

  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** Resolves once the writes are durable, all of them. */
  async commit(writes: readonly Write[]): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      await this.#store.commit(writes);
    } catch (error) {
      throw this.#fail(error);
    }
  }

  #fail(error: unknown): Error {
    if (this.#failure === undefined) {
      this.#failure = error instanceof Error ? error : new Error(String(error));
      this.#log({ level: 'error', message: this.#failure.message });
    }
    return this.#failure;
  }
}
