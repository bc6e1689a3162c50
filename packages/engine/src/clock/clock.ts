/** Where time comes from. The core never sees one: the host reads it and hands the time in as part of an input. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls back once at or after `dueMs` (epoch milliseconds); never synchronously. Returns what cancels it. */
  at(dueMs: number, callback: () => void): () => void;
}
