import type { SQLInputValue } from 'node:sqlite';
import type { SqlRow } from './rows.ts';
import { Damage, number } from './rows.ts';
import { LOG_SUM, PLACE_SUM, isWhole } from './sums.ts';

export interface LogEnds {
  /** Of executions that are awake: the end of their chain in the log; 0 when there is none. */
  readonly ends: Map<number, number>;
  readonly nextPosition: number;
}

/** Rows of the log that are looked at together. */
const BATCH = 4096;

/**
 * The ends of the chains of those that are awake: nothing of theirs is before the lowest `log_from`, but what `log_end` says. A row that
 * is damaged is left to its execution, when it is sure whose it is; else turns of another might be missed: then this throws Damage.
 */
export function readLogEnds(all: (sql: string, ...values: SQLInputValue[]) => readonly SqlRow[]): LogEnds {
  const ends = new Map<number, number>();
  let from = Number.MAX_SAFE_INTEGER;
  const last = all('SELECT coalesce(max(position), 0) AS last FROM log')[0] ?? {};
  let nextPosition = 1 + number(last, 'last');
  const awake =
    'SELECT sequence, pending, log_end, log_from, log_from AS "from", log_sum FROM execution WHERE pending = 1 AND stop_ms IS NULL';
  for (const row of all(awake)) {
    if (!isWhole(row, 'log_sum', PLACE_SUM)) throw new Damage('the place of turns');
    ends.set(number(row, 'sequence'), number(row, 'log_end'));
    from = Math.min(from, number(row, 'log_from'));
    nextPosition = Math.max(nextPosition, number(row, 'log_from'));
  }
  if (ends.size === 0) return { ends, nextPosition };
  const tail =
    'SELECT position, execution, previous, at_event, time_ms, inputs, sum FROM log WHERE position >= ? ORDER BY position LIMIT ?';
  for (let rows = all(tail, from, BATCH); rows.length > 0; rows = all(tail, from, BATCH)) {
    for (const row of rows) {
      const execution = number(row, 'execution');
      const position = number(row, 'position');
      const end = ends.get(execution);
      if (!isWhole(row, 'sum', LOG_SUM) && (end === undefined || end !== row['previous']))
        throw new Damage('a turn of nobody');
      if (end !== undefined) ends.set(execution, position);
      from = position + 1;
    }
  }
  return { ends, nextPosition };
}
