import type { Clock } from './clock.ts';

/** setTimeout takes 31 bits of milliseconds, 24.8 days; what is further off is reached in stages. */
const TIMEOUT_MS_MAX = 2_147_483_647;

// Taken when the module loads: a test that replaces the timers of its own code does not freeze the engine.
const { setTimeout: startTimeout, clearTimeout: stopTimeout } = globalThis;

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),

  at(dueMs, callback) {
    let timeout: ReturnType<typeof startTimeout> | undefined;
    const wait = (): void => {
      const left = dueMs - Date.now();
      timeout = startTimeout(left > 0 ? wait : callback, Math.min(Math.max(left, 0), TIMEOUT_MS_MAX));
    };
    wait();
    return () => stopTimeout(timeout);
  },
};
