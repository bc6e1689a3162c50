import type { Effect } from '../core/effect.ts';
import type { Execution } from '../core/execution.ts';
import { ReplayMismatch, recordedTurns, replay, turnsOf } from '../journal/replay.ts';
import type { ExecutionKey, ExecutionRow, Store, TurnRecord } from '../journal/store.ts';
import { checkArn, resourceType } from './arns.ts';
import { EngineError } from './engine-error.ts';
import { readArchive } from './history-archive.ts';
import type { Seen } from './inspection.ts';
import type { JournalWriter } from './journal-writer.ts';
import type { Revisions } from './revisions.ts';
import type { RunHost } from './run.ts';
import { Run } from './run.ts';
import { findExecution } from './snapshots.ts';
import type { Timers } from './timers.ts';

/** As {@link EngineOptions.restingEventsMax}, unless given. */
const RESTING_EVENTS_MAX = 250_000;
/** A page of a history has no more. */
const PAST_EVENTS_MAX = 1000;
/** What an execution weighs besides its events, in events: one that waits has frames and timers too, and is often one of very many. */
const ENDED_WEIGHT = 16;
const WAITING_WEIGHT = 96;
/** Executions whose states share a commit. */
const KEPT_AT_ONCE = 256;

/** What the registry stands on. */
export interface RunsParts {
  readonly store: Store;
  readonly journal: JournalWriter;
  readonly revisions: Revisions;
  readonly timers: () => Timers;
  readonly host: () => RunHost;
  /** Its turns do not fit. */
  readonly giveUp: (row: ExecutionRow, mismatch: ReplayMismatch) => void;
  readonly restingEventsMax: number | undefined;
}

/**
 * The executions. In memory are those with something to do, and of the rest as many as there
 * is room for, last used last; all others are rows in the store, and come back by replay when something happens to them.
 */
export class Runs {
  readonly #parts: RunsParts;
  readonly #byArn = new Map<string, Run>();
  readonly #bySequence = new Map<number, Run>();
  /** At rest, the longest first, with their weights. */
  readonly #resting = new Map<Run, number>();
  readonly #weightMax: number;
  #weight = 0;
  #sequence: number;
  #runningCount: number;

  constructor(parts: RunsParts) {
    this.#parts = parts;
    this.#weightMax = parts.restingEventsMax ?? RESTING_EVENTS_MAX;
    this.#sequence = parts.store.lastSequence();
    this.#runningCount = parts.store.runningCount();
  }

  nextSequence(): number {
    return ++this.#sequence;
  }

  /** How many run, in memory or not. */
  get runningCount(): number {
    return this.#runningCount;
  }

  get inMemory(): Iterable<Run> {
    return this.#byArn.values();
  }

  /** A new one, which runs from now on. */
  add(run: Run): void {
    this.#keep(run);
    this.#runningCount++;
  }

  /** One that runs already, and begins anew. */
  addAgain(run: Run): void {
    this.#keep(run);
  }

  /** One that never became durable. */
  remove(run: Run): void {
    this.#forget(run);
    if (!run.hasEnded) this.#runningCount--;
  }

  redriven(): void {
    this.#runningCount++;
  }

  ended(): void {
    this.#runningCount--;
  }

  /** The execution in memory, replayed if need be. */
  find(arn: string): Run | undefined {
    const run = this.#byArn.get(arn);
    if (run !== undefined) return run;
    return this.#bring(arn);
  }

  bySequence(sequence: number): Run | undefined {
    const run = this.#bySequence.get(sequence);
    if (run !== undefined) return run;
    return this.#bring(sequence);
  }

  /** Throws ReplayMismatch, after the execution was given up. */
  #bring(key: ExecutionKey): Run | undefined {
    const row = this.#parts.store.execution(key);
    if (row === undefined) return undefined;
    try {
      return this.load(row, true);
    } catch (error) {
      if (error instanceof ReplayMismatch) this.#parts.giveUp(row, error);
      throw error;
    }
  }

  inMemoryBySequence(sequence: number): Run | undefined {
    return this.#bySequence.get(sequence);
  }

  /** Its row, as it is durable. */
  row(arn: string): ExecutionRow | undefined {
    return this.#byArn.get(arn)?.row ?? this.#parts.store.execution(arn);
  }

  /** The row as the store gave it, with what only memory knows. */
  current(row: ExecutionRow): ExecutionRow {
    return this.#bySequence.get(row.sequence)?.row ?? row;
  }

  /** Of a child: whether its map run was redriven and has not come to it yet. A map run that has is in memory, with its execution. */
  isPendingRedrive({ child, stopMs, status }: ExecutionRow): boolean {
    if (child === undefined || stopMs === undefined || status === 'SUCCEEDED') return false;
    const run = this.#bySequence.get(child.parent)?.execution.mapRuns.get(child.mapRun);
    if (run === undefined || run.pendingRedrive.length === 0) return false;
    return !run.open.has(child.number) && !run.unsuccessful.has(child.number);
  }

  /** Throws what AWS says of an ARN that names no execution. */
  getRow(arn: string): ExecutionRow {
    checkArn(arn);
    const row = this.row(arn);
    if (row !== undefined) return row;
    throw new EngineError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  }

  get(arn: string): Run {
    this.getRow(arn);
    const run = this.find(arn);
    if (run === undefined) throw new Error('an execution that has a row cannot be found');
    return run;
  }

  /** Restores or replays it. Throws {@link ReplayMismatch}. `isAsleep`: its timers, if it has any, are in the store. */
  load(row: ExecutionRow, isAsleep: boolean, onEffects?: (effects: readonly Effect[]) => void): Run {
    const { revisions, host, store } = this.#parts;
    const revision = revisions.of(row);
    const { executionArn } = row.started;
    const { execution, snapshots } = findExecution(store, row, revision, () => this.#records(row), {
      onEffects,
      refused: (message) => host().log({ level: 'error', message, executionArn }),
    });
    const run = new Run(host(), { revision, birth: row, execution, row, snapshots, isAsleep });
    this.#keep(run);
    // Not before whoever asked for it has told it something: once out of memory it would be another one to the next who asks.
    if (isAsleep) queueMicrotask(() => this.rests(run));
    return run;
  }

  /** All of its turns: they stay with an archived history. */
  turns(row: ExecutionRow): ReturnType<typeof turnsOf> {
    return turnsOf(row, this.#records(row));
  }

  #records({ sequence }: ExecutionRow): readonly TurnRecord[] {
    const { store } = this.#parts;
    const archived = store.history(sequence);
    return archived === undefined ? store.turns(sequence) : readArchive(archived).turns;
  }

  /** Its turns after those that were seen. */
  turnsAfter(row: ExecutionRow, { turnCount, mark }: Seen): ReturnType<typeof recordedTurns> {
    const { store } = this.#parts;
    if (store.history(row.sequence) === undefined) return recordedTurns(store.turns(row.sequence, mark));
    const records = this.#records(row);
    // What came in the turn of the start is no turn of its own.
    const first = records[0]?.atEventId === 0 ? 1 : 0;
    return recordedTurns(records.slice(first + turnCount - 1));
  }

  /** Where its turns end now. */
  mark({ sequence }: ExecutionRow): number {
    return this.#parts.store.mark(sequence);
  }

  /**
   * One that has ended and is not in memory, replayed to be looked at once: a short one, which is sooner replayed again than kept.
   * undefined: it is long, or its turns do not fit.
   */
  past(row: ExecutionRow): Execution | undefined {
    if (row.stopMs === undefined || row.eventCount > PAST_EVENTS_MAX) return undefined;
    try {
      const execution = replay(this.#parts.revisions.of(row).program, this.turns(row));
      return execution.events.length === row.eventCount ? execution : undefined;
    } catch (error) {
      if (!(error instanceof ReplayMismatch)) throw error;
      return undefined;
    }
  }

  /** The store has it no longer. */
  drop(sequence: number): void {
    const run = this.#bySequence.get(sequence);
    if (run !== undefined) this.#forget(run);
  }

  /** Those that only wait leave memory, all of them. Resolves once that is durable. */
  async sleepAll(): Promise<void> {
    const idle = [...this.#byArn.values()].filter((run) => run.isIdle && !run.hasEnded && !run.isAsleep);
    if (idle.length > 0) await this.#sleep(idle);
  }

  /**
   * Keeps how those in memory stand that run: `which`, or all. A synchronous or asynchronous Express execution does not go on after a
   * restart. Resolves once that is durable.
   */
  async keepStates(which: (run: Run) => boolean = () => true): Promise<void> {
    const runs = [...this.#byArn.values()].filter(
      (run) => !run.hasEnded && run.started.type === 'STANDARD' && which(run),
    );
    for (let first = 0; first < runs.length; first += KEPT_AT_ONCE) {
      const writes = runs.slice(first, first + KEPT_AT_ONCE).flatMap((run) => run.snapshot());
      if (writes.length > 0) await this.#parts.journal.commit(writes);
    }
  }

  /** It has nothing to do: it may go when there is no room. */
  rests(run: Run): void {
    if (this.#byArn.get(run.arn) !== run) return;
    this.#weight -= this.#resting.get(run) ?? 0;
    this.#resting.delete(run);
    if (!run.isIdle) return;
    const weight = run.visible.eventCount + (run.hasEnded ? ENDED_WEIGHT : WAITING_WEIGHT);
    this.#resting.set(run, weight);
    this.#weight += weight;
    if (this.#weight > this.#weightMax) this.#makeRoom();
  }

  /** Lets those that have rested longest go: a quarter at once, so that their writes share a commit. */
  #makeRoom(): void {
    const leaving: Run[] = [];
    for (const [run, weight] of this.#resting) {
      if (this.#weight <= this.#weightMax * 0.75) break;
      this.#resting.delete(run);
      this.#weight -= weight;
      if (run.hasEnded || run.isAsleep) this.#forget(run);
      else leaving.push(run);
    }
    if (leaving.length > 0) void this.#sleep(leaving);
  }

  async #sleep(runs: readonly Run[]): Promise<void> {
    const { journal, timers } = this.#parts;
    try {
      await journal.commit(runs.flatMap((run) => run.fallAsleep()));
    } catch {
      // The journal has told of it; they stay in memory.
      return;
    }
    for (const run of runs) {
      if (!run.isAsleep) continue;
      timers().release(run);
      if (run.isIdle) this.#forget(run);
      else this.rests(run);
    }
    timers().storeChanged();
  }

  #keep(run: Run): void {
    this.#byArn.set(run.arn, run);
    this.#bySequence.set(run.sequence, run);
  }

  #forget(run: Run): void {
    this.#weight -= this.#resting.get(run) ?? 0;
    this.#resting.delete(run);
    if (this.#byArn.get(run.arn) === run) this.#byArn.delete(run.arn);
    if (this.#bySequence.get(run.sequence) === run) this.#bySequence.delete(run.sequence);
  }
}

/** Throws what AWS says where an operation is not for Express executions ([58] of the recordings). */
export function checkStandard(arn: string): void {
  checkArn(arn);
  if (resourceType(arn) === 'express') {
    throw new EngineError('InvalidArn', "Invalid Arn: 'Resource type not valid in this context: express'");
  }
}
