import type { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../store.ts';

/**
 * The steps from an empty file to the newest format; a file's `user_version` says how many of them it has had. A format that has
 * been released never changes: another one is another step.
 *
 * - `log`: one row a turn, appended only. Rows of one execution are a chain (`previous`), so that a turn dirties no index page; the
 *   end of the chain is in the execution's row, unless the execution is awake: then it is found from `log_from` on.
 * - `execution`: `pending` is 1 while a restart, or the archive, still has to do with it.
 * - `child_block`: child executions that succeeded where they started, of one turn of one map run; their sequence numbers go on from
 *   `first`. `executions` is what their ARNs begin with, `inputs` JSON texts in lines, `outputs` and `counts` JSON texts.
 * - `timer`: of executions that have left memory only.
 * - `snapshot`: how an execution stood after the row of the log at `position`, 0: after its start.
 * - `sum`: checksums of rows (sums.ts); NULL in rows of the formats before the third.
 */
export const STEPS: readonly string[] = [
  `
  CREATE TABLE resource (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    UNIQUE (kind, key)
  ) STRICT;
  CREATE TABLE execution (
    sequence INTEGER PRIMARY KEY,
    arn TEXT NOT NULL UNIQUE,
    owner TEXT NOT NULL,
    version TEXT,
    alias TEXT,
    status TEXT NOT NULL,
    start_ms INTEGER NOT NULL,
    stop_ms INTEGER,
    revision INTEGER NOT NULL,
    interpreter INTEGER NOT NULL,
    pending INTEGER NOT NULL,
    log_from INTEGER NOT NULL,
    log_end INTEGER NOT NULL,
    event_count INTEGER NOT NULL,
    outcome TEXT,
    redrive TEXT,
    child TEXT,
    trace_header TEXT,
    started TEXT NOT NULL
  ) STRICT;
  CREATE INDEX execution_of ON execution (owner, status, sequence);
  CREATE INDEX execution_pending ON execution (sequence) WHERE pending = 1;
  CREATE INDEX execution_ended ON execution (stop_ms) WHERE stop_ms IS NOT NULL AND child IS NULL;
  CREATE TABLE log (
    position INTEGER PRIMARY KEY,
    execution INTEGER NOT NULL,
    previous INTEGER NOT NULL,
    at_event INTEGER NOT NULL,
    time_ms INTEGER NOT NULL,
    inputs TEXT NOT NULL
  ) STRICT;
  CREATE TABLE history (
    execution INTEGER PRIMARY KEY REFERENCES execution ON DELETE CASCADE,
    events BLOB NOT NULL
  ) STRICT;
  CREATE TABLE map_run (
    arn TEXT NOT NULL UNIQUE,
    execution INTEGER NOT NULL REFERENCES execution ON DELETE CASCADE,
    id INTEGER NOT NULL,
    description TEXT NOT NULL,
    PRIMARY KEY (execution, id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE timer (
    due_ms INTEGER NOT NULL,
    execution INTEGER NOT NULL,
    timer INTEGER NOT NULL,
    PRIMARY KEY (due_ms, execution, timer)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE snapshot (
    execution INTEGER NOT NULL REFERENCES execution ON DELETE CASCADE,
    position INTEGER NOT NULL,
    interpreter INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    UNIQUE (execution, position)
  ) STRICT;
  `,
  `
  ALTER TABLE resource ADD COLUMN sum INTEGER;
  ALTER TABLE execution ADD COLUMN sum INTEGER;
  ALTER TABLE execution ADD COLUMN state_sum INTEGER;
  ALTER TABLE execution ADD COLUMN log_sum INTEGER;
  ALTER TABLE log ADD COLUMN sum INTEGER;
  ALTER TABLE history ADD COLUMN sum INTEGER;
  ALTER TABLE map_run ADD COLUMN sum INTEGER;
  ALTER TABLE snapshot ADD COLUMN sum INTEGER;
  `,
  `
  CREATE TABLE child_block (
    position INTEGER PRIMARY KEY,
    first INTEGER NOT NULL UNIQUE,
    count INTEGER NOT NULL,
    owner TEXT NOT NULL,
    executions TEXT NOT NULL,
    is_archived INTEGER NOT NULL,
    common TEXT NOT NULL,
    counts TEXT NOT NULL,
    ids BLOB NOT NULL,
    inputs TEXT NOT NULL,
    outputs TEXT NOT NULL,
    sum INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX child_block_of ON child_block (owner, first);
  CREATE INDEX child_block_named ON child_block (executions, position);
  CREATE INDEX child_block_unarchived ON child_block (first) WHERE is_archived = 0;
  CREATE TABLE child_block_history (
    first INTEGER PRIMARY KEY REFERENCES child_block (first) ON DELETE CASCADE,
    histories BLOB NOT NULL,
    sum INTEGER NOT NULL
  ) STRICT;
  `,
  'ALTER TABLE timer ADD COLUMN sum INTEGER;',
  'ALTER TABLE execution ADD COLUMN count_sum INTEGER;',
];

export const FORMAT_VERSION = STEPS.length;

/** Brings the file to the newest format in one transaction. Throws StoreError for one that is newer still. */
export function migrate(database: DatabaseSync, path: string, steps: readonly string[] = STEPS): void {
  const found = formatOf(database);
  if (found > steps.length) {
    throw new StoreError(
      `The data in ${path} has format ${found}, and this version knows formats up to ${steps.length}: use a newer version, or other data.`,
    );
  }
  // The write lock is taken in any case: one process at a time.
  database.exec('BEGIN IMMEDIATE');
  try {
    for (const step of steps.slice(found)) database.exec(step);
    if (found < steps.length) database.exec(`PRAGMA user_version = ${steps.length}`);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

function formatOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
}
