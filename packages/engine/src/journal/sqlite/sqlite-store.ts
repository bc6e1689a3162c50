import { existsSync } from 'node:fs';
import { DatabaseSync, type StatementSync, type SQLInputValue } from 'node:sqlite';
import type {
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
import { GroupCommit } from './group-commit.ts';
import {
  EXECUTION_COLUMNS,
  blob,
  executionRow,
  mapRunRow,
  number,
  text,
  timerRow,
  type SqlRow,
} from './rows.ts';
import { migrate } from './schema.ts';
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
    migrate(database, path);
    if (options.pagesMax !== undefined) database.exec(`PRAGMA max_page_count = ${options.pagesMax}`);
    return new SqliteStore(database, path);
  } catch (error) {
    database?.close();
    throw error instanceof StoreError ? error : new StoreError(openFailure(path, error));
  }
}

function openFailure(path: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes('locked')) return `The journal ${path} is in use by another process.`;
  if (message.includes('not a database')) return `${path} is no journal of Stepyard.`;
  if (message.includes('malformed'))
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
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync, path: string) {
    this.#database = database;
    this.#path = path;
    this.#writer = new Writer(database, this.#readLogEnds());
    this.#commits = new GroupCommit(database, this.#writer, path);
  }

  commit(writes: readonly Write[]): Promise<void> {
    return this.#commits.commit(writes);
  }

  resources(kind: ResourceKind): readonly Resource[] {
    const rows = this.#all('SELECT key, value FROM resource WHERE kind = ? ORDER BY rowid', kind);
    return rows.map((row) => ({ key: text(row, 'key'), value: text(row, 'value') }));
  }

  resource(kind: ResourceKind, key: string): string | undefined {
    const [row] = this.#all('SELECT value FROM resource WHERE kind = ? AND key = ?', kind, key);
    return row === undefined ? undefined : text(row, 'value');
  }

  execution(key: ExecutionKey): ExecutionRow | undefined {
    const column = typeof key === 'number' ? 'sequence' : 'arn';
    const [row] = this.#all(`SELECT ${EXECUTION_COLUMNS} FROM execution WHERE ${column} = ?`, key);
    return row === undefined ? undefined : executionRow(row);
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
      return this.#all(
        `SELECT ${EXECUTION_COLUMNS} FROM execution WHERE ${all.join(' AND ')} ORDER BY sequence DESC LIMIT ?`,
        ...given,
        limit,
      ).map(executionRow);
    });
    return found.toSorted((a, b) => b.sequence - a.sequence).slice(0, limit);
  }

  runningCount(): number {
    const sql = "SELECT count(*) AS n FROM execution WHERE status = 'RUNNING'";
    return this.#number(sql, 'n') ?? 0;
  }

  awake(): readonly ExecutionRow[] {
    return this.#all(
      `SELECT ${EXECUTION_COLUMNS} FROM execution WHERE pending = 1 AND stop_ms IS NULL ORDER BY sequence`,
    ).map(executionRow);
  }

  turns(execution: number, mark = 0): readonly TurnRecord[] {
    const found: TurnRecord[] = [];
    for (let position = this.#writer.logEnd(execution); position > mark;) {
      const sql = 'SELECT execution, previous, at_event, time_ms, inputs FROM log WHERE position = ?';
      const [row] = this.#all(sql, position);
      if (row === undefined || number(row, 'execution') !== execution)
        throw new StoreError(`The journal ${this.#path} is damaged: turns of an execution are missing.`);
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
    const sql = 'SELECT position, interpreter, bytes FROM snapshot WHERE execution = ? ORDER BY position';
    return this.#all(sql, execution).map((row) => ({
      mark: number(row, 'position'),
      interpreter: number(row, 'interpreter'),
      bytes: blob(row, 'bytes'),
    }));
  }

  history(execution: number): Uint8Array | undefined {
    const [row] = this.#all('SELECT events FROM history WHERE execution = ?', execution);
    const events = row?.['events'];
    return events instanceof Uint8Array ? events : undefined;
  }

  unarchived(limit: number): readonly ExecutionRow[] {
    return this.#all(
      `SELECT ${EXECUTION_COLUMNS} FROM execution WHERE pending = 1 AND stop_ms IS NOT NULL ORDER BY sequence LIMIT ?`,
      limit,
    ).map(executionRow);
  }

  endedBefore(timeMs: number, limit: number): readonly ExecutionRow[] {
    return this.#all(
      `SELECT ${EXECUTION_COLUMNS} FROM execution WHERE stop_ms IS NOT NULL AND child IS NULL AND stop_ms < ? ORDER BY stop_ms LIMIT ?`,
      timeMs,
      limit,
    ).map(executionRow);
  }

  mapRun(arn: string): MapRunRow | undefined {
    const [row] = this.#all('SELECT arn, execution, id, description FROM map_run WHERE arn = ?', arn);
    return row === undefined ? undefined : mapRunRow(row);
  }

  mapRunsOf(execution: number): readonly MapRunRow[] {
    const sql = 'SELECT arn, execution, id, description FROM map_run WHERE execution = ? ORDER BY id';
    return this.#all(sql, execution).map(mapRunRow);
  }

  dueTimers(untilMs: number, limit: number): readonly TimerRow[] {
    const sql =
      'SELECT due_ms, execution, timer FROM timer WHERE due_ms <= ? ORDER BY due_ms, execution, timer LIMIT ?';
    return this.#all(sql, untilMs, limit).map(timerRow);
  }

  nextTimerMs(): number | undefined {
    return this.#number('SELECT min(due_ms) AS due FROM timer', 'due');
  }

  lastSequence(): number {
    return this.#number('SELECT max(sequence) AS last FROM execution', 'last') ?? 0;
  }

  lastRevision(): number {
    const sql = "SELECT max(CAST(key AS INTEGER)) AS last FROM resource WHERE kind = 'revision'";
    return this.#number(sql, 'last') ?? 0;
  }

  tally(): readonly Tally[] {
    const sql = 'SELECT owner, status, count(*) AS n FROM execution GROUP BY owner, status';
    return this.#all(sql)
      .map((row) => ({
        machineArn: text(row, 'owner'),
        status: text(row, 'status') as Tally['status'],
        count: number(row, 'n'),
      }))
      .filter(({ machineArn }) => !machineArn.includes(':mapRun:'));
  }

  async close(): Promise<void> {
    this.#commits.close();
    if (this.#database.isOpen) this.#database.close();
  }

  /** The ends of the chains of those that are awake: nothing of theirs is before the lowest `log_from`, but what `log_end` says. */
  #readLogEnds(): { ends: Map<number, number>; nextPosition: number } {
    const ends = new Map<number, number>();
    let from = Number.MAX_SAFE_INTEGER;
    let next = 1 + (this.#number('SELECT max(position) AS last FROM log', 'last') ?? 0);
    const awake = 'SELECT sequence, log_from, log_end FROM execution WHERE pending = 1 AND stop_ms IS NULL';
    for (const row of this.#all(awake)) {
      ends.set(number(row, 'sequence'), number(row, 'log_end'));
      from = Math.min(from, number(row, 'log_from'));
      next = Math.max(next, number(row, 'log_from'));
    }
    const tail = 'SELECT execution, max(position) AS last FROM log WHERE position >= ? GROUP BY execution';
    for (const row of ends.size === 0 ? [] : this.#all(tail, from)) {
      const execution = number(row, 'execution');
      if (ends.has(execution)) ends.set(execution, number(row, 'last'));
    }
    return { ends, nextPosition: next };
  }

  #number(sql: string, name: string): number | undefined {
    const value = this.#all(sql)[0]?.[name];
    return typeof value === 'number' ? value : undefined;
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
