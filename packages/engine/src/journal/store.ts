import type { EndStatus, Outcome } from '../core/effect.ts';
import type { Started } from '../core/input.ts';
import type { ChildBlock } from './child-block.ts';

/**
 * What an engine keeps: the journal of every execution (inputs only; state and history follow from them), a row for each
 * execution, the timers of those that have left memory, and the resources of the control plane. Two implementations: memory, and
 * SQLite. Writes are atomic and asynchronous; reads are synchronous and see what is durable, nothing else.
 */
export interface Store {
  /**
   * All of the writes or none, after those of every earlier commit. Resolves once they are durable; commits of the same instant
   * share one flush. Rejects with {@link StoreError} when they could not be written, and then so does every later commit: what was
   * asked for after a gap must not become durable.
   */
  commit(writes: readonly Write[]): Promise<void>;
  /** In the order in which they were first put. */
  resources(kind: ResourceKind): readonly Resource[];
  resource(kind: ResourceKind, key: string): string | undefined;
  execution(key: ExecutionKey): ExecutionRow | undefined;
  executions(filter: ExecutionFilter): readonly ExecutionRow[];
  /** Executions that run, whether in memory or not. */
  runningCount(): number;
  /** Those that run and had not left memory, in the order of their starts: what a restart must replay. */
  awake(): readonly ExecutionRow[];
  /**
   * All turns of an execution after its start, in order; none once its history is archived and it cannot be redriven. `mark`, of a
   * snapshot: only those after it.
   */
  turns(execution: number, mark?: number): readonly TurnRecord[];
  /** Where its turns end now, to be given to {@link turns} later. */
  mark(execution: number): number;
  /** Its snapshots, in order: each has the part of the history since the one before, the last one how it stands. */
  snapshots(execution: number): readonly SnapshotRow[];
  /** The history of one that has ended, as it was archived; undefined before that. */
  history(execution: number): Uint8Array | undefined;
  /** The same of a child in a block: that of the whole block. */
  blockHistory(execution: number): BlockHistory | undefined;
  /** Those that have ended and are not archived yet, oldest first; not those in blocks. */
  unarchived(limit: number): readonly ExecutionRow[];
  /** The first block that is not archived yet, after the one that begins with that sequence number. */
  unarchivedBlock(after: number): ChildBlock | undefined;
  /** Those that ended before then, child executions left out: they go with their parents. */
  endedBefore(timeMs: number, limit: number): readonly ExecutionRow[];
  mapRun(arn: string): MapRunRow | undefined;
  /** In the order of their starts. */
  mapRunsOf(execution: number): readonly MapRunRow[];
  /** Timers of executions that have left memory: due by then, in the order (dueMs, execution, timer). */
  dueTimers(untilMs: number, limit: number): readonly TimerRow[];
  nextTimerMs(): number | undefined;
  /** The highest sequence number of all executions, and the highest number of all revisions; 0 before the first. */
  lastSequence(): number;
  lastRevision(): number;
  /** How many executions there are of each machine and status, child executions left out. */
  tally(): readonly Tally[];
  /** Numbers of the revisions that executions run, or ran. Looks at all of them. */
  revisionsInUse(): ReadonlySet<number>;
  /** Gives the room of what has been removed back to the disk. Nobody can be answered meanwhile. Throws {@link StoreError}. */
  compact(): void;
  close(): Promise<void>;
}

/** An execution's sequence number, or its ARN. */
export type ExecutionKey = number | string;

/** The data cannot be opened, read or written. The message is one clear line. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

export type Write =
  /** Puts a resource; `value` undefined removes it. */
  | {
      readonly kind: 'resource';
      readonly of: ResourceKind;
      readonly key: string;
      readonly value: string | undefined;
    }
  | { readonly kind: 'started'; readonly row: ExecutionRow }
  /** Children that succeeded where they started; they stay together until they are removed with their parent. */
  | { readonly kind: 'children'; readonly block: ChildBlock }
  | { readonly kind: 'turn'; readonly record: TurnRecord }
  /** It has ended, or was redriven and runs again; a redrive drops the archived history. */
  | { readonly kind: 'changed'; readonly execution: number; readonly state: ExecutionState }
  | { readonly kind: 'mapRun'; readonly row: MapRunRow }
  /** It has left memory; its timers are kept here until `awake`. */
  | {
      readonly kind: 'asleep';
      readonly execution: number;
      /** Of its history so far. */
      readonly eventCount: number;
      readonly timers: readonly { readonly timer: number; readonly dueMs: number }[];
    }
  | { readonly kind: 'awake'; readonly execution: number; readonly timers: readonly TimerRow[] }
  /** How it stands after all turns that were written before this. */
  | {
      readonly kind: 'snapshot';
      readonly execution: number;
      /** Which interpreter made it. */
      readonly interpreter: number;
      readonly bytes: Uint8Array;
      /** It has the whole history: those before it go. */
      readonly replaces: boolean;
    }
  /**
   * Its history is kept as it is; its turns and snapshots go, unless a redrive may still need them. Nothing happens when it was redriven or
   * archived since: an archive made after its turns had gone would lack them.
   */
  | {
      readonly kind: 'archived';
      readonly execution: number;
      /** Of the end that the history tells of. */
      readonly stopMs: number;
      readonly history: Uint8Array;
      readonly keepsTurns: boolean;
    }
  /** The histories of a block are kept as they are; nothing happens where it is gone. `first`: of the block. */
  | { readonly kind: 'childrenArchived'; readonly first: number; readonly histories: Uint8Array }
  /** Everything about it goes, its map runs and their children too. */
  | { readonly kind: 'removed'; readonly execution: number };

/** An archived block, and which of its children is the one that was asked for. */
export interface BlockHistory {
  /** Sequence number of the block's first. */
  readonly first: number;
  readonly place: number;
  readonly histories: Uint8Array;
}

/** One turn of an execution, but for its `started` input, which is in the execution's row. */
export interface TurnRecord {
  /** Sequence number of the execution. */
  readonly execution: number;
  /** The id of the last history event before the turn: replay asserts it. */
  readonly atEventId: number;
  /** Epoch milliseconds. */
  readonly timeMs: number;
  /** The inputs (core/input.ts), an array as JSON text. */
  readonly inputs: string;
}

export interface SnapshotRow {
  /** Which interpreter made it (core/interpreter-version.ts). */
  readonly interpreter: number;
  /** journal/snapshot-bytes.ts. */
  readonly bytes: Uint8Array;
  /** Tells the store which turns are in it. */
  readonly mark: number;
}

/** What changes about an execution when it ends or is redriven. */
export interface ExecutionState {
  readonly status: 'RUNNING' | EndStatus;
  readonly outcome: Outcome | undefined;
  /** Epoch milliseconds. */
  readonly stopMs: number | undefined;
  /** Events of its history, when it ended or left memory last. */
  readonly eventCount: number;
  readonly redrive: Redrive | undefined;
}

/** How often it was redriven, when last, and the client's token of that. */
export interface Redrive {
  readonly count: number;
  readonly dateMs: number;
  readonly token: string | undefined;
}

export interface ExecutionRow extends ExecutionState {
  /** Place in the order of all starts, from 1: its key. */
  readonly sequence: number;
  readonly started: Started;
  /** Epoch milliseconds of its first turn. */
  readonly startMs: number;
  /** Number of the definition's revision that it runs. */
  readonly revision: number;
  /** Which interpreter began it (core/interpreter-version.ts). */
  readonly interpreter: number;
  /** Of a child execution. */
  readonly child: ChildPlace | undefined;
  readonly traceHeader: string | undefined;
}

/** Where a child execution belongs. */
export interface ChildPlace {
  /** Sequence number of its parent. */
  readonly parent: number;
  /** The map run by its id within the parent, and the number of the child in it. */
  readonly mapRun: number;
  readonly number: number;
  /** JSON pointer of the Map state whose processor it runs. */
  readonly processor: string;
  /** Of a child of a fork that has a definition of its own: that text. */
  readonly definition?: string;
  readonly itemCount: number;
}

/** Newest first. */
export interface ExecutionFilter {
  /** Of a state machine, or of a map run. */
  readonly of: { readonly machineArn: string } | { readonly mapRunArn: string } | 'all';
  readonly status?: ExecutionState['status'] | undefined;
  /** Only those that were started by this version or alias. */
  readonly startedBy?: string | undefined;
  readonly isRedriven?: boolean | undefined;
  /** Only those with a lower sequence number. */
  readonly before?: number | undefined;
  readonly limit: number;
}

export interface Tally {
  readonly machineArn: string;
  readonly status: ExecutionState['status'];
  readonly count: number;
}

export interface MapRunRow {
  readonly arn: string;
  /** Sequence number of the execution that it belongs to. */
  readonly execution: number;
  /** Id of its MapRunStarted event. */
  readonly id: number;
  /** What DescribeMapRun says, as JSON text: at its start, and again once it is over. */
  readonly description: string;
}

export interface TimerRow {
  readonly execution: number;
  readonly timer: number;
  /** Epoch milliseconds. */
  readonly dueMs: number;
}

/** What the control plane keeps, by kind: the keys are ARNs, of revisions their numbers; the values JSON text. */
export type ResourceKind = 'machine' | 'revision' | 'version' | 'alias' | 'activity' | 'tags';

export interface Resource {
  readonly key: string;
  readonly value: string;
}
