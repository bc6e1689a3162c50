import { assertNever } from '../../core/assert-never.ts';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ExecutionRow, ExecutionState, TurnRecord, Write } from '../store.ts';
import { number } from './rows.ts';

type Statements = Readonly<Record<keyof typeof SQL, StatementSync>>;

const SQL = {
  putResource:
    'INSERT INTO resource (kind, key, value) VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value',
  removeResource: 'DELETE FROM resource WHERE kind = ? AND key = ?',
  start: `INSERT INTO execution (sequence, arn, owner, version, alias, status, start_ms, stop_ms, revision, interpreter, pending,
    log_from, log_end, event_count, outcome, redrive, child, trace_header, started)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, 0, ?, ?, ?, ?, ?, ?)`,
  change:
    'UPDATE execution SET status = ?, stop_ms = ?, event_count = ?, outcome = ?, redrive = ?, pending = 1, log_end = ? WHERE sequence = ?',
  append:
    'INSERT INTO log (position, execution, previous, at_event, time_ms, inputs) VALUES (?, ?, ?, ?, ?, ?)',
  removeHistory: 'DELETE FROM history WHERE execution = ?',
  putMapRun:
    'INSERT INTO map_run (arn, execution, id, description) VALUES (?, ?, ?, ?) ON CONFLICT (execution, id) DO UPDATE SET description = excluded.description',
  sleep: 'UPDATE execution SET pending = 0, event_count = ?, log_end = ? WHERE sequence = ?',
  wake: 'UPDATE execution SET pending = 1, log_from = ? WHERE sequence = ?',
  addTimer: 'INSERT INTO timer (due_ms, execution, timer) VALUES (?, ?, ?)',
  removeTimer: 'DELETE FROM timer WHERE due_ms = ? AND execution = ? AND timer = ?',
  unarchived: 'SELECT 1 FROM execution WHERE sequence = ? AND stop_ms = ? AND pending = 1',
  archive: 'INSERT OR REPLACE INTO history (execution, events) VALUES (?, ?)',
  snapshot: 'INSERT OR REPLACE INTO snapshot (execution, position, interpreter, bytes) VALUES (?, ?, ?, ?)',
  removeSnapshots: 'DELETE FROM snapshot WHERE execution = ?',
  settle: 'UPDATE execution SET pending = 0, log_end = ? WHERE sequence = ?',
  logEnd: 'SELECT log_end FROM execution WHERE sequence = ?',
  previous: 'SELECT previous FROM log WHERE position = ?',
  unlog: 'DELETE FROM log WHERE position = ?',
  children: 'SELECT sequence FROM execution WHERE owner = ?',
  mapRuns: 'SELECT arn FROM map_run WHERE execution = ?',
  remove: 'DELETE FROM execution WHERE sequence = ?',
} as const;

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

  /** Where the chain of an execution ends; 0 when there is none. */
  logEnd(execution: number): number {
    const known = this.#ends.get(execution);
    if (known !== undefined) return known;
    const row = this.#statements.logEnd.get(execution);
    return row === undefined ? 0 : number(row, 'log_end');
  }

  apply(write: Write): void {
    const { putResource, removeResource, putMapRun, snapshot, removeSnapshots } = this.#statements;
    switch (write.kind) {
      case 'resource':
        if (write.value === undefined) removeResource.run(write.of, write.key);
        else putResource.run(write.of, write.key, write.value);
        return;
      case 'started':
        this.#start(write.row);
        return;
      case 'turn':
        this.#append(write.record);
        return;
      case 'changed':
        this.#change(write.execution, write.state);
        return;
      case 'mapRun': {
        const { arn, execution, id, description } = write.row;
        putMapRun.run(arn, execution, id, description);
        return;
      }
      case 'asleep':
      case 'awake':
        this.#moveTimers(write);
        return;
      case 'snapshot': {
        const { execution, interpreter, bytes } = write;
        if (write.replaces) removeSnapshots.run(execution);
        snapshot.run(execution, this.logEnd(execution), interpreter, bytes);
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
    const { started, sequence } = row;
    this.#statements.start.run(
      sequence,
      started.executionArn,
      started.mapRunArn ?? started.stateMachineArn,
      started.stateMachineVersionArn ?? null,
      started.stateMachineAliasArn ?? null,
      row.status,
      row.startMs,
      row.stopMs ?? null,
      row.revision,
      row.interpreter,
      this.#nextPosition,
      row.eventCount,
      textOf(row.outcome),
      textOf(row.redrive),
      textOf(row.child),
      row.traceHeader ?? null,
      JSON.stringify(started),
    );
    if (row.stopMs === undefined) this.#ends.set(sequence, 0);
  }

  #append({ execution, atEventId, timeMs, inputs }: TurnRecord): void {
    const position = this.#nextPosition++;
    this.#statements.append.run(position, execution, this.logEnd(execution), atEventId, timeMs, inputs);
    this.#ends.set(execution, position);
  }

  #change(execution: number, state: ExecutionState): void {
    const end = this.logEnd(execution);
    const { status, stopMs, eventCount, outcome, redrive } = state;
    const texts = [textOf(outcome), textOf(redrive)];
    this.#statements.change.run(status, stopMs ?? null, eventCount, ...texts, end, execution);
    if (status === 'RUNNING') {
      this.#statements.removeHistory.run(execution);
      this.#statements.wake.run(this.#nextPosition, execution);
      this.#ends.set(execution, end);
    } else this.#ends.delete(execution);
  }

  #moveTimers(write: Extract<Write, { kind: 'asleep' | 'awake' }>): void {
    const { execution } = write;
    const { addTimer, removeTimer, sleep, wake } = this.#statements;
    const end = this.logEnd(execution);
    if (write.kind === 'asleep') {
      sleep.run(write.eventCount, end, execution);
      for (const { dueMs, timer } of write.timers) addTimer.run(dueMs, execution, timer);
      this.#ends.delete(execution);
    } else {
      wake.run(this.#nextPosition, execution);
      for (const { dueMs, timer } of write.timers) removeTimer.run(dueMs, execution, timer);
      this.#ends.set(execution, end);
    }
  }

  #archive({ execution, stopMs, history, keepsTurns }: Extract<Write, { kind: 'archived' }>): void {
    if (this.#statements.unarchived.get(execution, stopMs) === undefined) return;
    this.#statements.archive.run(execution, history);
    if (!keepsTurns) {
      this.#forgetTurns(execution);
      this.#statements.removeSnapshots.run(execution);
    }
    this.#statements.settle.run(keepsTurns ? this.logEnd(execution) : 0, execution);
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
    const { mapRuns, children, remove } = this.#statements;
    for (const mapRun of mapRuns.all(execution)) {
      for (const child of children.all(mapRun['arn'] ?? null)) this.#remove(number(child, 'sequence'));
    }
    this.#forgetTurns(execution);
    remove.run(execution);
    this.#ends.delete(execution);
  }
}

function textOf(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
