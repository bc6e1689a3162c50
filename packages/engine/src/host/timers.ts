import type { Clock } from '../clock/clock.ts';
import type { Due } from '../clock/due-queue.ts';
import { DueQueue } from '../clock/due-queue.ts';
import type { Store, TimerRow } from '../journal/store.ts';
import { StoreError } from '../journal/store.ts';

interface Entry extends Due {
  readonly owner: TimerOwner;
  readonly timer: number;
}

/** Whose timers they are: it is told of all that fall due at one instant together. */
export interface TimerOwner {
  readonly sequence: number;
  /** Resolves once that is durable; with false when it could not be made so. */
  timersFired(timers: readonly number[]): Promise<boolean>;
}

/** Timers of executions that are not in memory, taken from the store at once. */
const STORED_BATCH = 1000;
/** What could not be told, or read, is still due in the store: how long until it is asked again. */
const ASK_AGAIN_MS = 60_000;

/**
 * All timers of all executions behind one appointment with the clock, always for the earliest. Those of executions in memory are in
 * a queue here, those of the others in the store: `wake` brings such an execution back.
 */
export class Timers {
  readonly #clock: Clock;
  readonly #store: Pick<Store, 'dueTimers' | 'nextTimerMs'>;
  readonly #wake: (execution: number) => TimerOwner | undefined;
  readonly #onUnreadable: (error: StoreError) => void;
  readonly #queue = new DueQueue<Entry>();
  readonly #entries = new Map<TimerOwner, Map<number, Entry>>();
  /** Executions that have been told of timers which are still in the store. */
  readonly #told = new Set<number>();
  #storedDueMs: number | undefined;
  #failedMs = Number.NEGATIVE_INFINITY;
  #appointment: { readonly dueMs: number; readonly cancel: () => void } | undefined;
  #isClosed = false;

  constructor(
    clock: Clock,
    store: Pick<Store, 'dueTimers' | 'nextTimerMs'>,
    wake: (execution: number) => TimerOwner | undefined,
    onUnreadable: (error: StoreError) => void,
  ) {
    this.#clock = clock;
    this.#store = store;
    this.#wake = wake;
    this.#onUnreadable = onUnreadable;
  }

  /** Does nothing when it is armed already. */
  arm(owner: TimerOwner, timer: number, dueMs: number): void {
    let own = this.#entries.get(owner);
    if (own === undefined) this.#entries.set(owner, (own = new Map()));
    if (own.has(timer)) return;
    const entry: Entry = { owner, timer, dueMs, cancelled: false };
    own.set(timer, entry);
    this.#queue.add(entry);
    this.#reschedule();
  }

  cancel(owner: TimerOwner, timer: number): void {
    const own = this.#entries.get(owner);
    const entry = own?.get(timer);
    if (own === undefined || entry === undefined) return;
    own.delete(timer);
    if (own.size === 0) this.#entries.delete(owner);
    this.#queue.cancel(entry);
    this.#reschedule();
  }

  /** Its timers are in the store now. */
  release(owner: TimerOwner): void {
    for (const entry of this.#entries.get(owner)?.values() ?? []) this.#queue.cancel(entry);
    this.#entries.delete(owner);
  }

  /** The timers in the store have changed. */
  storeChanged(): void {
    if (this.#isClosed) return;
    this.#lookAhead();
    this.#reschedule();
  }

  close(): void {
    this.#isClosed = true;
    this.#appointment?.cancel();
    this.#appointment = undefined;
    this.#storedDueMs = undefined;
    this.#entries.clear();
    while (this.#queue.take() !== undefined);
  }

  #reschedule(): void {
    const queuedMs = this.#queue.peek()?.dueMs ?? Number.POSITIVE_INFINITY;
    const nextMs = Math.min(queuedMs, this.#storedDueMs ?? Number.POSITIVE_INFINITY);
    const dueMs = nextMs === Number.POSITIVE_INFINITY || this.#isClosed ? undefined : nextMs;
    if (dueMs === this.#appointment?.dueMs) return;
    this.#appointment?.cancel();
    this.#appointment =
      dueMs === undefined ? undefined : { dueMs, cancel: this.#clock.at(dueMs, () => this.#fire()) };
  }

  /** All that is due, owner by owner, in the order (due, start of the execution). */
  #fire(): void {
    this.#appointment = undefined;
    const nowMs = this.#clock.now();
    const due = [...this.#takeQueued(nowMs), ...this.#takeStored(nowMs)];
    if (due.length > 1)
      due.sort((a, b) => a.dueMs - b.dueMs || a.owner.sequence - b.owner.sequence || a.timer - b.timer);
    const byOwner = new Map<TimerOwner, number[]>();
    for (const { owner, timer } of due) {
      const fired = byOwner.get(owner);
      if (fired === undefined) byOwner.set(owner, [timer]);
      else fired.push(timer);
    }
    this.#reschedule();
    for (const [owner, timers] of byOwner) {
      const isTold = this.#told.has(owner.sequence);
      const done = owner.timersFired(timers);
      if (isTold) void done.then((isDurable) => this.#heard(owner, isDurable));
    }
  }

  #takeQueued(nowMs: number): Omit<Entry, 'cancelled'>[] {
    const due: Entry[] = [];
    while ((this.#queue.peek()?.dueMs ?? Number.POSITIVE_INFINITY) <= nowMs) {
      const entry = this.#queue.take();
      if (entry === undefined) break;
      const own = this.#entries.get(entry.owner);
      own?.delete(entry.timer);
      if (own?.size === 0) this.#entries.delete(entry.owner);
      due.push(entry);
    }
    return due;
  }

  /** While these are being told, the store still has them: it is asked again when they have heard. */
  #takeStored(nowMs: number): Omit<Entry, 'cancelled'>[] {
    if (this.#storedDueMs === undefined || this.#storedDueMs > nowMs) return [];
    this.#storedDueMs = undefined;
    const rows = this.#read(() => this.#store.dueTimers(nowMs, STORED_BATCH)) ?? [];
    // The execution that this was due for has been woken by something else: the next one is another's.
    if (rows.length === 0) this.#lookAhead();
    const owners = new Map<number, TimerOwner | undefined>();
    return rows.flatMap(({ execution, timer, dueMs }: TimerRow) => {
      const wake = (): TimerOwner | undefined => this.#wake(execution);
      if (!owners.has(execution)) owners.set(execution, this.#read(wake));
      const owner = owners.get(execution);
      if (owner === undefined) return [];
      this.#told.add(execution);
      return [{ owner, timer, dueMs }];
    });
  }

  #lookAhead(): void {
    this.#read(() => {
      const dueMs = this.#store.nextTimerMs();
      const wasDue = dueMs !== undefined && dueMs <= this.#failedMs;
      this.#storedDueMs = wasDue ? this.#failedMs + ASK_AGAIN_MS : dueMs;
    });
  }

  /** undefined when the disk does not give it: the clock goes on all the same, and it is asked again. */
  #read<Found>(read: () => Found): Found | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#onUnreadable(error);
      this.#failedMs = this.#clock.now();
      this.#storedDueMs = this.#failedMs + ASK_AGAIN_MS;
      return undefined;
    }
  }

  #heard({ sequence }: TimerOwner, isDurable: boolean): void {
    if (!isDurable) this.#failedMs = this.#clock.now();
    this.#told.delete(sequence);
    if (this.#told.size === 0) this.storeChanged();
  }
}
