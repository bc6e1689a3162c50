import { wireEvent } from '../core/history/wire-event.ts';
import { rowIn } from '../journal/child-block.ts';
import { ReplayMismatch } from '../journal/replay.ts';
import type { ExecutionRow, Store, Write } from '../journal/store.ts';
import { StoreError } from '../journal/store.ts';
import type { Archive } from './history-archive.ts';
import { writeArchive, writeBlockArchive } from './history-archive.ts';
import type { JournalWriter } from './journal-writer.ts';
import type { Runs } from './runs.ts';

// The machine's own time, whatever clock executions have: nothing of this can be seen from outside.
const { setTimeout: startTimeout, clearTimeout: stopTimeout } = globalThis;

type ArchivedWrite = Extract<Write, { kind: 'archived' }>;

/** Histories that one commit takes. */
const HISTORIES_AT_ONCE = 32;
/** Characters of the histories of one block. Those of a larger one follow from its inputs for good. */
const BLOCK_TEXT_MAX = 67_108_864;
/** Nobody shall wait for it: so long at once, and so long in between. */
const SLICE_MS = 4;
const PAUSE_MS = 100;
/** How long closing may take it: what is left over is archived after the next start. */
const CLOSE_MS_MAX = 2000;

/** Writes what nobody waits for: the compressed histories of executions that have ended, which their turns imply until then. */
export class Archiver {
  readonly #store: Store;
  readonly #journal: JournalWriter;
  readonly #runs: Runs;
  #timer: ReturnType<typeof startTimeout> | undefined;
  #isClosed = false;
  readonly #unfit = new Set<number>();

  constructor(store: Store, journal: JournalWriter, runs: Runs) {
    this.#store = store;
    this.#journal = journal;
    this.#runs = runs;
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
    const untilMs = performance.now() + CLOSE_MS_MAX;
    while (performance.now() < untilMs && (await this.#archiveSome()));
  }

  async #continue(): Promise<void> {
    const isMore = await this.#archiveSome();
    this.#timer = undefined;
    if (isMore) this.ended();
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
    if (this.#journal.hasFailed) return false;
    const writes: ArchivedWrite[] = [];
    const untilMs = performance.now() + SLICE_MS;
    for (const row of this.#store.unarchived(HISTORIES_AT_ONCE)) {
      if (!this.#hasOpenChildren(row.sequence)) writes.push(...(await this.#archive(row)));
      if (performance.now() > untilMs) break;
    }
    const all = writes.length === 0 ? await this.#archiveBlock() : [...this.#redrivable(writes), ...writes];
    if (all.length === 0) return false;
    return this.#journal.commit(all).then(
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

  /** A block of children: all of their histories at once, which takes many times as long as one. */
  async #archiveBlock(): Promise<Write[]> {
    let block = this.#store.unarchivedBlock(0);
    while (block !== undefined && this.#unfit.has(block.first))
      block = this.#store.unarchivedBlock(block.first);
    if (block === undefined) return [];
    const { first, inputs } = block;
    const texts: string[] = [];
    let size = 0;
    let untilMs = performance.now() + SLICE_MS;
    for (let place = 0; place < inputs.length; place++) {
      const past = this.#runs.past(rowIn(block, place));
      const events = past?.events.map((event, index) => wireEvent(event, index + 1));
      const text = JSON.stringify(events ?? []);
      size += text.length;
      if (events === undefined || size > BLOCK_TEXT_MAX) {
        this.#unfit.add(first);
        return [];
      }
      texts.push(text);
      if (performance.now() < untilMs) continue;
      await new Promise<void>((resolve) => void startTimeout(resolve, 0));
      untilMs = performance.now() + SLICE_MS;
    }
    return [{ kind: 'childrenArchived', first, histories: await writeBlockArchive(texts) }];
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
