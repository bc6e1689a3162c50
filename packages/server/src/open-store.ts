import { createMemoryStore, openSqliteStore, StoreError, type Store } from '@stepyard/engine';
import { join } from 'node:path';
import { UserError } from './user-error.ts';

/** `memory`: executions are kept nowhere, whatever else has a data directory. */
export type Durability = 'full' | 'normal' | 'memory';

/** The store of an account's engine, in its data directory if it has one. Throws {@link UserError} when it cannot be opened. */
export function openStore(dataDir: string | undefined, durability: Durability = 'full'): Store {
  if (dataDir === undefined || durability === 'memory') return createMemoryStore();
  try {
    return openSqliteStore({ path: join(dataDir, 'journal.sqlite'), durability });
  } catch (error) {
    throw error instanceof StoreError ? new UserError(error.message) : error;
  }
}
