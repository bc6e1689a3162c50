import type { Clock } from './clock.ts';
import type { Due } from './due-queue.ts';
import { DueQueue } from './due-queue.ts';

/** A clock that is moved by hand, or by itself whenever nothing else is going on. */
export interface VirtualClock extends Clock {
  /**
   * Moves on by `ms`, calling back what falls due on the way in the order of the due times, each at its own time. What
   * follows from a callback, and from what follows from that, has happened before the clock goes further.
   */
  advance(ms: number): Promise<void>;
  /** While something holds it, the clock does not move by itself: real work is going on. Returns what lets go. */
  hold(): () => void;
}

export interface VirtualClockOptions {
  /** Epoch milliseconds at the start; 2026-01-01T00:00:00Z unless given. */
  readonly startMs?: number;
  /** Jump to the next due time as soon as nothing else is running in this process and nobody holds the clock. */
  readonly autoAdvance?: boolean;
}

interface Appointment extends Due {
  readonly callback: () => void;
}

const DEFAULT_START_MS = 1_767_225_600_000;

/** Rounds of the event loop in which nothing may happen before things count as settled. */
const QUIET_ROUNDS = 3;

const { setImmediate: soon } = globalThis;

export function createVirtualClock(options: VirtualClockOptions = {}): VirtualClock {
  const appointments = new DueQueue<Appointment>();
  let nowMs = options.startMs ?? DEFAULT_START_MS;
  let holds = 0;
  let ticking = false;

  const callDue = (untilMs: number): boolean => {
    const next = appointments.peek();
    if (next === undefined || next.dueMs > untilMs) return false;
    nowMs = Math.max(nowMs, next.dueMs);
    while ((appointments.peek()?.dueMs ?? Number.POSITIVE_INFINITY) <= nowMs) appointments.take()?.callback();
    return true;
  };
  const tick = (quiet: number): void => {
    soon(() => {
      if (holds > 0 || appointments.peek() === undefined) {
        ticking = false;
      } else if (quiet < QUIET_ROUNDS) {
        tick(quiet + 1);
      } else {
        callDue(Number.POSITIVE_INFINITY);
        tick(0);
      }
    });
  };
  const wake = (): void => {
    if (options.autoAdvance !== true || ticking) return;
    ticking = true;
    tick(0);
  };

  return {
    now: () => nowMs,

    at(dueMs, callback) {
      const appointment: Appointment = { dueMs, callback, cancelled: false };
      appointments.add(appointment);
      wake();
      return () => appointments.cancel(appointment);
    },

    async advance(ms) {
      const targetMs = nowMs + ms;
      await settle();
      while (callDue(targetMs)) await settle();
      nowMs = Math.max(nowMs, targetMs);
      await settle();
    },

    hold() {
      holds++;
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        holds--;
        wake();
      };
    },
  };
}

/** Lets promises and immediates that are under way run. */
async function settle(): Promise<void> {
  for (let round = 0; round < QUIET_ROUNDS; round++) await new Promise<void>((resolve) => soon(resolve));
}
