import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

/** A log group; times are epoch milliseconds. */
export interface LogGroup {
  readonly name: string;
  readonly createdMs: number;
  readonly retentionDays: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

export interface LogStream {
  readonly id: number;
  readonly name: string;
  readonly createdMs: number;
  readonly firstEventMs: number | undefined;
  readonly lastEventMs: number | undefined;
  readonly lastIngestionMs: number | undefined;
}

export interface LogEvent {
  readonly timestampMs: number;
  readonly message: string;
}

export interface StoredEvent extends LogEvent {
  /** Grows with every event that is stored: events of one instant stay in their order. */
  readonly id: number;
  readonly streamName: string;
  readonly ingestionMs: number;
}

/** Which events of a group: all conditions together. `after` and `before` are positions, see {@link StoredEvent}. */
export interface EventQuery {
  readonly group: string;
  readonly streams: readonly string[] | undefined;
  readonly fromMs: number | undefined;
  readonly untilMs: number | undefined;
  readonly after: Position | undefined;
  readonly before: Position | undefined;
  readonly newestFirst: boolean;
  readonly limit: number;
}

export interface Position {
  readonly timestampMs: number;
  readonly id: number;
}

/** One group keeps this many events; beyond it the oldest tenth goes. */
export const EVENTS_PER_GROUP_MAX = 500_000;
const DAY_MS = 86_400_000;

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS groups (
    name TEXT PRIMARY KEY, created_ms INTEGER NOT NULL, retention_days INTEGER, tags TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS streams (
    id INTEGER PRIMARY KEY, group_name TEXT NOT NULL, name TEXT NOT NULL, created_ms INTEGER NOT NULL,
    first_ms INTEGER, last_ms INTEGER, ingested_ms INTEGER, UNIQUE (group_name, name)
  );
  CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY, group_name TEXT NOT NULL, stream INTEGER NOT NULL, time_ms INTEGER NOT NULL,
    ingested_ms INTEGER NOT NULL, message TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS events_by_group ON events (group_name, time_ms, id);
  CREATE INDEX IF NOT EXISTS events_by_stream ON events (stream, time_ms, id);
`;

type Row = Record<string, SQLInputValue>;

/** Log groups, streams and events in `<dataDir>/logs/logs.sqlite`, or in memory. */
export class LogStore {
  readonly account: string;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  /** Events by group, counted as they come. */
  readonly #counts = new Map<string, number>();

  constructor(dataDir: string | undefined, account: string) {
    this.account = account;
    if (dataDir !== undefined) mkdirSync(join(dataDir, 'logs'), { recursive: true });
    this.#database = new DatabaseSync(
      dataDir === undefined ? ':memory:' : join(dataDir, 'logs', 'logs.sqlite'),
    );
    this.#database.exec(SCHEMA);
  }

  group(name: string): LogGroup | undefined {
    const row = this.#statement('SELECT * FROM groups WHERE name = ?').get(name) as Row | undefined;
    return row === undefined ? undefined : groupOf(row);
  }

  /** By name, after the given one. */
  groups(after: string, limit: number, isWanted: (name: string) => boolean): readonly LogGroup[] {
    const found: LogGroup[] = [];
    for (const row of this.#statement('SELECT * FROM groups WHERE name > ? ORDER BY name').iterate(after)) {
      const group = groupOf(row);
      if (isWanted(group.name)) found.push(group);
      if (found.length >= limit) break;
    }
    return found;
  }

  putGroup(group: LogGroup): void {
    this.#statement('INSERT OR REPLACE INTO groups VALUES (?, ?, ?, ?)').run(
      group.name,
      group.createdMs,
      group.retentionDays ?? null,
      JSON.stringify(group.tags),
    );
  }

  deleteGroup(name: string): void {
    for (const [table, column] of [
      ['events', 'group_name'],
      ['streams', 'group_name'],
      ['groups', 'name'],
    ]) {
      this.#statement(`DELETE FROM ${table} WHERE ${column} = ?`).run(name);
    }
    this.#counts.delete(name);
  }

  stream(group: string, name: string): LogStream | undefined {
    const row = this.#statement('SELECT * FROM streams WHERE group_name = ? AND name = ?').get(group, name);
    return row === undefined ? undefined : streamOf(row);
  }

  streams(group: string, prefix: string): readonly LogStream[] {
    return this.#statement('SELECT * FROM streams WHERE group_name = ? ORDER BY name')
      .all(group)
      .map((row) => streamOf(row as Row))
      .filter(({ name }) => name.startsWith(prefix));
  }

  createStream(group: string, name: string, nowMs: number): LogStream {
    this.#statement('INSERT INTO streams (group_name, name, created_ms) VALUES (?, ?, ?)').run(
      group,
      name,
      nowMs,
    );
    const stream = this.stream(group, name);
    if (stream === undefined) throw new Error(`the log stream ${name} was not stored`);
    return stream;
  }

  deleteStream(stream: LogStream): void {
    this.#statement('DELETE FROM events WHERE stream = ?').run(stream.id);
    this.#statement('DELETE FROM streams WHERE id = ?').run(stream.id);
  }

  /** Stores events, all or none. */
  append(group: string, stream: LogStream, events: readonly LogEvent[], nowMs: number): void {
    if (events.length === 0) return;
    const insert = this.#statement(
      'INSERT INTO events (group_name, stream, time_ms, ingested_ms, message) VALUES (?, ?, ?, ?, ?)',
    );
    this.#database.exec('BEGIN');
    try {
      for (const { timestampMs, message } of events)
        insert.run(group, stream.id, timestampMs, nowMs, message);
      const times = events.map(({ timestampMs }) => timestampMs);
      this.#statement(
        `UPDATE streams SET first_ms = min(coalesce(first_ms, ?1), ?1), last_ms = max(coalesce(last_ms, ?2), ?2),
           ingested_ms = ?3 WHERE id = ?4`,
      ).run(Math.min(...times), Math.max(...times), nowMs, stream.id);
      this.#database.exec('COMMIT');
    } catch (error) {
      // A full disk has rolled it back already.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
    this.#trim(group, events.length);
  }

  events(query: EventQuery): readonly StoredEvent[] {
    const conditions = ['e.group_name = ?'];
    const values: SQLInputValue[] = [query.group];
    const where = (condition: string, ...given: readonly SQLInputValue[]): void => {
      conditions.push(condition);
      values.push(...given);
    };
    if (query.streams !== undefined) {
      where(`s.name IN (${query.streams.map(() => '?').join(', ')})`, ...query.streams);
    }
    if (query.fromMs !== undefined) where('e.time_ms >= ?', query.fromMs);
    if (query.untilMs !== undefined) where('e.time_ms < ?', query.untilMs);
    if (query.after !== undefined)
      where('(e.time_ms, e.id) > (?, ?)', query.after.timestampMs, query.after.id);
    if (query.before !== undefined)
      where('(e.time_ms, e.id) < (?, ?)', query.before.timestampMs, query.before.id);
    const direction = query.newestFirst ? 'DESC' : 'ASC';
    const rows = this.#database
      .prepare(
        `SELECT e.id, e.time_ms, e.ingested_ms, e.message, s.name FROM events e JOIN streams s ON s.id = e.stream
         WHERE ${conditions.join(' AND ')} ORDER BY e.time_ms ${direction}, e.id ${direction} LIMIT ?`,
      )
      .all(...values, query.limit);
    return rows.map((row) => eventOf(row as Row));
  }

  storedBytes(group: string): number {
    const row = this.#statement(
      'SELECT sum(length(message) + 26) AS bytes FROM events WHERE group_name = ?',
    ).get(group);
    return Number((row as Row)['bytes'] ?? 0);
  }

  /** Drops what is older than its group's retention. */
  expire(nowMs: number): void {
    this.#statement(
      `DELETE FROM events WHERE group_name IN (SELECT name FROM groups WHERE retention_days IS NOT NULL) AND time_ms <
         ?1 - ${DAY_MS} * (SELECT retention_days FROM groups WHERE name = group_name)`,
    ).run(nowMs);
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #trim(group: string, added: number): void {
    const known = this.#counts.get(group);
    const count = known === undefined ? this.#count(group) : known + added;
    this.#counts.set(group, count);
    if (count <= EVENTS_PER_GROUP_MAX) return;
    this.#statement(
      'DELETE FROM events WHERE id IN (SELECT id FROM events WHERE group_name = ? ORDER BY time_ms, id LIMIT ?)',
    ).run(group, count - EVENTS_PER_GROUP_MAX * 0.9);
    this.#counts.set(group, this.#count(group));
  }

  #count(group: string): number {
    const row = this.#statement('SELECT count(*) AS count FROM events WHERE group_name = ?').get(group);
    return Number((row as Row)['count']);
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

const text = (value: SQLInputValue | undefined): string => (typeof value === 'string' ? value : '');
const optional = (value: SQLInputValue | undefined): number | undefined =>
  value === null || value === undefined ? undefined : Number(value);

function groupOf(row: Row): LogGroup {
  return {
    name: text(row['name']),
    createdMs: Number(row['created_ms']),
    retentionDays: optional(row['retention_days']),
    tags: JSON.parse(text(row['tags'])) as Record<string, string>,
  };
}

function streamOf(row: Row): LogStream {
  return {
    id: Number(row['id']),
    name: text(row['name']),
    createdMs: Number(row['created_ms']),
    firstEventMs: optional(row['first_ms']),
    lastEventMs: optional(row['last_ms']),
    lastIngestionMs: optional(row['ingested_ms']),
  };
}

function eventOf(row: Row): StoredEvent {
  return {
    id: Number(row['id']),
    streamName: text(row['name']),
    timestampMs: Number(row['time_ms']),
    ingestionMs: Number(row['ingested_ms']),
    message: text(row['message']),
  };
}
