import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { messageOf, systemErrorCode, UserError } from './user-error.ts';

/** A directory that this process alone writes to, until `release`. */
export interface DataDirectory {
  readonly path: string;
  release(): void;
}

/**
 * Creates the directory where it is missing and takes its lock: a SQLite write lock, which the operating system drops when
 * the process dies, however it dies. Rejects with {@link UserError} when another yard has it.
 */
export async function openDataDirectory(directory: string): Promise<DataDirectory> {
  const path = resolve(directory);
  try {
    makeDirectory(path);
  } catch (error) {
    throw new UserError(
      `The data directory ${path} cannot be created (${systemErrorCode(error) ?? messageOf(error)}): choose another with --data.`,
    );
  }
  const { DatabaseSync: Database } = await import('node:sqlite');
  let database: DatabaseSync | undefined;
  try {
    database = new Database(join(path, 'lock.sqlite'), { timeout: 0 });
    // One commit, because each waits for the disk; the lock is taken anew after it, for as long as the yard lives.
    database.exec(`
      BEGIN IMMEDIATE;
      CREATE TABLE IF NOT EXISTS holder (pid INTEGER NOT NULL);
      DELETE FROM holder;
      INSERT INTO holder VALUES (${process.pid});
      COMMIT;
      BEGIN IMMEDIATE;
    `);
  } catch (error) {
    const holder = database === undefined ? undefined : readHolder(database);
    database?.close();
    if (!messageOf(error).includes('locked')) {
      throw new UserError(
        `The data directory ${path} cannot be used (${messageOf(error)}): choose another with --data.`,
      );
    }
    throw new UserError(
      `The data directory ${path} is in use by another yard${holder === undefined ? '' : ` (process ${holder})`}: ` +
        'stop that one, or choose another directory with --data.',
    );
  }
  const held = database;
  return { path, release: () => held.close() };
}

/** One level at a time: Node's own recursive mode never ends where an existing parent answers ENOENT, as in /proc. */
function makeDirectory(path: string): void {
  if (existsSync(path)) {
    if (statSync(path).isDirectory()) return;
    throw new Error(`${path} is a file`);
  }
  makeDirectory(dirname(path));
  mkdirSync(path);
}

function readHolder(database: DatabaseSync): number | undefined {
  try {
    const pid = database.prepare('SELECT pid FROM holder').get()?.['pid'];
    return typeof pid === 'number' ? pid : undefined;
  } catch {
    return undefined;
  }
}
