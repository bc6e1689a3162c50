import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pruneStore, StoreError } from '@stepyard/engine';
import { openDataDirectory } from '../data-directory.ts';
import { openStore } from '../open-store.ts';
import { UserError } from '../user-error.ts';
import type { PruneArguments } from './arguments.ts';
import type { Output } from './output.ts';

const DAY_MS = 86_400_000;

/** Forgets executions of a data directory that no yard uses. Throws UserError. */
export async function pruneData({ dataDir, olderThanDays }: PruneArguments, output: Output): Promise<number> {
  if (!existsSync(dataDir)) throw new UserError(`There is no data directory ${dataDir}.`);
  const directory = await openDataDirectory(dataDir);
  try {
    const endedBeforeMs = Date.now() - olderThanDays * DAY_MS;
    let executions = 0;
    for (const path of journalDirectories(directory.path)) executions += await pruneOne(path, endedBeforeMs);
    const ended = olderThanDays === 1 ? '1 day' : `${olderThanDays} days`;
    output.out(`Forgot ${executions} executions that ended more than ${ended} ago.\n`);
    return 0;
  } finally {
    directory.release();
  }
}

/** The main account's, and those of the others. */
function journalDirectories(dataDir: string): string[] {
  const others = join(dataDir, 'accounts');
  const all = [dataDir, ...(existsSync(others) ? readdirSync(others).map((id) => join(others, id)) : [])];
  return all.filter((path) => existsSync(join(path, 'journal.sqlite')));
}

async function pruneOne(dataDir: string, endedBeforeMs: number): Promise<number> {
  const store = openStore(dataDir);
  try {
    return (await pruneStore(store, endedBeforeMs)).executions;
  } catch (error) {
    throw error instanceof StoreError ? new UserError(error.message) : error;
  } finally {
    await store.close();
  }
}
