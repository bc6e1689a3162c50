import { existsSync } from 'node:fs';
import { DatabaseSync, type StatementSync, type SQLInputValue } from 'node:sqlite';
import type { ChildBlock } from '../child-block.ts';
import { mayBeInBlocks, merged } from '../child-block.ts';
import type {
  BlockHistory,
  ExecutionFilter,
  ExecutionKey,
  ExecutionRow,
  MapRunRow,
  Resource,
  ResourceKind,
  SnapshotRow,
  Store,
  Tally,
  TimerRow,
  TurnRecord,
  Write,
} from '../store.ts';
import { StoreError } from '../store.ts';
import { ReplayMismatch } from '../replay.ts';
import { SqliteBlocks } from './blocks.ts';
import { GroupCommit } from './group-commit.ts';
import { readLogEnds } from './log-ends.ts';
import {
  Damage,
  EXECUTION_COLUMNS,
  MAP_RUN_COLUMNS,
  blob,
  executionRow,
  mapRunRow,
  number,
  text,
  timerRow,
  valueOf,
  type SqlRow,
} from './rows.ts';
import { migrate } from './schema.ts';
import { LOG_SUM, isWhole, sumOfBytes } from './sums.ts';
import { Writer } from './writer.ts';

export interface SqliteStoreOptions {
  /** The file; it is created when it does not exist. */
  readonly path: string;
  /**
   * `full`, the default: what was acknowledged survives a power cut. `normal`: it survives the death of the process; a power cut may
   * take the last moments.
   */
  readonly durability?: 'full' | 'normal' | undefined;
  /** As if the disk were no larger: pages of 4096 bytes. */
  readonly pagesMax?: number | undefined;
}

/** Pages of the log that SQLite collects before it moves them into the file: fewer flushes than its own 1000. */
const CHECKPOINT_PAGES = 4000;
/** Of the file, in memory: what a million executions need besides their rows. */
const CACHE_KIB = 32_768;
/** A file no larger than this is looked through when it is opened: 4 ms a MiB. Of a larger one, each row is when it is read. */
const CHECKED_MIB = 8;

/**
 * Opens the journal and takes it for this process alone. Throws {@link StoreError}, in one line, when it is in use, cannot be read or
 * written, is no journal, is damaged, or has a format newer than this version knows.
 */
export function openSqliteStore(options: SqliteStoreOptions): Store {
  const { path } = options;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: 0 });
    database.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = ${options.durability === 'normal' ? 'NORMAL' : 'FULL'};
      PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
      PRAGMA foreign_keys = ON;
      PRAGMA cache_size = -${CACHE_KIB};
    `);
    checkStructure(database);
    migrate(database, path);
    if (options.pagesMax !== undefined) database.exec(`PRAGMA max_page_count = ${options.pagesMax}`);
    return new SqliteStore(database, path);
  } catch (error) {
    database?.close();
    throw error instanceof StoreError ? error : new StoreError(openFailure(path, error));
  }
}

/** Throws where a page of the file is not as it can be: rows might be missing. */
function checkStructure(database: DatabaseSync): void {
  const size = database
    .prepare('SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size')
    .get();
  if (Number(size?.['bytes']) > CHECKED_MIB * 1_048_576) return;
  const found = database.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check'];
  if (found !== 'ok') throw new Damage('malformed');
}

function openFailure(path: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes('locked')) return `The journal ${path} is in use by another process.`;
  if (message.includes('not a database')) return `${path} is no journal of Stepyard.`;
  if (message.includes('malformed') || error instanceof Damage)
    return `The journal ${path} is damaged: restore it, or begin with new data.`;
  if (message.includes('readonly')) return `The journal ${path} cannot be written: check its permissions.`;
  if (existsSync(path)) return `The journal ${path} cannot be opened (${message}).`;
  return `The journal ${path} cannot be created (${message}).`;
}

class SqliteStore implements Store {
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #writer: Writer;
  readonly #commits: GroupCommit;
  readonly #blocks: SqliteBlocks;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync, path: string) {
    this.#database = database;
    this.#path = path;
    this.#blocks = new SqliteBlocks(path, (convert, sql, ...values) => this.#read(convert, sql, ...values));
    this.#writer = new Writer(
      database,
      readLogEnds((...query) => this.#all(...query)),
    );
    this.#commits = new GroupCommit(database, this.#writer, path);
  }

  commit(writes: readonly Write[]): Promise<void> {
    const committed = this.#commits.commit(writes);
    const removed = (): void => this.#blocks.removed();
    if (writes.some(({ kind }) => kind === 'removed')) committed.then(removed, removed);
    return committed;
  }

  resources(kind: ResourceKind): readonly Resource[] {
    const sql = 'SELECT kind, key, value, sum FROM resource WHERE kind = ? ORDER BY rowid';
    return this.#read((row) => ({ key: text(row, 'key'), value: valueOf(row) }), sql, kind);
  }

  resource(kind: ResourceKind, key: string): string | undefined {
    const sql = 'SELECT kind, key, value, sum FROM resource WHERE kind = ? AND key = ?';
    return this.#read(valueOf, sql, kind, key)[0];
  }

  execution(key: ExecutionKey): ExecutionRow | undefined {
    const column = typeof key === 'number' ? 'sequence' : 'arn';
    const sql = `SELECT ${EXECUTION_COLUMNS} FROM execution WHERE ${column} = ?`;
    return this.#read(executionRow, sql, key)[0] ?? this.#blocks.execution(key);
  }

  executions(filter: ExecutionFilter): readonly ExecutionRow[] {
    const { of, limit } = filter;
    const conditions: string[] = [];
    const values: SQLInputValue[] = [];
    const where = (condition: string, value?: SQLInputValue): void => {
      conditions.push(condition);
      if (value !== undefined) values.push(value);
    };
    if (of === 'all') where('child IS NULL');
    else where('owner = ?', 'machineArn' in of ? of.machineArn : of.mapRunArn);
    where('sequence < ?', filter.before ?? Number.MAX_SAFE_INTEGER);
    if (filter.startedBy !== undefined) where('? IN (version, alias)', filter.startedBy);
    if (filter.isRedriven !== undefined) where(`redrive IS ${filter.isRedriven ? 'NOT ' : ''}NULL`);
    // The index has them in order within a status: a page of each is read, however many there are.
    const statuses = filter.status === undefined && of !== 'all' ? STATUSES : [filter.status];
    const found = statuses.flatMap((status) => {
      const all = status === undefined ? conditions : [...conditions, 'status = ?'];
      const given = status === undefined ? values : [...values, status];
      return this.#read(
        executionRow,
        `SELECT ${EXECUTION_COLUMNS} FROM execution WHERE ${all.join(' AND ')} ORDER BY sequence DESC LIMIT ?`,
        ...given,
        limit,
      );
    });
    const rows = found.toSorted((a, b) => b.sequence - a.sequence);
    if (of === 'all' || !('mapRunArn' in of) || !mayBeInBlocks(filter)) return rows.slice(0, limit);
    const before = filter.before ?? Number.MAX_SAFE_INTEGER;
    return merged(rows, this.#blocks.ofMapRun(of.mapRunArn, before, limit), limit);
  }

  runningCount(): number {
    const sql = "SELECT count(*) AS n FROM execution WHERE status = 'RUNNING'";
    return this.#number(sql, 'n') ?? 0;
  }

  awake(): readonly ExecutionRow[] {
    return this.#read(
      executionRow,
      `SELECT ${EXECUTION_COLUMNS} FROM execution WHERE pending = 1 AND stop_ms IS NULL ORDER BY sequence`,
    );
  }

  mark(execution: number): number {
    return this.#writer.logEnd(execution);
  }

  turns(execution: number, mark = 0): readonly TurnRecord[] {
    const found: TurnRecord[] = [];
    for (let position = this.#writer.logEnd(execution); position > mark;) {
      const sql =
        'SELECT position, execution, previous, at_event, time_ms, inputs, sum FROM log WHERE position = ?';
      const [row] = this.#all(sql, position);
      if (row === undefined || row['execution'] !== execution || !isWhole(row, 'sum', LOG_SUM))
        throw new ReplayMismatch(`the journal ${this.#path} is damaged where its turns are`);
      found.push({
        execution,
        atEventId: number(row, 'at_event'),
        timeMs: number(row, 'time_ms'),
        inputs: text(row, 'inputs'),
      });
      position = number(row, 'previous');
    }
    return found.toReversed();
  }

  snapshots(execution: number): readonly SnapshotRow[] {
    const sql =
      'SELECT execution, position, interpreter, bytes, sum FROM snapshot WHERE execution = ? ORDER BY position';
    const rows = this.#all(sql, execution);
    // Which turns they have in them must be sure; their bytes have a checksum of their own. Without them all turns are replayed.
    if (!rows.every((row) => isWhole(row, 'sum', ['execution', 'position', 'interpreter']))) return [];
    return rows.map((row) => ({
      mark: number(row, 'position'),
      interpreter: number(row, 'interpreter'),
      bytes: blob(row, 'bytes'),
    }));
  }

  history(execution: number): Uint8Array | undefined {
    const [row] = this.#all('SELECT events, sum FROM history WHERE execution = ?', execution);
    // Whatever has ended and is settled has one.
    const settled = 'SELECT 1 FROM execution WHERE sequence = ? AND pending = 0 AND stop_ms IS NOT NULL';
    if (row === undefined && this.#all(settled, execution).length === 0) return undefined;
    const { events, sum = null } = row ?? {};
    if (events instanceof Uint8Array && (sum === null || sum === sumOfBytes(events, execution)))
      return events;
    throw new ReplayMismatch(`the journal ${this.#path} is damaged where its history is`);
  }

  blockHistory(execution: number): BlockHistory | undefined {
    return this.#blocks.history(execution);
  }

  unarchivedBlock(after: number): ChildBlock | undefined {
    return this.#blocks.unarchived(after);
  }

  unarchived(limit: number): readonly ExecutionRow[] {
    return this.#read(
      executionRow,
      `SELECT ${EXECUTION_COLUMNS} FROM execution WHERE pending = 1 AND stop_ms IS NOT NULL ORDER BY sequence LIMIT ?`,
      limit,
    );
  }

  endedBefore(timeMs: number, limit: number): readonly ExecutionRow[] {
    return this.#read(
      executionRow,
      `SELECT ${EXECUTION_COLUMNS} FROM execution WHERE stop_ms IS NOT NULL AND child IS NULL AND stop_ms < ? ORDER BY stop_ms LIMIT ?`,
      timeMs,
      limit,
    );
  }

  mapRun(arn: string): MapRunRow | undefined {
    return this.#read(mapRunRow, `SELECT ${MAP_RUN_COLUMNS} FROM map_run WHERE arn = ?`, arn)[0];
  }

  mapRunsOf(execution: number): readonly MapRunRow[] {
    const sql = `SELECT ${MAP_RUN_COLUMNS} FROM map_run WHERE execution = ? ORDER BY id`;
    return this.#read(mapRunRow, sql, execution);
  }

  dueTimers(untilMs: number, limit: number): readonly TimerRow[] {
    const sql =
      'SELECT due_ms, execution, timer, sum FROM timer WHERE due_ms <= ? ORDER BY due_ms, execution, timer LIMIT ?';
    return this.#read(timerRow, sql, untilMs, limit);
  }

  nextTimerMs(): number | undefined {
    return this.#number('SELECT min(due_ms) AS due FROM timer', 'due');
  }

  lastSequence(): number {
    const last = this.#number('SELECT max(sequence) AS last FROM execution', 'last') ?? 0;
    return Math.max(last, this.#blocks.lastSequence());
  }

  lastRevision(): number {
    const sql = "SELECT max(CAST(key AS INTEGER)) AS last FROM resource WHERE kind = 'revision'";
    return this.#number(sql, 'last') ?? 0;
  }

  tally(): readonly Tally[] {
    const sql = 'SELECT owner, status, count(*) AS n FROM execution GROUP BY owner, status';
    const tallyOf = (row: SqlRow): Tally => ({
      machineArn: text(row, 'owner'),
      status: text(row, 'status') as Tally['status'],
      count: number(row, 'n'),
    });
    return this.#read(tallyOf, sql).filter(({ machineArn }) => !machineArn.includes(':mapRun:'));
  }

  revisionsInUse(): ReadonlySet<number> {
    const rows = this.#all('SELECT DISTINCT revision FROM execution');
    return new Set(rows.map((row) => number(row, 'revision')));
  }

  compact(): void {
    this.#commits.flush();
    if (this.#number('PRAGMA freelist_count', 'freelist_count') === 0) return;
    try {
      this.#database.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)');
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new StoreError(
        `The journal ${this.#path} cannot be made smaller (${message}): it stays as it is.`,
      );
    }
  }

  async close(): Promise<void> {
    this.#commits.close();
    if (this.#database.isOpen) this.#database.close();
  }

  #number(sql: string, name: string): number | undefined {
    const value = this.#all(sql)[0]?.[name];
    return typeof value === 'number' ? value : undefined;
  }

  /** Throws StoreError for a row that is not as it was written. */
  #read<Found>(make: (row: SqlRow) => Found, sql: string, ...values: readonly SQLInputValue[]): Found[] {
    try {
      return this.#all(sql, ...values).map((row) => make(row));
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      throw new StoreError(
        `The journal ${this.#path} is damaged (${error.message}): restore it, or begin with new data.`,
      );
    }
  }

  #all(sql: string, ...values: readonly SQLInputValue[]): readonly SqlRow[] {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.#database.prepare(sql)));
    try {
      return statement.all(...values);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new StoreError(`The journal ${this.#path} cannot be read (${message}).`);
    }
  }
}

const STATUSES = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const;
