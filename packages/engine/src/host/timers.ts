import type { Clock } from '../clock/clock.ts';
import type { Due } from '../clock/due-queue.ts';
import { DueQueue } from '../clock/due-queue.ts';

interface Entry extends Due {
  readonly owner: TimerOwner;
  readonly timer: number;
}

/** Whose timers they are: it is told of all that fall due at one instant together. */
export interface TimerOwner {
  timersFired(timers: readonly number[]): void;
}

/** All timers of all executions behind one appointment with the clock, always for the earliest. */
export class Timers {
  readonly #clock: Clock;
  readonly #queue = new DueQueue<Entry>();
  readonly #entries = new Map<TimerOwner, Map<number, Entry>>();
  #appointment: { readonly dueMs: number; readonly cancel: () => void } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  arm(owner: TimerOwner, timer: number, dueMs: number): void {
    const entry: Entry = { owner, timer, dueMs, cancelled: false };
    let own = this.#entries.get(owner);
    if (own === undefined) this.#entries.set(owner, (own = new Map()));
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

  close(): void {
    this.#appointment?.cancel();
    this.#appointment = undefined;
    this.#entries.clear();
    while (this.#queue.take() !== undefined);
  }

  #reschedule(): void {
    const dueMs = this.#queue.peek()?.dueMs;
    if (dueMs === this.#appointment?.dueMs) return;
    this.#appointment?.cancel();
    this.#appointment =
      dueMs === undefined ? undefined : { dueMs, cancel: this.#clock.at(dueMs, () => this.#fire()) };
  }

  #fire(): void {
    this.#appointment = undefined;
    const nowMs = this.#clock.now();
    const due = new Map<TimerOwner, number[]>();
    while ((this.#queue.peek()?.dueMs ?? Number.POSITIVE_INFINITY) <= nowMs) {
      const entry = this.#queue.take();
      if (entry === undefined) break;
      const own = this.#entries.get(entry.owner);
      own?.delete(entry.timer);
      if (own?.size === 0) this.#entries.delete(entry.owner);
      const fired = due.get(entry.owner);
      if (fired === undefined) due.set(entry.owner, [entry.timer]);
      else fired.push(entry.timer);
    }
    this.#reschedule();
    for (const [owner, timers] of due) owner.timersFired(timers);
  }
}
