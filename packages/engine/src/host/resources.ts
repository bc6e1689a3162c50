import type { ResourceKind, Store, Write } from '../journal/store.ts';
import type { JournalWriter } from './journal-writer.ts';

/** The resources of the control plane as the store has them: each a JSON text under its key. */
export class Resources {
  readonly #store: Store;
  readonly #journal: JournalWriter;
  #changes: Write[] = [];
  #saving: Promise<void> = Promise.resolve();

  constructor(store: Store, journal: JournalWriter) {
    this.#store = store;
    this.#journal = journal;
  }

  /** In the order in which they were first put; the values are what was put. */
  list(of: ResourceKind): readonly { readonly key: string; readonly value: unknown }[] {
    return this.#store.resources(of).map(({ key, value }) => ({ key, value: JSON.parse(value) as unknown }));
  }

  /** Takes effect with {@link saved}. */
  put(of: ResourceKind, key: string, value: object): void {
    this.write({ kind: 'resource', of, key, value: JSON.stringify(value) });
  }

  remove(of: ResourceKind, key: string): void {
    this.write({ kind: 'resource', of, key, value: undefined });
  }

  write(change: Write): void {
    this.#changes.push(change);
  }

  /** Resolves once everything that was put and removed so far is durable, in one commit. */
  async saved(): Promise<void> {
    if (this.#changes.length > 0) {
      const changes = this.#changes;
      this.#changes = [];
      this.#saving = this.#journal.commit(changes);
    }
    await this.#saving;
  }
}
