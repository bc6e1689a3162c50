import { ReplayMismatch } from '../journal/replay.ts';
import type { ExecutionRow, Store, Write } from '../journal/store.ts';
import { StoreError } from '../journal/store.ts';
import type { Archive } from './history-archive.ts';
import { writeArchive } from './history-archive.ts';
import type { JournalWriter } from './journal-writer.ts';
import type { Run } from './run.ts';
import type { Runs } from './runs.ts';

// The machine's own time, whatever clock executions have: nothing of this can be seen from outside.
const { setTimeout: startTimeout, clearTimeout: stopTimeout } = globalThis;

type ArchivedWrite = Extract<Write, { kind: 'archived' }>;

/** Rows of children, and histories, that one commit takes. */
const ROWS_AT_ONCE = 2048;
const HISTORIES_AT_ONCE = 32;
/** Nobody shall wait for it: so long at once, and so long in between. */
const SLICE_MS = 4;
const PAUSE_MS = 100;
/**
 * Rows of children wait for this long, or until there are so many: nobody waits for them, and the commits of the execution that
 * started them come first.
 */
const ROWS_WAIT_MS = 250;
const ROWS_WAITING_MAX = 16_384;
/** How long closing may take it: what is left over is archived after the next start. */
const CLOSE_MS_MAX = 2000;

/**
 * Writes what nobody waits for: the rows of children that ended where they started, which their parents' records imply, and the
 * compressed histories of executions that have ended, which their turns imply until then.
 */
export class Archiver {
  readonly #store: Store;
  readonly #journal: JournalWriter;
  readonly #runs: Runs;
  #implied: Run[] = [];
  #writing: Promise<void> | undefined;
  #rowsTimer: ReturnType<typeof startTimeout> | undefined;
  #timer: ReturnType<typeof startTimeout> | undefined;
  #isClosed = false;
  readonly #unfit = new Set<number>();

  constructor(store: Store, journal: JournalWriter, runs: Runs) {
    this.#store = store;
    this.#journal = journal;
    this.#runs = runs;
  }

  /** A child has ended, and has no row yet. */
  implied(run: Run): void {
    for (const pinned of this.#familyOf(run)) this.#runs.pin(pinned);
    this.#implied.push(run);
    if (this.#implied.length >= ROWS_WAITING_MAX) this.#writeRows();
    else this.#rowsTimer ??= startTimeout(() => this.#writeRows(), ROWS_WAIT_MS);
  }

  /** Resolves once all children that have ended have their rows. */
  async written(): Promise<void> {
    if (this.#implied.length > 0) this.#writeRows();
    await this.#writing;
  }

  /** An execution has ended: its history will be archived. */
  ended(): void {
    if (this.#isClosed || this.#timer !== undefined) return;
    this.#timer = startTimeout(() => void this.#continue(), PAUSE_MS);
    this.#timer.unref();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    stopTimeout(this.#timer);
    await this.written();
    const untilMs = performance.now() + CLOSE_MS_MAX;
    while (performance.now() < untilMs && (await this.#archiveSome()));
  }

  #writeRows(): void {
    stopTimeout(this.#rowsTimer);
    this.#rowsTimer = undefined;
    this.#writing ??= this.#writeImplied();
  }

  async #writeImplied(): Promise<void> {
    try {
      while (this.#implied.length > 0) {
        const runs = this.#implied.slice(0, ROWS_AT_ONCE);
        await this.#journal.commit(runs.map(({ row }) => ({ kind: 'started', row })));
        this.#implied = this.#implied.slice(runs.length);
        for (const run of runs) for (const pinned of this.#familyOf(run)) this.#runs.unpin(pinned);
      }
    } catch {
      // The journal has told of it. The children stay in memory.
    }
    this.#writing = undefined;
  }

  async #continue(): Promise<void> {
    const isMore = await this.#archiveSome();
    this.#timer = undefined;
    if (isMore) this.ended();
  }

  /** The child, and the parent that implies it: were that one not replayed after a crash, the child would be lost. */
  #familyOf(run: Run): Run[] {
    const parent = this.#runs.inMemoryBySequence(run.birth.child?.parent ?? 0);
    return parent === undefined ? [run] : [run, parent];
  }

  /** False: there is nothing to archive just now, or what there is cannot be read; nobody waits for it. */
  async #archiveSome(): Promise<boolean> {
    try {
      return await this.#archiveNext();
    } catch (error) {
      if (error instanceof StoreError) return false;
      throw error;
    }
  }

  async #archiveNext(): Promise<boolean> {
    if (this.#journal.hasFailed || this.#implied.length > 0) return false;
    const writes: ArchivedWrite[] = [];
    const untilMs = performance.now() + SLICE_MS;
    for (const row of this.#store.unarchived(HISTORIES_AT_ONCE)) {
      if (!this.#hasOpenChildren(row.sequence)) writes.push(...(await this.#archive(row)));
      if (performance.now() > untilMs) break;
    }
    if (writes.length === 0) return false;
    return this.#journal.commit([...this.#redrivable(writes), ...writes]).then(
      () => true,
      () => false,
    );
  }

  /** What may be redriven goes on from how it stands. Not before they are all ready: by now it may run again. */
  #redrivable(writes: readonly ArchivedWrite[]): Write[] {
    return writes.flatMap(({ execution, stopMs, keepsTurns }) => {
      const run = keepsTurns ? this.#runs.inMemoryBySequence(execution) : undefined;
      return run?.visible.stopMs === stopMs ? run.snapshot() : [];
    });
  }

  async #archive({ sequence, status, stopMs = 0 }: ExecutionRow): Promise<ArchivedWrite[]> {
    const archive = this.#archiveOf(sequence);
    if (archive === undefined) return [];
    const history = await writeArchive(archive);
    // What has not succeeded may be redriven, and goes on from its turns.
    const keepsTurns = status !== 'SUCCEEDED';
    return [{ kind: 'archived', execution: sequence, stopMs, history, keepsTurns }];
  }

  /** undefined: its turns do not fit any more. It stays as it is. */
  #archiveOf(sequence: number): Archive | undefined {
    if (this.#unfit.has(sequence)) return undefined;
    try {
      const events = this.#runs.bySequence(sequence)?.events();
      return events === undefined ? undefined : { events, turns: this.#store.turns(sequence) };
    } catch (error) {
      if (!(error instanceof ReplayMismatch)) throw error;
      this.#unfit.add(sequence);
      return undefined;
    }
  }

  #hasOpenChildren(execution: number): boolean {
    return this.#store.mapRunsOf(execution).some(({ arn: mapRunArn }) => {
      return this.#store.executions({ of: { mapRunArn }, status: 'RUNNING', limit: 1 }).length > 0;
    });
  }
}
