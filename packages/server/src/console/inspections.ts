import type { Engine, Look } from '@stepyard/engine';
import { Watch } from '@stepyard/engine';

/** Executions that are kept, and how many events all of them may have; one is kept however long it is. */
export const WATCHES_MAX = 8;
const EVENTS_MAX = 200_000;
/** When nobody has asked for that long, none is kept. */
const KEPT_MS = 60_000;

/**
 * The executions that somebody looks at, replayed: one page asks a dozen things of the same one, again and again while it goes on.
 * What has been replayed is not replayed again, nor read again.
 */
export class Inspections {
  readonly #engine: Engine;
  /** In the order in which they were last asked for. */
  readonly #watches = new Map<string, Promise<Watch>>();
  readonly #eventCounts = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** As the execution is now. Rejects as `Engine.describe` does, and with ReplayMismatch. */
  async of(arn: string): Promise<Watch> {
    const known = this.#watches.get(arn);
    const watch = known === undefined ? this.#begin(arn) : this.#goOn(arn, known);
    this.#watches.delete(arn);
    this.#watches.set(arn, watch);
    this.#keepFor(KEPT_MS);
    try {
      const found = await watch;
      this.#eventCounts.set(arn, found.look.eventCount);
      this.#makeRoom();
      return found;
    } catch (error) {
      if (this.#watches.get(arn) === watch) this.#forget(arn);
      throw error;
    }
  }

  /** How it stands, or stood right after an event. */
  async look(arn: string, at?: number): Promise<Look> {
    const watch = await this.of(arn);
    return at === undefined ? watch.look : watch.lookBack(at);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#watches.clear();
    this.#eventCounts.clear();
  }

  async #begin(arn: string): Promise<Watch> {
    return new Watch(await this.#engine.inspection(arn));
  }

  /** One after the other: what is recorded is applied once. */
  async #goOn(arn: string, known: Promise<Watch>): Promise<Watch> {
    let watch: Watch;
    try {
      watch = await known;
    } catch {
      return this.#begin(arn);
    }
    watch.advance(await this.#engine.inspectionSince(arn, watch.seen));
    return watch;
  }

  #keepFor(ms: number): void {
    this.#timer ??= setTimeout(() => this.close(), ms).unref();
    this.#timer.refresh();
  }

  #makeRoom(): void {
    let events = 0;
    for (const count of this.#eventCounts.values()) events += count;
    for (const arn of this.#watches.keys()) {
      if (this.#watches.size <= WATCHES_MAX && events <= EVENTS_MAX) return;
      if (this.#watches.size === 1) return;
      events -= this.#eventCounts.get(arn) ?? 0;
      this.#forget(arn);
    }
  }

  #forget(arn: string): void {
    this.#watches.delete(arn);
    this.#eventCounts.delete(arn);
  }
}
