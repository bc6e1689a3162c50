/**
 * What may be large of an execution, in the shapes in which it goes over the wire: columns of numbers instead of objects with the
 * same members again and again. Types only, as types.ts.
 */
import type { ExecutionStatus } from './types.ts';

/** Columns of the same length: row i is event i + 1. An index into a table of texts counts from 1; 0 is none. */
export interface EventColumns {
  readonly types: readonly string[];
  /** Names of states. */
  readonly names: readonly string[];
  readonly resources: readonly string[];
  readonly startMs: number;
  readonly type: readonly number[];
  /** Milliseconds since the event before it; of the first since `startMs`. */
  readonly afterMs: readonly number[];
  /** How many ids before its own that of its previous event is. */
  readonly previous: readonly number[];
  readonly name: readonly number[];
  readonly resource: readonly number[];
  /** How many ids before its own that of its visit is; the same as its own id: it belongs to none. */
  readonly visit: readonly number[];
}

/** How far an execution was when something about it was read. */
export interface Extent {
  readonly status: ExecutionStatus;
  readonly eventCount: number;
}

/** As large as the machine, however long the execution was. */
export interface GraphAnswer extends Extent {
  readonly states: readonly StateTally[];
  /** Transitions that were taken; `from` null: the beginning of a list of states. `isCatch`: a catcher led there. */
  readonly ways: readonly { readonly from: string | null; readonly to: string; readonly isCatch: boolean }[];
  /** The visit by which it failed: of the last ones that did, the innermost. */
  readonly failed: { readonly id: number; readonly stateName: string } | null;
  /** The state that was entered last. */
  readonly latest: string | null;
}

/** All visits of one state, counted. */
export interface StateTally {
  readonly stateName: string;
  readonly visits: number;
  readonly counts: Readonly<Partial<Record<VisitStatus, number>>>;
  /** Iterations or branches of a Map or Parallel, over all of its visits. */
  readonly children: { readonly total: number; readonly done: number; readonly failed: number } | null;
  /** Attempts beyond the first of each visit. */
  readonly retries: number;
  /** Id of the visit that was entered last. */
  readonly lastVisit: number;
}

/**
 * Every {@link StateVisit} in the order of their ids, as columns of the same length: thousands of objects with the same members
 * would be ten times as long. A row is counted from 1, as is an index into a table of texts; 0 is none.
 */
export interface VisitColumns extends Extent {
  readonly names: readonly string[];
  /** The type of the state of that name. */
  readonly types: readonly string[];
  readonly statuses: readonly VisitStatus[];
  readonly errors: readonly string[];
  /** When the first one was entered. */
  readonly startMs: number;
  /** Since the id of the one before. */
  readonly id: readonly number[];
  readonly name: readonly number[];
  /** The row of the visit around it. */
  readonly parent: readonly number[];
  /** Of the iteration or branch, from 1. */
  readonly index: readonly number[];
  /** Index into `statuses`. */
  readonly visitStatus: readonly number[];
  /** Milliseconds since the one before. */
  readonly enteredMs: readonly number[];
  /** Milliseconds until it ended; -1: it goes on. */
  readonly lastedMs: readonly number[];
  /** Ids from its own to that of its exit; 0: not left. */
  readonly exit: readonly number[];
  /** What only some visits have: columns of their own, the first of them the row of the visit. */
  readonly failures: { readonly row: readonly number[]; readonly error: readonly number[] };
  readonly mapRuns: { readonly row: readonly number[]; readonly event: readonly number[] };
  readonly children: { readonly row: readonly number[] } & {
    readonly [Count in keyof ChildCounts]: readonly number[];
  };
  readonly attempts: {
    readonly statuses: readonly Attempt['status'][];
    readonly row: readonly number[];
    /** Ids since that of the visit. */
    readonly event: readonly number[];
    /** Ids since `event`; 0: not ended by an event. */
    readonly end: readonly number[];
    /** Milliseconds since the visit was entered. */
    readonly scheduledMs: readonly number[];
    /** -1: it goes on. */
    readonly lastedMs: readonly number[];
    readonly status: readonly number[];
    readonly error: readonly number[];
  };
}

export interface VisitAnswer extends Extent {
  /** null: there was none by then. */
  readonly visit: StateVisitDetail | null;
  /** Which visit of its state it is, from 1, of how many, and the ids of those beside it; 0: none. */
  readonly number: number;
  readonly of: number;
  readonly previous: number;
  readonly next: number;
}

export interface StateVisitDetail extends StateVisit {
  readonly attempts: readonly AttemptDetail[];
  readonly cause: string | null;
}

export interface AttemptDetail extends Attempt {
  readonly cause: string | null;
}

/** One stay in a state. Payloads are in its events. */
export interface StateVisit {
  /** The id of the StateEntered event. */
  readonly id: number;
  readonly stateName: string;
  readonly stateType: string;
  /** The visit of the Map or Parallel that it is within; 0: none. */
  readonly parent: number;
  /** Of the iteration or branch within that; -1: none. */
  readonly index: number;
  readonly status: VisitStatus;
  readonly enteredMs: number;
  /** When it was left, or came to its end; null while it goes on. */
  readonly endedMs: number | null;
  /** The id of the StateExited event; 0: not left. */
  readonly exitEvent: number;
  readonly attempts: readonly Attempt[];
  /** Only of a Map or Parallel. */
  readonly children: ChildCounts | null;
  /** Of the failure that ended it or was caught. */
  readonly error: string | null;
  /** The id of the MapRunStarted event of a Distributed Map; 0: none. */
  readonly mapRunEvent: number;
}

/** `waiting`: for time (Wait, a retry's pause) or for somebody (token, activity). `caught`: failed, and a Catch took it. */
export type VisitStatus = 'running' | 'waiting' | 'succeeded' | 'failed' | 'caught' | 'aborted';

/** One try of a Task. */
export interface Attempt {
  /** The id of the event that scheduled it; of its end, 0: none. */
  readonly event: number;
  readonly endEvent: number;
  readonly scheduledMs: number;
  readonly endedMs: number | null;
  readonly status: 'running' | 'succeeded' | 'failed' | 'timedOut' | 'aborted';
  readonly error: string | null;
}

export interface ChildCounts {
  readonly total: number;
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
}

/** Columns of the same length: child i is the i-th that was started. */
export interface MapRunChildren {
  /** The ARN of a child is this and its name. */
  readonly arnPrefix: string;
  readonly names: readonly string[];
  readonly statuses: readonly ExecutionStatus[];
  /** Index into `statuses`, from 1. */
  readonly status: readonly number[];
  /** When the first one was started. */
  readonly startMs: number;
  /** Milliseconds since then. */
  readonly startedMs: readonly number[];
  /** Milliseconds until it ended; -1: it goes on. */
  readonly lastedMs: readonly number[];
  readonly itemCounts: readonly number[];
  readonly errors: readonly string[];
  /** Index into `errors`, from 1; 0: none. */
  readonly error: readonly number[];
}
