import type { DatabaseSync } from 'node:sqlite';
import type { Write } from '../store.ts';
import { StoreError } from '../store.ts';
import type { Writer } from './writer.ts';

// Taken when the module loads: a test that replaces the timers of its own code does not stop commits.
const { setImmediate: soon } = globalThis;

/**
 * Commits of the same turn of the event loop share one transaction, and so one flush to the disk. The first failure is the last
 * thing that happens: what follows it must not become durable without it.
 */
export class GroupCommit {
  readonly #database: DatabaseSync;
  readonly #writer: Writer;
  readonly #path: string;
  #waiting: (readonly Write[])[] = [];
  #flush: PromiseWithResolvers<void> | undefined;
  #failure: StoreError | undefined;

  constructor(database: DatabaseSync, writer: Writer, path: string) {
    this.#database = database;
    this.#writer = writer;
    this.#path = path;
  }

  commit(writes: readonly Write[]): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    this.#waiting.push(writes);
    if (this.#flush === undefined) {
      this.#flush = Promise.withResolvers();
      soon(() => this.flush());
    }
    return this.#flush.promise;
  }

  /** Writes what is waiting, now. */
  flush(): void {
    const flush = this.#flush;
    if (flush === undefined) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#flush = undefined;
    try {
      this.#write(waiting);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#failure = new StoreError(
        `The journal ${this.#path} cannot be written (${message}): nothing more is accepted until a restart.`,
      );
      flush.reject(this.#failure);
      return;
    }
    flush.resolve();
  }

  /** From now on every commit is refused. */
  close(): void {
    this.flush();
    this.#failure ??= new StoreError(`The journal ${this.#path} is closed.`);
  }

  #write(commits: readonly (readonly Write[])[]): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      for (const writes of commits) for (const write of writes) this.#writer.apply(write);
      this.#database.exec('COMMIT');
    } catch (error) {
      // A full disk has rolled it back already.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}
