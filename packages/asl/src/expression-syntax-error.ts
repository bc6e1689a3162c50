/**
 * A path, intrinsic call, JSONata expression, template or choice rule that cannot be compiled: the user's mistake, found
 * before anything runs. One class for all kinds of expression, so that the checker maps it to a diagnostic in one place.
 */
export class ExpressionSyntaxError extends Error {
  /** Where in the expression's own text, from 0, in UTF-16 code units. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.name = 'ExpressionSyntaxError';
    this.offset = offset;
  }
}
