import type { DistributedMap, Json, JsonObject, MapState, Program } from '@stepyard/asl';
import type { EndStatus } from '../effect.ts';
import type { Failure } from '../failure.ts';
import type { Frame } from '../frame.ts';
import type { MachineType } from '../input.ts';
import type { OpenChild } from './open-child.ts';

/**
 * The work of one attempt of a Distributed Map: reads items, starts a child execution for each item or batch, counts how they
 * end. All of it follows from the execution's inputs; reading, running children and writing results are effects.
 */
export interface MapRun {
  readonly kind: 'mapRun';
  /** Id of its MapRunStarted event: unique within the execution. */
  readonly id: number;
  /** `arn:aws:states:<region>:<account>:mapRun:<state machine>/<label>:<uuid>`. */
  readonly arn: string;
  readonly executionArn: string;
  readonly owner: Frame;
  readonly state: MapState;
  readonly settings: MapRunSettings;
  readonly children: ChildMachine;
  readonly startedMs: number;
  stoppedMs: number | undefined;
  status: MapRunStatus;
  /** How often it was redriven, and when last. */
  redriveCount: number;
  redrivenMs: number | undefined;
  /** What UpdateMapRun may change. 0: no limit but the service's own. */
  maxConcurrency: number;
  /** undefined: not given, which tolerates none unless the other one is given. */
  toleratedFailureCount: number | undefined;
  toleratedFailurePercentage: number | undefined;
  /** running: items are left. writing: the results are being exported. over: the state can go on, or fail. */
  phase: 'running' | 'writing' | 'over';
  /** True while the owner is in the work queue because of it. */
  isQueued: boolean;
  failure: Failure | undefined;
  items: ItemBuffer;
  /** Children that run, by their number. */
  readonly open: Map<number, OpenChild>;
  /** Children that failed, timed out or were stopped: what a redrive takes up again. */
  readonly unsuccessful: Map<number, UnsuccessfulChild>;
  /** Those of them that a redrive has taken up, and that wait until they may run: the next one is the last here. */
  pendingRedrive: (readonly [number: number, child: UnsuccessfulChild])[];
  /** By the child's number; empty when the results go to files. */
  readonly results: Json[];
  readonly itemCounts: RunCounts;
  readonly executionCounts: RunCounts;
  /** Where the results are, once written. */
  written: JsonObject | undefined;
}

export type MapRunStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';

/** What the fields of the state evaluated to. */
export interface MapRunSettings {
  readonly distributed: DistributedMap;
  /** JSONPath's effective input: what ItemSelector reads. */
  readonly document: Json;
  readonly source: ItemSource | undefined;
  readonly maxItems: number;
  readonly batch: BatchSettings | undefined;
  readonly target: ResultTarget | undefined;
}

/** Where ItemReader reads. */
export interface ItemSource {
  readonly resource: string;
  readonly parameters: JsonObject;
  /** ReaderConfig without MaxItems. */
  readonly config: JsonObject;
}

export interface BatchSettings {
  readonly itemsMax: number;
  readonly bytesMax: number;
  readonly input: Json | undefined;
}

/** Where ResultWriter writes. */
export interface ResultTarget {
  readonly resource: string;
  readonly parameters: JsonObject;
  readonly outputType: 'JSON' | 'JSONL';
  readonly transformation: 'NONE' | 'COMPACT' | 'FLATTEN';
}

/** The state machine that the children are executions of. */
export interface ChildMachine {
  /** `<state machine>/<label>`. */
  readonly arn: string;
  readonly name: string;
  /** What the ARNs of the children begin with: all before the child's own name, and the colon before that. */
  readonly executions: string;
  readonly type: MachineType;
  readonly program: Program;
}

export interface UnsuccessfulChild {
  readonly child: OpenChild;
  readonly status: Exclude<EndStatus, 'SUCCEEDED'>;
  readonly endedMs: number;
  /** It told how it ended, before anybody stopped it: it counts among those whose results are written. */
  readonly hasResult: boolean;
  /** Its history is full: it is never redriven. */
  readonly isFull: boolean;
}

export interface MapItem {
  readonly value: Json;
  /** Of a member of a JSON object: its name. */
  readonly key?: string;
  /** `$$.Map.Item.Source`: `STATE_DATA`, or the S3 URI that it was read from. */
  readonly source: string;
}

/** Items that were read and not yet given to a child: only as many as are about to be needed. */
export interface ItemBuffer {
  waiting: MapItem[];
  /** Index in `waiting` of the first that is still there. */
  head: number;
  /** Index of the first of them in the whole dataset. */
  nextIndex: number;
  readCount: number;
  isReading: boolean;
  isExhausted: boolean;
}

/** The counts of DescribeMapRun, in its order. */
export interface RunCounts {
  pending: number;
  running: number;
  succeeded: number;
  failed: number;
  timedOut: number;
  aborted: number;
  total: number;
  resultsWritten: number;
  /** Unsuccessful ones that cannot be redriven, and those that wait to be; counted when the map run has been redriven. */
  failuresNotRedrivable: number;
  pendingRedrive: number;
}

const COUNTED = {
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'timedOut',
  ABORTED: 'aborted',
} as const satisfies Record<EndStatus, keyof RunCounts>;

/** Where executions that ended so are counted. */
export function countedAs(status: EndStatus): keyof RunCounts {
  return COUNTED[status];
}

/** Counts a child and its items; `by` -1: no longer. */
export function tally(
  run: MapRun,
  child: Pick<OpenChild, 'itemCount'>,
  counter: keyof RunCounts,
  by: 1 | -1 = 1,
): void {
  tallyAll(run, by, by * child.itemCount, counter);
}

/** The same for so many children with so many items. */
export function tallyAll(run: MapRun, children: number, items: number, counter: keyof RunCounts): void {
  run.executionCounts[counter] += children;
  run.itemCounts[counter] += items;
}

export function nothingRead(): ItemBuffer {
  return { waiting: [], head: 0, nextIndex: 0, readCount: 0, isReading: false, isExhausted: false };
}

export function waitingCount({ waiting, head }: ItemBuffer): number {
  return waiting.length - head;
}

export function noCounts(): RunCounts {
  return {
    pending: 0,
    running: 0,
    succeeded: 0,
    failed: 0,
    timedOut: 0,
    aborted: 0,
    total: 0,
    resultsWritten: 0,
    failuresNotRedrivable: 0,
    pendingRedrive: 0,
  };
}
