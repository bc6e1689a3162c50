import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

/** `StateMachineArn` -> its ARN, in the order of the names. */
export type Dimensions = Readonly<Record<string, string>>;

export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Dimensions;
}

/** What was measured in one minute. */
export interface Aggregate {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /** Value and how often, for percentiles; undefined where only sums were given, or there were too many. */
  readonly values: readonly (readonly [value: number, count: number])[] | undefined;
}

export interface Datapoint extends Aggregate {
  /** Start of the minute, epoch milliseconds. */
  readonly startMs: number;
  readonly unit: string;
}

export interface Measurement extends Metric {
  readonly timestampMs: number;
  readonly unit: string;
  readonly aggregate: Aggregate;
}

export const MINUTE_MS = 60_000;
/** As long as CloudWatch keeps minutes. */
const RETENTION_MS = 15 * 86_400_000;
/** Metrics, in all; measurements of any more are refused. */
export const METRICS_MAX = 10_000;
/** Different values of a minute that percentiles are made of. */
const VALUES_MAX = 500;

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS metrics (
    id INTEGER PRIMARY KEY, namespace TEXT NOT NULL, name TEXT NOT NULL, dimensions TEXT NOT NULL,
    UNIQUE (namespace, name, dimensions)
  );
  CREATE TABLE IF NOT EXISTS points (
    metric INTEGER NOT NULL, start_ms INTEGER NOT NULL, unit TEXT NOT NULL, count REAL NOT NULL, sum REAL NOT NULL,
    min REAL NOT NULL, max REAL NOT NULL, value_counts TEXT, PRIMARY KEY (metric, start_ms, unit)
  ) WITHOUT ROWID;
`;

type Row = Readonly<Record<string, string | number | null>>;

/** Metrics by the minute in `<dataDir>/cloudwatch/metrics.sqlite`, or in memory. What is recorded is written a little later, in one go. */
export class MetricStore {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #ids = new Map<string, number>();
  /** Not yet written, by metric, minute and unit. */
  readonly #pending = new Map<string, { id: number; startMs: number; unit: string; aggregate: Aggregate }>();

  constructor(dataDir: string | undefined) {
    if (dataDir !== undefined) mkdirSync(join(dataDir, 'cloudwatch'), { recursive: true });
    this.#database = new DatabaseSync(
      dataDir === undefined ? ':memory:' : join(dataDir, 'cloudwatch', 'metrics.sqlite'),
    );
    this.#database.exec(SCHEMA);
    for (const row of this.#all('SELECT * FROM metrics'))
      this.#ids.set(keyOf(metricOf(row)), Number(row['id']));
  }

  /** False when there are too many metrics already. */
  record(measurement: Measurement): boolean {
    const { timestampMs, unit, aggregate } = measurement;
    const id = this.#id(measurement);
    if (id === undefined) return false;
    const startMs = Math.floor(timestampMs / MINUTE_MS) * MINUTE_MS;
    const key = `${id} ${startMs} ${unit}`;
    const before = this.#pending.get(key)?.aggregate;
    const merged = before === undefined ? aggregate : merge(before, aggregate);
    this.#pending.set(key, { id, startMs, unit, aggregate: merged });
    return true;
  }

  /** Metrics by namespace, name and dimensions, beginning after `after`, each with the key of its place. */
  list(after: string, limit: number, matches: (metric: Metric) => boolean): (Metric & { key: string })[] {
    const found: (Metric & { key: string })[] = [];
    for (const key of [...this.#ids.keys()].filter((item) => item > after).toSorted(compare)) {
      const [namespace = '', name = '', dimensions = '{}'] = JSON.parse(key) as string[];
      const metric = { namespace, name, dimensions: JSON.parse(dimensions) as Dimensions };
      if (matches(metric)) found.push({ ...metric, key });
      if (found.length === limit) break;
    }
    return found;
  }

  /** The minutes of a metric from `fromMs` until before `untilMs`, in order. */
  read(metric: Metric, fromMs: number, untilMs: number, unit: string | undefined): Datapoint[] {
    this.flush();
    const id = this.#ids.get(keyOf(metric));
    if (id === undefined) return [];
    const rows = this.#all(
      'SELECT * FROM points WHERE metric = ? AND start_ms >= ? AND start_ms < ? ORDER BY start_ms',
      id,
      fromMs,
      untilMs,
    );
    return rows.map(pointOf).filter((point) => unit === undefined || point.unit === unit);
  }

  /** When a metric last had a datapoint, epoch milliseconds. */
  lastMs(metric: Metric): number {
    this.flush();
    const id = this.#ids.get(keyOf(metric)) ?? -1;
    const [row] = this.#all('SELECT max(start_ms) AS last FROM points WHERE metric = ?', id);
    return Number(row?.['last'] ?? 0);
  }

  flush(): void {
    if (this.#pending.size === 0) return;
    this.#database.exec('BEGIN');
    try {
      this.#writePending();
      this.#database.exec('COMMIT');
    } catch (error) {
      // A full disk has rolled it back already.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
    this.#pending.clear();
  }

  #writePending(): void {
    for (const { id, startMs, unit, aggregate } of this.#pending.values()) {
      const [row] = this.#all(
        'SELECT * FROM points WHERE metric = ? AND start_ms = ? AND unit = ?',
        id,
        startMs,
        unit,
      );
      const { count, sum, min, max, values } = row === undefined ? aggregate : merge(pointOf(row), aggregate);
      const text = values === undefined ? null : JSON.stringify(values);
      const point = [id, startMs, unit, count, sum, min, max, text];
      this.#run('INSERT OR REPLACE INTO points VALUES (?, ?, ?, ?, ?, ?, ?, ?)', point);
    }
  }

  /** Forgets what is older than CloudWatch keeps minutes. */
  expire(nowMs: number): void {
    this.#run('DELETE FROM points WHERE start_ms < ?', [nowMs - RETENTION_MS]);
  }

  close(): void {
    if (!this.#database.isOpen) return;
    try {
      this.flush();
    } finally {
      this.#database.close();
    }
  }

  #id(metric: Metric): number | undefined {
    const key = keyOf(metric);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    if (this.#ids.size >= METRICS_MAX) return undefined;
    const { namespace, name, dimensions } = metric;
    const inserted = this.#statement(
      'INSERT INTO metrics (namespace, name, dimensions) VALUES (?, ?, ?)',
    ).run(namespace, name, dimensionsText(dimensions));
    const id = Number(inserted.lastInsertRowid);
    this.#ids.set(key, id);
    return id;
  }

  #all(sql: string, ...parameters: readonly SQLInputValue[]): Row[] {
    return this.#statement(sql).all(...parameters) as unknown as Row[];
  }

  #run(sql: string, parameters: readonly SQLInputValue[]): void {
    this.#statement(sql).run(...parameters);
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.#database.prepare(sql)));
    return statement;
  }
}

/** One value, once. */
export function single(value: number): Aggregate {
  return { count: 1, sum: value, min: value, max: value, values: [[value, 1]] };
}

export function merge(a: Aggregate, b: Aggregate): Aggregate {
  return {
    count: a.count + b.count,
    sum: a.sum + b.sum,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    values: mergeValues(a.values, b.values),
  };
}

function mergeValues(a: Aggregate['values'], b: Aggregate['values']): Aggregate['values'] {
  if (a === undefined || b === undefined) return undefined;
  const counts = new Map(a);
  for (const [value, count] of b) counts.set(value, (counts.get(value) ?? 0) + count);
  return counts.size > VALUES_MAX ? undefined : [...counts];
}

function keyOf({ namespace, name, dimensions }: Metric): string {
  return JSON.stringify([namespace, name, dimensionsText(dimensions)]);
}

/** The same dimensions in another order are the same metric. */
function dimensionsText(dimensions: Dimensions): string {
  return JSON.stringify(Object.fromEntries(Object.entries(dimensions).toSorted(([a], [b]) => compare(a, b))));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function metricOf(row: Row): Metric {
  return {
    namespace: String(row['namespace']),
    name: String(row['name']),
    dimensions: JSON.parse(String(row['dimensions'])) as Dimensions,
  };
}

function pointOf(row: Row): Datapoint {
  const values = row['value_counts'];
  return {
    startMs: Number(row['start_ms']),
    unit: String(row['unit']),
    count: Number(row['count']),
    sum: Number(row['sum']),
    min: Number(row['min']),
    max: Number(row['max']),
    values: typeof values === 'string' ? (JSON.parse(values) as [number, number][]) : undefined,
  };
}
