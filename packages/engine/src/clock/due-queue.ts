/** Entries in the order of their due times, first come first served within one; a binary heap. */
export interface Due {
  readonly dueMs: number;
  cancelled: boolean;
}

export class DueQueue<Entry extends Due> {
  readonly #heap: { readonly entry: Entry; readonly sequence: number }[] = [];
  #sequence = 0;
  #live = 0;

  /** Number of entries that are not cancelled. */
  get size(): number {
    return this.#live;
  }

  add(entry: Entry): void {
    this.#live++;
    this.#heap.push({ entry, sequence: this.#sequence++ });
    this.#rise(this.#heap.length - 1);
  }

  /** The entry is skipped from now on. Its place is given back when it comes to the front, or when most are dead. */
  cancel(entry: Entry): void {
    if (entry.cancelled) return;
    entry.cancelled = true;
    this.#live--;
    if (this.#heap.length > 64 && this.#live * 2 < this.#heap.length) this.#rebuild();
  }

  /** The first entry, or undefined. */
  peek(): Entry | undefined {
    while (this.#heap[0]?.entry.cancelled === true) this.#removeFirst();
    return this.#heap[0]?.entry;
  }

  take(): Entry | undefined {
    const entry = this.peek();
    if (entry === undefined) return undefined;
    this.#removeFirst();
    this.#live--;
    entry.cancelled = true;
    return entry;
  }

  #rebuild(): void {
    const live = this.#heap.filter((item) => !item.entry.cancelled);
    // A sorted array is a heap.
    live.sort((a, b) => a.entry.dueMs - b.entry.dueMs || a.sequence - b.sequence);
    this.#heap.length = 0;
    for (const item of live) this.#heap.push(item);
  }

  #isBefore(a: number, b: number): boolean {
    const left = this.#heap[a];
    const right = this.#heap[b];
    if (left === undefined || right === undefined) return left !== undefined;
    return (left.entry.dueMs - right.entry.dueMs || left.sequence - right.sequence) < 0;
  }

  #swap(a: number, b: number): void {
    const left = this.#heap[a];
    const right = this.#heap[b];
    if (left === undefined || right === undefined) throw new Error('the heap has no such place');
    this.#heap[a] = right;
    this.#heap[b] = left;
  }

  #rise(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#isBefore(index, parent)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  #removeFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    let index = 0;
    for (;;) {
      let first = index;
      for (const child of [2 * index + 1, 2 * index + 2]) if (this.#isBefore(child, first)) first = child;
      if (first === index) return;
      this.#swap(index, first);
      index = first;
    }
  }
}
