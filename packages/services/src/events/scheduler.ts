import type { Rule } from './rules.ts';
import { parseSchedule, type Schedule } from './schedule.ts';

/** Longer than this no timer can wait. */
const WAIT_MS_MAX = 2_000_000_000;

export interface SchedulerOptions {
  /** A rule's time has come; `atMs` is the time that its schedule names, epoch milliseconds. */
  readonly onDue: (rule: Rule, atMs: number) => void;
  readonly now: () => number;
}

/** Runs the schedules of rules, each with a timer that keeps no process alive. */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  /** From now on the rule runs by its schedule as it is: not at all where it has none or is disabled. */
  set(rule: Rule): void {
    this.delete(rule.name);
    if (rule.schedule === undefined || !rule.enabled) return;
    const nowMs = this.#options.now();
    this.#arm(rule, parseSchedule(rule.schedule, nowMs), nowMs);
  }

  delete(name: string): void {
    clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #arm(rule: Rule, schedule: Schedule, afterMs: number): void {
    const atMs = schedule(afterMs);
    if (atMs !== undefined) this.#wait(rule, schedule, atMs);
  }

  #wait(rule: Rule, schedule: Schedule, atMs: number): void {
    const waitMs = Math.max(0, atMs - this.#options.now());
    const timer = setTimeout(
      () => {
        if (this.#options.now() < atMs) {
          this.#wait(rule, schedule, atMs);
          return;
        }
        this.#options.onDue(rule, atMs);
        // What was slept through is not made up for.
        this.#arm(rule, schedule, Math.max(atMs, this.#options.now()));
      },
      Math.min(waitMs, WAIT_MS_MAX),
    ).unref();
    this.#timers.set(rule.name, timer);
  }
}
