/** Each text once, in the order in which they came. */
export class Names<Text extends string = string> {
  readonly all: Text[] = [];
  readonly #indexes = new Map<Text, number>();

  /** Counted from 1; 0 is none. */
  index(text: Text | undefined): number {
    if (text === undefined) return 0;
    const known = this.#indexes.get(text);
    if (known !== undefined) return known;
    const index = this.all.push(text);
    this.#indexes.set(text, index);
    return index;
  }
}
