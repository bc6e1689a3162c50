/**
 * Checksums of rows. SQLite has none: a byte that a disk has changed would be believed. A row that an older format wrote has none
 * either, and is believed as it stands.
 */
import type { SQLOutputValue } from 'node:sqlite';
import { crc32 } from 'node:zlib';

type Summed = string | number | null;
type Row = Readonly<Record<string, SQLOutputValue>>;

/** CRC-32 of what a row says, in an order that writers and readers share. NUL, which neither JSON nor an ARN has, keeps values apart. */
export function sumOf(values: readonly Summed[]): number {
  return crc32(values.join('\u0000'));
}

export function sumOfBytes(bytes: Uint8Array, whose: number): number {
  return crc32(bytes, whose);
}

/** Whether the row is what was written. `sum`: the name of the column, `of`: the names of those that it is of. */
export function isWhole(row: Row, sum: string, of: readonly string[]): boolean {
  if (row[sum] === null) return true;
  return row[sum] === sumOf(of.map((name) => summed(row[name])));
}

/** A turn and its place. */
export const LOG_SUM = ['position', 'execution', 'previous', 'at_event', 'time_ms', 'inputs'];
/** What an execution is from its start on. */
export const BIRTH_SUM = [
  'sequence',
  'start_ms',
  'revision',
  'interpreter',
  'child',
  'trace_header',
  'started',
];
/** How it stands; what it had counted when it left memory is not of its state. */
export const STATE_SUM = ['sequence', 'status', 'outcome', 'redrive', 'stop_ms', 'end_count'];
/** What it had counted when it left memory, or ended. */
export const COUNT_SUM = ['sequence', 'event_count'];
/** Where its turns are; `log_from` of one that is awake. */
export const PLACE_SUM = ['sequence', 'pending', 'log_end', 'from'];

function summed(value: SQLOutputValue | undefined): Summed {
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}
