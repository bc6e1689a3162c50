/** Items that push each other: they stand at one place, each at its offset. */
interface Block {
  /** What the wishes mean for the row's first item, ascending; how strong each is. */
  places: number[];
  weights: number[];
  weight: number;
  at: number;
  count: number;
}

/**
 * Places the items of a row in order, each at `offsets[i]` or more from the first and as far from its neighbours as the
 * offsets say, so that the weighted sum of their distances from what they wish for is least. Items that push each other form
 * blocks, and a block stands at the weighted median of its wishes: most of them are then met exactly, which is what makes
 * lines straight.
 */
export class Separator {
  readonly #blocks: Block[] = [];
  readonly #offsets: number[] = [];
  #block: Block | undefined;

  /** Begins the next item, `offset` from the row's first. */
  item(offset: number): void {
    this.#close();
    this.#offsets.push(offset);
    this.#block = { places: [], weights: [], weight: 0, at: 0, count: 1 };
  }

  /** The item's neighbour wants it at `at`. */
  wish(at: number, weight: number): void {
    const offset = this.#offsets.at(-1) ?? 0;
    if (this.#block !== undefined) insert(this.#block, at - offset, weight);
  }

  places(): number[] {
    this.#close();
    const places: number[] = [];
    for (const { at, count } of this.#blocks) {
      for (let item = 0; item < count; item += 1) places.push(at + (this.#offsets[places.length] ?? 0));
    }
    return places;
  }

  #close(): void {
    let block = this.#block;
    if (block === undefined) return;
    block.at = median(block);
    for (
      let before = this.#blocks.at(-1);
      before !== undefined && before.at > block.at;
      before = this.#blocks.at(-1)
    ) {
      this.#blocks.pop();
      block = merge(before, block);
    }
    this.#blocks.push(block);
    this.#block = undefined;
  }
}

function merge(a: Block, b: Block): Block {
  const [large, small] = a.places.length >= b.places.length ? [a, b] : [b, a];
  for (let index = 0; index < small.places.length; index += 1) {
    insert(large, small.places[index] ?? 0, small.weights[index] ?? 0);
  }
  large.count = a.count + b.count;
  large.at = median(large);
  return large;
}

function insert(block: Block, at: number, weight: number): void {
  const { places, weights } = block;
  let index = places.length;
  places.push(at);
  weights.push(weight);
  for (; index > 0 && (places[index - 1] ?? 0) > at; index -= 1) {
    places[index] = places[index - 1] ?? 0;
    weights[index] = weights[index - 1] ?? 0;
  }
  places[index] = at;
  weights[index] = weight;
  block.weight += weight;
}

/** Of all places that are equally good, the one in the middle. */
function median({ places, weights, weight }: Block): number {
  let sum = 0;
  for (let index = 0; index < places.length; index += 1) {
    const at = places[index] ?? 0;
    sum += weights[index] ?? 0;
    if (sum * 2 > weight) return at;
    if (sum * 2 === weight) return (at + (places[index + 1] ?? at)) / 2;
  }
  return places.at(-1) ?? 0;
}
