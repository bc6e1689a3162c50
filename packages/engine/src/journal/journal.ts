/**
 * The journal keeps inputs only; state, history and everything shown is derived by applying them again. What `append`
 * was given is durable when its promise resolves, and effects are dispatched only then.
 */
export interface JournalRecord {
  readonly executionArn: string;
  /** The id of the last history event before this input was applied: replay asserts it. */
  readonly atEventId: number;
  /** Epoch milliseconds of the turn. */
  readonly timeMs: number;
  /** The input as JSON text (core/input.ts). */
  readonly input: string;
}

export interface Journal {
  /** Appends in order; records of several executions may share one commit. */
  append(records: readonly JournalRecord[]): Promise<void>;
  /** All records of one execution, in order. */
  read(executionArn: string): Promise<readonly JournalRecord[]>;
  /** Forgets an execution (retention). */
  remove(executionArn: string): Promise<void>;
  close(): Promise<void>;
}
