import type { SQLOutputValue } from 'node:sqlite';
import type { Outcome } from '../../core/effect.ts';
import type { Started } from '../../core/input.ts';
import type { ChildPlace, ExecutionRow, MapRunRow, Redrive, TimerRow } from '../store.ts';
import { BIRTH_SUM, COUNT_SUM, STATE_SUM, isWhole } from './sums.ts';

/** A row as node:sqlite gives it. */
export type SqlRow = Readonly<Record<string, SQLOutputValue>>;

export const EXECUTION_COLUMNS =
  'sequence, status, start_ms, stop_ms, revision, interpreter, event_count, outcome, redrive, child, trace_header, started, ' +
  'sum, state_sum, count_sum, iif(stop_ms IS NULL, NULL, event_count) AS end_count';

export function executionRow(row: SqlRow): ExecutionRow {
  const isAsWritten =
    isWhole(row, 'sum', BIRTH_SUM) &&
    isWhole(row, 'state_sum', STATE_SUM) &&
    isWhole(row, 'count_sum', COUNT_SUM);
  if (!isAsWritten) throw damaged(`execution ${String(row['sequence'])}`);
  return {
    sequence: number(row, 'sequence'),
    // Written by this store alone, as these types have them.
    started: json(row, 'started') as Started,
    status: text(row, 'status') as ExecutionRow['status'],
    startMs: number(row, 'start_ms'),
    stopMs: row['stop_ms'] === null ? undefined : number(row, 'stop_ms'),
    revision: number(row, 'revision'),
    interpreter: number(row, 'interpreter'),
    eventCount: number(row, 'event_count'),
    outcome: json(row, 'outcome') as Outcome | undefined,
    redrive: json(row, 'redrive') as Redrive | undefined,
    child: json(row, 'child') as ChildPlace | undefined,
    traceHeader: row['trace_header'] === null ? undefined : text(row, 'trace_header'),
  };
}

export const MAP_RUN_COLUMNS = 'arn, execution, id, description, sum';

export function mapRunRow(row: SqlRow): MapRunRow {
  if (!isWhole(row, 'sum', ['arn', 'execution', 'id', 'description']))
    throw damaged(`a map run of execution ${String(row['execution'])}`);
  return {
    arn: text(row, 'arn'),
    execution: number(row, 'execution'),
    id: number(row, 'id'),
    description: text(row, 'description'),
  };
}

export function timerRow(row: SqlRow): TimerRow {
  if (!isWhole(row, 'sum', ['due_ms', 'execution', 'timer']))
    throw damaged(`a timer of execution ${String(row['execution'])}`);
  return {
    execution: number(row, 'execution'),
    timer: number(row, 'timer'),
    dueMs: number(row, 'due_ms'),
  };
}

export function number(row: SqlRow, name: string): number {
  const value = row[name];
  if (typeof value === 'number') return value;
  throw new Damage(`a row has no valid ${name}`);
}

export function text(row: SqlRow, name: string): string {
  const value = row[name];
  if (typeof value === 'string') return value;
  throw new Damage(`a row has no valid ${name}`);
}

export function blob(row: SqlRow, name: string): Uint8Array {
  const value = row[name];
  if (value instanceof Uint8Array) return value;
  throw damaged(name);
}

/** undefined for NULL. */
function json(row: SqlRow, name: string): unknown {
  const value = row[name];
  if (value === null || value === undefined) return undefined;
  try {
    return JSON.parse(text(row, name));
  } catch {
    throw new Damage(`a row has no valid ${name}`);
  }
}

/** Of a resource. */
export function valueOf(row: SqlRow): string {
  if (!isWhole(row, 'sum', ['kind', 'key', 'value']))
    throw damaged(`${text(row, 'kind')} ${text(row, 'key')}`);
  return text(row, 'value');
}

function damaged(what: string): Damage {
  return new Damage(`the row of ${what} is not as it was written`);
}

/** What is wrong with a row; whoever knows the file says which one. */
export class Damage extends Error {
  override readonly name = 'Damage';
}
