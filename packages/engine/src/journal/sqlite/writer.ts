import { assertNever } from '../../core/assert-never.ts';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ExecutionRow, ExecutionState, TurnRecord, Write } from '../store.ts';
import { blockValues } from './blocks.ts';
import { number } from './rows.ts';
import { PLACE_SUM, isWhole, sumOf, sumOfBytes } from './sums.ts';

type Statements = Readonly<Record<keyof typeof SQL, StatementSync>>;

const SQL = {
  putResource:
    'INSERT INTO resource (kind, key, value, sum) VALUES (?, ?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value, sum = excluded.sum',
  removeResource: 'DELETE FROM resource WHERE kind = ? AND key = ?',
  start: `INSERT INTO execution (sequence, arn, owner, version, alias, status, start_ms, stop_ms, revision, interpreter, pending,
    log_from, log_end, event_count, outcome, redrive, child, trace_header, started, sum, state_sum, log_sum, count_sum)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  change:
    'UPDATE execution SET status = ?, stop_ms = ?, event_count = ?, count_sum = ?, outcome = ?, redrive = ?, state_sum = ?, pending = 1, log_end = ?, log_sum = ? WHERE sequence = ?',
  append:
    'INSERT INTO log (position, execution, previous, at_event, time_ms, inputs, sum) VALUES (?, ?, ?, ?, ?, ?, ?)',
  putBlock: `INSERT INTO child_block (first, count, owner, executions, is_archived, common, counts, ids, inputs, outputs, sum)
    VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?)`,
  archiveBlock: 'UPDATE child_block SET is_archived = 1 WHERE first = ? AND is_archived = 0',
  putBlockHistory: 'INSERT INTO child_block_history (first, histories, sum) VALUES (?, ?, ?)',
  removeBlocks: 'DELETE FROM child_block WHERE owner = ?',
  removeHistory: 'DELETE FROM history WHERE execution = ?',
  putMapRun:
    'INSERT INTO map_run (arn, execution, id, description, sum) VALUES (?, ?, ?, ?, ?) ON CONFLICT (execution, id) DO UPDATE SET description = excluded.description, sum = excluded.sum',
  sleep:
    'UPDATE execution SET pending = 0, event_count = ?, count_sum = ?, log_end = ?, log_sum = ? WHERE sequence = ?',
  wake: 'UPDATE execution SET pending = 1, log_from = ?, log_end = ?, log_sum = ? WHERE sequence = ?',
  addTimer: 'INSERT INTO timer (due_ms, execution, timer, sum) VALUES (?, ?, ?, ?)',
  removeTimer: 'DELETE FROM timer WHERE due_ms = ? AND execution = ? AND timer = ?',
  unarchived: 'SELECT 1 FROM execution WHERE sequence = ? AND stop_ms = ? AND pending = 1',
  archive: 'INSERT OR REPLACE INTO history (execution, events, sum) VALUES (?, ?, ?)',
  snapshot:
    'INSERT OR REPLACE INTO snapshot (execution, position, interpreter, bytes, sum) VALUES (?, ?, ?, ?, ?)',
  removeSnapshots: 'DELETE FROM snapshot WHERE execution = ?',
  settle: 'UPDATE execution SET pending = 0, log_end = ?, log_sum = ? WHERE sequence = ?',
  logEnd: 'SELECT sequence, pending, log_end, NULL AS "from", log_sum FROM execution WHERE sequence = ?',
  previous: 'SELECT previous FROM log WHERE position = ?',
  unlog: 'DELETE FROM log WHERE position = ?',
  children: 'SELECT sequence FROM execution WHERE owner = ?',
  mapRuns: 'SELECT arn FROM map_run WHERE execution = ?',
  remove: 'DELETE FROM execution WHERE sequence = ?',
} as const;

/** A place that no row has: turns that end there are missing, whatever becomes of their execution. */
const NOWHERE = Number.MAX_SAFE_INTEGER;

/** Applies writes within the transaction that is open. */
export class Writer {
  readonly #statements: Statements;
  /** Of executions that are awake: the end of their chain in the log. */
  readonly #ends: Map<number, number>;
  #nextPosition: number;

  constructor(
    database: DatabaseSync,
    log: { readonly ends: Map<number, number>; readonly nextPosition: number },
  ) {
    const prepared = Object.entries(SQL).map(([name, sql]) => [name, database.prepare(sql)]);
    this.#statements = Object.fromEntries(prepared) as Statements;
    this.#ends = log.ends;
    this.#nextPosition = log.nextPosition;
  }

  /** Where the chain of an execution ends; 0 when there is none; nowhere in the log when that is not known any more. */
  logEnd(execution: number): number {
    const known = this.#ends.get(execution);
    if (known !== undefined) return known;
    const row = this.#statements.logEnd.get(execution);
    if (row === undefined) return 0;
    return isWhole(row, 'log_sum', PLACE_SUM) ? number(row, 'log_end') : NOWHERE;
  }

  apply(write: Write): void {
    const { putResource, removeResource, putMapRun, snapshot, removeSnapshots } = this.#statements;
    switch (write.kind) {
      case 'resource':
        if (write.value === undefined) removeResource.run(write.of, write.key);
        else putResource.run(write.of, write.key, write.value, sumOf([write.of, write.key, write.value]));
        return;
      case 'started':
        this.#start(write.row);
        return;
      case 'children':
        this.#statements.putBlock.run(...blockValues(write.block));
        return;
      case 'childrenArchived':
        if (this.#statements.archiveBlock.run(write.first).changes > 0)
          this.#statements.putBlockHistory.run(
            write.first,
            write.histories,
            sumOfBytes(write.histories, write.first),
          );
        return;
      case 'turn':
        this.#append(write.record);
        return;
      case 'changed':
        this.#change(write.execution, write.state);
        return;
      case 'mapRun': {
        const { arn, execution, id, description } = write.row;
        putMapRun.run(arn, execution, id, description, sumOf([arn, execution, id, description]));
        return;
      }
      case 'asleep':
      case 'awake':
        this.#moveTimers(write);
        return;
      case 'snapshot': {
        const { execution, interpreter, bytes } = write;
        if (write.replaces) removeSnapshots.run(execution);
        const position = this.logEnd(execution);
        const place = [execution, position, interpreter] as const;
        snapshot.run(...place, bytes, sumOf(place));
        return;
      }
      case 'archived':
        this.#archive(write);
        return;
      case 'removed':
        this.#remove(write.execution);
        return;
      default:
        assertNever('a write', write);
    }
  }

  #start(row: ExecutionRow): void {
    const { started, sequence, startMs, revision, interpreter } = row;
    const startedText = JSON.stringify(started);
    const child = textOf(row.child);
    const trace = row.traceHeader ?? null;
    const from = row.stopMs === undefined ? this.#nextPosition : null;
    this.#statements.start.run(
      sequence,
      started.executionArn,
      started.mapRunArn ?? started.stateMachineArn,
      started.stateMachineVersionArn ?? null,
      started.stateMachineAliasArn ?? null,
      row.status,
      startMs,
      row.stopMs ?? null,
      revision,
      interpreter,
      this.#nextPosition,
      row.eventCount,
      textOf(row.outcome),
      textOf(row.redrive),
      child,
      trace,
      startedText,
      sumOf([sequence, startMs, revision, interpreter, child, trace, startedText]),
      stateSum(sequence, row),
      placeSum(sequence, 1, 0, from),
      countSum(sequence, row.eventCount),
    );
    if (row.stopMs === undefined) this.#ends.set(sequence, 0);
  }

  #append({ execution, atEventId, timeMs, inputs }: TurnRecord): void {
    const position = this.#nextPosition++;
    const previous = this.logEnd(execution);
    const sum = sumOf([position, execution, previous, atEventId, timeMs, inputs]);
    this.#statements.append.run(position, execution, previous, atEventId, timeMs, inputs, sum);
    this.#ends.set(execution, position);
  }

  #change(execution: number, state: ExecutionState): void {
    const end = this.logEnd(execution);
    const { status, stopMs, eventCount, outcome, redrive } = state;
    const texts = [textOf(outcome), textOf(redrive)];
    const sums = [stateSum(execution, state), end, placeSum(execution, 1, end, null)];
    const counted = [eventCount, countSum(execution, eventCount)];
    this.#statements.change.run(status, stopMs ?? null, ...counted, ...texts, ...sums, execution);
    if (status === 'RUNNING') {
      this.#statements.removeHistory.run(execution);
      this.#wake(execution, end);
    } else this.#ends.delete(execution);
  }

  #moveTimers(write: Extract<Write, { kind: 'asleep' | 'awake' }>): void {
    const { execution } = write;
    const { addTimer, removeTimer, sleep } = this.#statements;
    const end = this.logEnd(execution);
    if (write.kind === 'asleep') {
      const { eventCount } = write;
      const counted = [eventCount, countSum(execution, eventCount)];
      sleep.run(...counted, end, placeSum(execution, 0, end, null), execution);
      for (const { dueMs, timer } of write.timers)
        addTimer.run(dueMs, execution, timer, sumOf([dueMs, execution, timer]));
      this.#ends.delete(execution);
    } else {
      this.#wake(execution, end);
      for (const { dueMs, timer } of write.timers) removeTimer.run(dueMs, execution, timer);
    }
  }

  #wake(execution: number, end: number): void {
    const from = this.#nextPosition;
    this.#statements.wake.run(from, end, placeSum(execution, 1, end, from), execution);
    this.#ends.set(execution, end);
  }

  #archive({ execution, stopMs, history, keepsTurns }: Extract<Write, { kind: 'archived' }>): void {
    if (this.#statements.unarchived.get(execution, stopMs) === undefined) return;
    this.#statements.archive.run(execution, history, sumOfBytes(history, execution));
    if (!keepsTurns) {
      this.#forgetTurns(execution);
      this.#statements.removeSnapshots.run(execution);
    }
    const end = keepsTurns ? this.logEnd(execution) : 0;
    this.#statements.settle.run(end, placeSum(execution, 0, end, null), execution);
  }

  #forgetTurns(execution: number): void {
    for (let position = this.logEnd(execution); position !== 0;) {
      const row = this.#statements.previous.get(position);
      this.#statements.unlog.run(position);
      position = row === undefined ? 0 : number(row, 'previous');
    }
    if (this.#ends.has(execution)) this.#ends.set(execution, 0);
  }

  #remove(execution: number): void {
    const { mapRuns, children, remove, removeBlocks } = this.#statements;
    for (const mapRun of mapRuns.all(execution)) {
      for (const child of children.all(mapRun['arn'] ?? null)) this.#remove(number(child, 'sequence'));
      removeBlocks.run(mapRun['arn'] ?? null);
    }
    this.#forgetTurns(execution);
    remove.run(execution);
    this.#ends.delete(execution);
  }
}

function stateSum(
  sequence: number,
  { status, stopMs, outcome, redrive, eventCount }: ExecutionState,
): number {
  const end = stopMs === undefined ? [null, null] : [stopMs, eventCount];
  return sumOf([sequence, status, textOf(outcome), textOf(redrive), ...end]);
}

function countSum(sequence: number, eventCount: number): number {
  return sumOf([sequence, eventCount]);
}

function placeSum(sequence: number, pending: 0 | 1, end: number, from: number | null): number {
  return sumOf([sequence, pending, end, from]);
}

function textOf(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
