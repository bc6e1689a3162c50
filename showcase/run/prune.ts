import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** A run keeps some 8 MB: so many earlier ones are left for whoever wants to look at them again. */
const KEPT = 3;
const RUN = /^showcase-\d{8}-\d{6}(?:-\d+)?$/u;

/** Removes the folders of earlier runs, but for the newest and those that a yard is using. Gives the names of those removed. */
export function pruneRuns(parent: string, kept: number = KEPT): readonly string[] {
  if (!existsSync(parent)) return [];
  const runs = readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && RUN.test(entry.name))
    .map(({ name }) => name)
    .toSorted();
  const removed: string[] = [];
  for (const name of runs.slice(0, Math.max(runs.length - kept, 0))) {
    if (isInUse(join(parent, name))) continue;
    try {
      rmSync(join(parent, name), { recursive: true, force: true });
      removed.push(name);
    } catch {
      // Somebody else's, or on a disk that nobody may write to: it is no reason not to start.
    }
  }
  return removed;
}

/** A yard that runs holds a write lock on this file, which ends with it however it ends. */
function isInUse(directory: string): boolean {
  const lock = join(directory, 'lock.sqlite');
  if (!existsSync(lock)) return false;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(lock, { timeout: 0 });
    database.exec('BEGIN IMMEDIATE; ROLLBACK');
    return false;
  } catch {
    return true;
  } finally {
    database?.close();
  }
}
