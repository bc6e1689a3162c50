/** A store as one process sees it: it may fail, be slow, and be cut off by the death of the process. */
import type { Store, Write } from '@stepyard/engine';
import { StoreError } from '@stepyard/engine';

/** What becomes of a commit: it fails and nothing is written; it is written and fails all the same; it takes a while. */
export type CommitFate = 'well' | 'error before' | 'error after' | 'slow';

export interface MountOptions {
  readonly fate: () => CommitFate;
  /** Resolves when a slow commit goes on. */
  readonly pause: () => Promise<void>;
  /** A seeded bug: does something else with the writes than to commit them. */
  readonly commit?: BadCommit;
}

export type BadCommit = (
  store: Store,
  writes: readonly Write[],
  life: { readonly isDead: () => boolean; readonly pause: () => Promise<void> },
) => Promise<void>;

export interface Mount {
  readonly store: Store;
  /** From now on nothing reaches the store, and nothing comes back: the process is dead. */
  die(): void;
  /** Whether a commit was refused: the engine accepts nothing more. */
  readonly hasFailed: boolean;
}

export function mount(store: Store, { fate, pause, commit }: MountOptions): Mount {
  let isDead = false;
  let hasFailed = false;
  let last: Promise<unknown> = Promise.resolve();
  const one = async (writes: readonly Write[], how: CommitFate): Promise<void> => {
    if (how === 'slow') await pause();
    if (isDead) return NEVER;
    if (hasFailed || how === 'error before') {
      hasFailed = true;
      throw new StoreError('the disk is away');
    }
    await (commit === undefined
      ? store.commit(writes)
      : commit(store, writes, { isDead: () => isDead, pause }));
    if (isDead) return NEVER;
    if (how === 'error after') {
      hasFailed = true;
      throw new StoreError('the disk has gone away');
    }
  };
  const mounted = new Proxy(store, {
    get(target, name) {
      if (name === 'commit')
        return (writes: readonly Write[]): Promise<void> => {
          // Archiving goes by the machine's own time: it must not use up what the seed decides.
          const how = writes.every(({ kind }) => kind === 'archived') ? 'well' : fate();
          const done = last.then(() => one(writes, how));
          last = done.catch(() => undefined);
          return done;
        };
      // The data outlives the process.
      if (name === 'close') return () => Promise.resolve();
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return {
    store: mounted,
    die: () => {
      isDead = true;
    },
    get hasFailed() {
      return hasFailed;
    },
  };
}

const NEVER = new Promise<never>(() => undefined);
