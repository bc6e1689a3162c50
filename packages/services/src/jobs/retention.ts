/** Finished jobs that stay readable; AWS keeps them for a day (Batch) or an hour (ECS). */
export const FINISHED_MAX = 1_000;

/** Things by id, of which only so many finished ones are kept: the oldest to finish goes first. */
export class Retention<T> {
  readonly #items = new Map<string, T>();
  readonly #finished: string[] = [];
  readonly #finishedMax: number;

  constructor(finishedMax: number = FINISHED_MAX) {
    this.#finishedMax = finishedMax;
  }

  add(id: string, item: T): void {
    this.#items.set(id, item);
  }

  get(id: string): T | undefined {
    return this.#items.get(id);
  }

  values(): readonly T[] {
    return [...this.#items.values()];
  }

  finish(id: string): void {
    this.#finished.push(id);
    while (this.#finished.length > this.#finishedMax) this.#items.delete(this.#finished.shift() ?? '');
  }
}
