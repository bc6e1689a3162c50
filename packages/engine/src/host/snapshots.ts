/** When an execution's state is kept, and how it is found again: by its snapshot, or else by replay. */
import type { Program } from '@stepyard/asl';
import type { Effect } from '../core/effect.ts';
import type { Execution } from '../core/execution.ts';
import { INTERPRETER_VERSION } from '../core/interpreter-version.ts';
import { save } from '../core/snapshot/save.ts';
import { SnapshotUnreadable } from '../core/snapshot/saved-reader.ts';
import type { ReplayOptions } from '../journal/replay.ts';
import { recordedTurns, replay, replayOn, turnsOf } from '../journal/replay.ts';
import { readSnapshots, snapshotBytes } from '../journal/snapshot-bytes.ts';
import type { ExecutionRow, Store, TurnRecord, Write } from '../journal/store.ts';
import type { KeptState } from './inspection.ts';
import type { Revision } from './revisions.ts';

/** Turns after which one that never leaves memory has its snapshot written all the same, and again after as many as it had by then. */
const TURNS_MAX = 2000;
/** Snapshots of one execution, each with a part of its history: the next one is whole, and takes their place. */
const PARTS_MAX = 64;

/** What the store has of an execution's snapshots, and what has happened since. */
export class Snapshots {
  readonly #sequence: number;
  #parts = 0;
  /** Events that are in them. */
  #eventCount = 0;
  /** Turns that are in the last one, as far as they are known, and turns since; the start is one. */
  #turnsBefore = 0;
  #turns = 0;
  #isStale = false;

  constructor(sequence: number) {
    this.#sequence = sequence;
  }

  /** It was found by `parts` snapshots and `turns` later turns. */
  found(parts: number, eventCount: number, turns: number): void {
    this.#parts = parts;
    this.#eventCount = eventCount;
    this.#turns = turns;
  }

  /** What the store has is of no use, or another interpreter's: the next one takes its place. */
  get isStale(): boolean {
    return this.#isStale;
  }

  outdated(): void {
    this.#isStale = true;
  }

  turned(): void {
    this.#turns++;
  }

  /** So that the replay of one that never leaves memory is bounded. */
  get isDue(): boolean {
    return this.#turns >= Math.max(TURNS_MAX, this.#turnsBefore);
  }

  /** Of how it stands now; undefined: the store knows. Whatever was applied so far is on its way to the store. */
  write(execution: Execution): Write | undefined {
    if (execution.started === undefined) return undefined;
    if (this.#parts > 0 && this.#turns === 0 && !this.#isStale) return undefined;
    const isWhole = this.#isStale || this.#parts >= PARTS_MAX;
    const bytes = snapshotBytes(save(execution, isWhole ? 0 : this.#eventCount));
    const replaces = isWhole && this.#parts > 0;
    this.#parts = isWhole ? 1 : this.#parts + 1;
    this.#eventCount = execution.events.length;
    this.#turnsBefore += this.#turns;
    this.#turns = 0;
    this.#isStale = false;
    return { kind: 'snapshot', execution: this.#sequence, interpreter: INTERPRETER_VERSION, bytes, replaces };
  }
}

export interface Found {
  readonly execution: Execution;
  readonly snapshots: Snapshots;
}

export interface FindOptions {
  /** Hears what each turn asked for that is after the snapshot. */
  readonly onEffects: ((effects: readonly Effect[]) => void) | undefined;
  /** Hears why a snapshot is not used. */
  readonly refused: (message: string) => void;
}

/**
 * The execution as the store has it: from its snapshot and the turns after it, or, where there is none that can be read, from all its
 * turns. Throws ReplayMismatch where turns do not fit.
 */
export function findExecution(
  store: Store,
  row: ExecutionRow,
  { program }: Revision,
  turns: () => readonly TurnRecord[],
  options: FindOptions,
): Found {
  const snapshots = new Snapshots(row.sequence);
  const parts = store.snapshots(row.sequence);
  const last = parts.at(-1);
  if (last === undefined) {
    const all = turnsOf(row, turns());
    const execution = replay(program, all, replayOptions(options));
    snapshots.found(0, 0, all.length);
    if (row.interpreter !== INTERPRETER_VERSION) snapshots.outdated();
    return { execution, snapshots };
  }
  try {
    const bytes = parts.map((part) => part.bytes);
    const execution = readSnapshots(program, row.started, bytes);
    const later = recordedTurns(store.turns(row.sequence, last.mark));
    const eventCount = execution.events.length;
    replayOn(execution, later, replayOptions(options));
    snapshots.found(parts.length, eventCount, later.length);
    if (last.interpreter !== INTERPRETER_VERSION) snapshots.outdated();
    return { execution, snapshots };
  } catch (error) {
    if (!(error instanceof SnapshotUnreadable)) throw error;
    options.refused(`A snapshot is not used (${error.message}): the execution is replayed from its start.`);
    const all = turnsOf(row, turns());
    const execution = replay(program, all, replayOptions(options));
    snapshots.found(parts.length, 0, all.length);
    snapshots.outdated();
    return { execution, snapshots };
  }
}

/** As {@link findExecution} begins, to look at; undefined: there is no snapshot, or none that can be read. */
export function keptState(
  store: Store,
  { sequence, started }: ExecutionRow,
  program: Program,
): KeptState | undefined {
  const parts = store.snapshots(sequence);
  const last = parts.at(-1);
  if (last === undefined) return undefined;
  try {
    const bytes = parts.map((part) => part.bytes);
    const execution = readSnapshots(program, started, bytes);
    return { execution, turns: recordedTurns(store.turns(sequence, last.mark)) };
  } catch (error) {
    if (error instanceof SnapshotUnreadable) return undefined;
    throw error;
  }
}

function replayOptions({ onEffects }: FindOptions): ReplayOptions {
  return onEffects === undefined ? {} : { onEffects };
}
