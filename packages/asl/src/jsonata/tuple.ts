import type { Value } from './value.ts';

/** One row of a path with `@`, `#` or `%`: the item under `@`, and the variables bound so far. */
export type Tuple = ReadonlyMap<string, Value>;

/** The rows of such a path, on their way from one step to the next. */
export class TupleStream {
  readonly tuples: Tuple[];

  constructor(tuples: Tuple[]) {
    this.tuples = tuples;
  }
}
