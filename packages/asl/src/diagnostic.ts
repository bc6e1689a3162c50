/** A place in a text: line and column count from 1, offset from 0 in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export type Severity = 'error' | 'warning';

/** What the checker found: data, never an exception. `code` is stable and comes from one registry (check/codes.ts). */
export interface Diagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** JSON pointer of where AWS locates it, `''` for the whole document; `range` is at least as exact. */
  readonly pointer: string;
  readonly range: Range;
  /** More about this one finding, where `message` is AWS's own text and says less. */
  readonly detail?: string;
}
