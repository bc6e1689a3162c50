/**
 * Places the items of a row in order, each as far from its neighbours as their offsets say or farther, so that the weighted sum
 * of their distances from what they wish for is least. Items that push each other form blocks, and a block stands at the
 * weighted median of its wishes: most of them are then met exactly, which is what makes lines straight.
 *
 * One separator serves row after row: its lists are kept, as a layout places thousands of rows.
 */
export class Separator {
  // All wishes in the order of their items, so that those of a block, and of two blocks that merge, stand together. Within a
  // block they ascend. A place is what the wish means for the row's first item.
  readonly #places: number[] = [];
  readonly #weights: number[] = [];
  #wishes = 0;
  // Blocks: where each one's wishes begin, how many items it has, where it stands.
  readonly #starts: number[] = [];
  readonly #counts: number[] = [];
  readonly #ats: number[] = [];
  #blocks = 0;
  readonly #offsets: number[] = [];
  #items = 0;

  /** Begins the next item, `offset` or more from the row's first. */
  item(offset: number): void {
    this.#settle();
    this.#offsets[this.#items++] = offset;
    this.#starts[this.#blocks] = this.#wishes;
    this.#counts[this.#blocks] = 1;
    this.#blocks += 1;
  }

  /** The item's neighbour wants it at `at`. */
  wish(at: number, weight: number): void {
    this.#places[this.#wishes] = at - (this.#offsets[this.#items - 1] ?? 0);
    this.#weights[this.#wishes] = weight;
    this.#sink(this.#starts[this.#blocks - 1] ?? 0, this.#wishes);
    this.#wishes += 1;
  }

  /** Gives the place of each item to `set`, and is ready for the next row. */
  finish(set: (index: number, place: number) => void): void {
    this.#settle();
    let item = 0;
    for (let block = 0; block < this.#blocks; block += 1) {
      const at = this.#ats[block] ?? 0;
      for (let left = this.#counts[block] ?? 0; left > 0; left -= 1) {
        set(item, at + (this.#offsets[item] ?? 0));
        item += 1;
      }
    }
    this.#wishes = 0;
    this.#blocks = 0;
    this.#items = 0;
  }

  /** Places the last block, and merges it with those before it for as long as they collide. */
  #settle(): void {
    if (this.#blocks === 0) return;
    let last = this.#blocks - 1;
    this.#ats[last] = this.#median(this.#starts[last] ?? 0);
    while (last > 0 && (this.#ats[last - 1] ?? 0) > (this.#ats[last] ?? 0)) {
      const start = this.#starts[last - 1] ?? 0;
      for (let wish = this.#starts[last] ?? 0; wish < this.#wishes; wish += 1) this.#sink(start, wish);
      this.#counts[last - 1] = (this.#counts[last - 1] ?? 0) + (this.#counts[last] ?? 0);
      last -= 1;
      this.#blocks -= 1;
      this.#ats[last] = this.#median(start);
    }
  }

  /** Moves one wish down to where it belongs among those from `start` on. */
  #sink(start: number, wish: number): void {
    const place = this.#places[wish] ?? 0;
    const weight = this.#weights[wish] ?? 0;
    let index = wish;
    for (; index > start && (this.#places[index - 1] ?? 0) > place; index -= 1) {
      this.#places[index] = this.#places[index - 1] ?? 0;
      this.#weights[index] = this.#weights[index - 1] ?? 0;
    }
    this.#places[index] = place;
    this.#weights[index] = weight;
  }

  /** Of all places that are equally good for the last block, the one in the middle. */
  #median(start: number): number {
    let weight = 0;
    for (let wish = start; wish < this.#wishes; wish += 1) weight += this.#weights[wish] ?? 0;
    let sum = 0;
    for (let wish = start; wish < this.#wishes; wish += 1) {
      const at = this.#places[wish] ?? 0;
      sum += this.#weights[wish] ?? 0;
      if (sum * 2 > weight) return at;
      if (sum * 2 === weight) return wish + 1 < this.#wishes ? (at + (this.#places[wish + 1] ?? at)) / 2 : at;
    }
    return 0;
  }
}
