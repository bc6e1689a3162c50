/**
 * What the host offers. Member names are those of the Step Functions API; times are epoch milliseconds and say so. Every
 * method rejects with {@link EngineError} for what the caller did wrong, and with nothing else.
 */
import type { JsonObject } from '@stepyard/asl';
import type { Clock } from '../clock/clock.ts';
import type { HistoryEvent } from '../core/history/history-event.ts';
import type { MachineType } from '../core/input.ts';
import type { Store } from '../journal/store.ts';
import type { MapRunIo } from '../tasks/map-run-io.ts';
import type { TaskRunner } from '../tasks/task-runner.ts';
import type { Inspection, Later, Seen } from './inspection.ts';
import type { MapRunDescription, UpdateMapRunRequest } from './map-run-api.ts';

export interface EngineOptions {
  readonly clock: Clock;
  /** Where everything is kept (journal/store.ts). */
  readonly store: Store;
  readonly runner: TaskRunner;
  /** Reads datasets and writes results for Distributed Maps; without it those with an ItemReader or a ResultWriter fail. */
  readonly mapRunIo?: MapRunIo;
  /**
   * How many events of executions that rest are kept in memory, 250,000 unless given; one that waits counts for a hundred more. The
   * others are brought back by replay when something happens to them.
   */
  readonly restingEventsMax?: number;
  /** Makes names, ids and every random number of the engine reproducible. Without it they come from the system. */
  readonly seed?: string;
  /** `000000000000` unless given. */
  readonly account?: string;
  /** `us-east-1` unless given. */
  readonly region?: string;
  /** Standard executions only: on RUNNING and on the terminal status, after the change is durable. */
  readonly onStatusChange?: (event: StatusChangeEvent) => void;
  /** False where nobody would hear of a change just now: its event is not made. Always true unless given. */
  readonly wantsStatusChange?: () => boolean;
  /** What an operator should know: an execution that had to be given up because of a bug here, a task runner that rejected. */
  readonly onLog?: (entry: EngineLogEntry) => void;
}

export interface EngineLogEntry {
  readonly level: 'warn' | 'error';
  readonly message: string;
  readonly executionArn?: string;
}

/** An EventBridge event, complete: `Step Functions Execution Status Change`. */
export interface StatusChangeEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': 'Step Functions Execution Status Change';
  readonly source: 'aws.states';
  readonly account: string;
  /** ISO 8601, whole seconds, as EventBridge has it. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly [executionArn: string];
  /** Dates are epoch milliseconds, `stopDate`, `output`, `error` and `cause` null where there is none. */
  readonly detail: JsonObject;
}

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

// ------------------------------------------------------------------ state machines

export interface CreateStateMachineRequest {
  readonly name: string;
  /** The ASL text. */
  readonly definition: string;
  readonly roleArn: string;
  /** STANDARD unless given. */
  readonly type?: MachineType;
  /** Kept and compared, not interpreted, by the engine: logging, tracing, encryption. */
  readonly configuration?: JsonObject;
}

export interface UpdateStateMachineRequest {
  readonly stateMachineArn: string;
  readonly definition?: string;
  readonly roleArn?: string;
  readonly configuration?: JsonObject;
}

export interface StateMachineDescription {
  readonly stateMachineArn: string;
  readonly name: string;
  readonly type: MachineType;
  readonly status: 'ACTIVE' | 'DELETING';
  readonly definition: string;
  readonly roleArn: string;
  readonly creationDateMs: number;
  /** undefined before the first update, as AWS has it. */
  readonly revisionId: string | undefined;
  readonly updateDateMs: number | undefined;
  readonly configuration: JsonObject;
}

export interface VersionDescription {
  readonly stateMachineVersionArn: string;
  readonly creationDateMs: number;
  readonly description: string | undefined;
}

export interface AliasRoute {
  readonly stateMachineVersionArn: string;
  /** Of a hundred. */
  readonly weight: number;
}

export interface AliasDescription {
  readonly stateMachineAliasArn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly routes: readonly AliasRoute[];
  readonly creationDateMs: number;
  readonly updateDateMs: number;
}

// ------------------------------------------------------------------ executions

export interface StartRequest {
  /** Of the machine, of one of its versions or of an alias. */
  readonly stateMachineArn: string;
  /** Generated when absent. */
  readonly name?: string;
  /** JSON text, `{}` unless given. */
  readonly input?: string;
  readonly traceHeader?: string;
  /** Of a mocks file: it answers the tasks of this execution and of its children (TaskRequest). */
  readonly testCase?: string;
}

export interface ExecutionDescription {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  /** By which version or alias it was started; an alias implies a version. */
  readonly stateMachineVersionArn: string | undefined;
  readonly stateMachineAliasArn: string | undefined;
  readonly name: string;
  readonly type: MachineType;
  readonly status: ExecutionStatus;
  readonly startDateMs: number;
  readonly stopDateMs: number | undefined;
  /** The input as given. */
  readonly input: string;
  /** JSON text; only of SUCCEEDED. */
  readonly output: string | undefined;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  readonly traceHeader: string | undefined;
  /** Of a child execution: the map run that started it. */
  readonly mapRunArn: string | undefined;
  readonly redriveCount: number;
  /** When it was redriven last. */
  readonly redriveDateMs: number | undefined;
  /** Of a child execution: its map run was redriven, and it waits for its turn (on the wire: the status PENDING_REDRIVE). */
  readonly isPendingRedrive?: true;
  readonly eventCount: number;
  /** ARN of the execution that this one is a fork of. */
  readonly forkOf: string | undefined;
  readonly redriveStatus: 'REDRIVABLE' | 'NOT_REDRIVABLE' | 'REDRIVABLE_BY_MAP_RUN';
  readonly redriveStatusReason: string | undefined;
}

export interface SyncExecutionResult extends ExecutionDescription {
  readonly billingDetails: {
    readonly billedDurationInMilliseconds: number;
    readonly billedMemoryUsedInMB: number;
  };
}

export interface ExecutionSummary {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly stateMachineVersionArn: string | undefined;
  readonly stateMachineAliasArn: string | undefined;
  readonly name: string;
  readonly status: ExecutionStatus;
  readonly startDateMs: number;
  readonly stopDateMs: number | undefined;
  /** Of a child execution: its map run, and how many items it was given. */
  readonly mapRunArn: string | undefined;
  readonly itemCount: number | undefined;
  readonly redriveCount: number;
  readonly redriveDateMs: number | undefined;
  readonly isPendingRedrive?: true;
  readonly type: MachineType;
  readonly error: string | undefined;
  readonly eventCount: number;
  readonly forkOf: string | undefined;
}

/** A new execution that goes on from a state of another one, with data that may have been edited. */
export interface ForkRequest {
  readonly executionArn: string;
  readonly stateName: string;
  /**
   * Which visit of the state: the id of its StateEntered event. It must be given for a state within an inline Map or a Parallel: lines
   * beside it keep their results, or enter the states in which they stood. At the first level any state will do, entered or not.
   */
  readonly visit?: number;
  /** The state's input, JSON text. */
  readonly input: string;
  /** JSON text of an object: what the state is to see. Unless given as they were at the visit; none without one. */
  readonly variables?: string;
  /** ASL text for this execution alone. */
  readonly definition?: string;
  /** Generated when absent. */
  readonly name?: string;
}

/** How many executions of a machine there are of each status, map runs' children left out. */
export interface MachineTally {
  readonly counts: Readonly<Record<ExecutionStatus, number>>;
  readonly last: ExecutionSummary | undefined;
}

/** An execution has new events, or has ended; all of it is durable. */
export interface ExecutionChange {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly stateMachineVersionArn: string | undefined;
  readonly stateMachineAliasArn: string | undefined;
  readonly mapRunArn: string | undefined;
  readonly type: MachineType;
  readonly status: ExecutionStatus;
  readonly eventCount: number;
  /** The execution's first events are among the new ones; it may have ended with them. */
  readonly isFirst: boolean;
  /** It was redriven just now. */
  readonly isRedrive: boolean;
  readonly startDateMs: number;
  readonly stopDateMs: number | undefined;
}

export interface ListExecutionsRequest {
  /** Of the machine, or of a version or an alias: only the executions that were started by it. */
  readonly stateMachineArn: string;
  readonly statusFilter?: ExecutionStatus;
  /** Only those that were redriven, or only those that were not. */
  readonly isRedriven?: boolean;
  /** Page size; 100 unless given or 0, at most 1000. */
  readonly maxResults?: number;
  /** What the page before gave as `next`. */
  readonly after?: string;
  /** Those of an Express machine too, which AWS does not list: for the yard's own use. */
  readonly includesExpress?: true;
}

/** The child executions of a map run. */
export type ListChildrenRequest = Omit<ListExecutionsRequest, 'stateMachineArn'> & {
  readonly mapRunArn: string;
  /** Only those that wait to be redriven. They are of no other status while they do. */
  readonly isPendingRedrive?: true;
};

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Give it as `after` to go on; undefined on the last page. Opaque: the server makes the wire's token of it. */
  readonly next: string | undefined;
}

export interface HistoryRequest {
  readonly executionArn: string;
  /** 100 unless given or 0, at most 1000. */
  readonly maxResults?: number;
  readonly reverseOrder?: boolean;
  /** True unless given; false leaves out inputs, outputs, parameters, errors' causes stay. */
  readonly includeExecutionData?: boolean;
  readonly after?: string;
}

// ------------------------------------------------------------------ activities and tokens

export interface ActivityDescription {
  readonly activityArn: string;
  readonly name: string;
  readonly creationDateMs: number;
}

export interface ActivityTask {
  readonly taskToken: string;
  /** JSON text. */
  readonly input: string;
}

// ------------------------------------------------------------------ the engine

/** A page of a history as bytes. */
export interface HistoryBytes {
  /** A JSON array in UTF-8, to be sent in order. The same long array in it may be the same chunk. */
  readonly chunks: readonly Uint8Array[];
  /** Of events. */
  readonly count: number;
  readonly next: string | undefined;
}

export interface Engine {
  createStateMachine(request: CreateStateMachineRequest): Promise<StateMachineDescription>;
  updateStateMachine(request: UpdateStateMachineRequest): Promise<StateMachineDescription>;
  /** Of a machine or of a version, whose `stateMachineArn` then is the version's and whose `creationDateMs` too. */
  describeStateMachine(stateMachineArn: string): Promise<StateMachineDescription>;
  /** The machine as it was when the execution started, whatever was updated or deleted since. Standard executions only. */
  describeStateMachineForExecution(executionArn: string): Promise<StateMachineDescription>;
  /** Of a machine that does not exist: nothing happens, as on AWS. */
  deleteStateMachine(stateMachineArn: string): Promise<void>;
  /** Publishes the current revision, once. `revisionId` must be its id, or INITIAL before the first update. */
  publishVersion(request: {
    stateMachineArn: string;
    revisionId?: string;
    description?: string;
  }): Promise<VersionDescription>;
  describeVersion(stateMachineVersionArn: string): Promise<VersionDescription>;
  /** Newest first. */
  listVersions(
    stateMachineArn: string,
    page?: { maxResults?: number; after?: string },
  ): Promise<Page<VersionDescription>>;
  /** ConflictException while an alias routes to it; of one that does not exist nothing happens. */
  deleteVersion(stateMachineVersionArn: string): Promise<void>;
  createAlias(request: {
    name: string;
    description?: string;
    routes: readonly AliasRoute[];
  }): Promise<AliasDescription>;
  updateAlias(request: {
    stateMachineAliasArn: string;
    description?: string;
    routes?: readonly AliasRoute[];
  }): Promise<AliasDescription>;
  describeAlias(stateMachineAliasArn: string): Promise<AliasDescription>;
  /** Of a machine, or those that route to a version. */
  listAliases(
    stateMachineArn: string,
    page?: { maxResults?: number; after?: string },
  ): Promise<Page<AliasDescription>>;
  deleteAlias(stateMachineAliasArn: string): Promise<void>;
  listStateMachines(page?: { maxResults?: number; after?: string }): Promise<Page<StateMachineDescription>>;

  start(request: StartRequest): Promise<{ executionArn: string; startDateMs: number }>;
  /** Express only; resolves when the execution has ended, whatever its status. */
  startSync(request: StartRequest): Promise<SyncExecutionResult>;
  stop(request: { executionArn: string; error?: string; cause?: string }): Promise<{ stopDateMs: number }>;
  /** Goes on with an execution that failed, was aborted or timed out, from where it stood. Throws ExecutionNotRedrivable. */
  redrive(request: { executionArn: string; clientToken?: string }): Promise<{ redriveDateMs: number }>;
  describe(executionArn: string): Promise<ExecutionDescription>;
  list(request: ListExecutionsRequest | ListChildrenRequest): Promise<Page<ExecutionSummary>>;
  history(request: HistoryRequest): Promise<Page<HistoryEvent>>;
  /** The same as the bytes of GetExecutionHistory's `events`, which costs a tenth. */
  historyBytes(request: HistoryRequest): Promise<HistoryBytes>;
  /** As {@link describe} and the whole {@link history}, for the yard's own use: Express executions too. */
  inspect(
    executionArn: string,
  ): Promise<{ description: ExecutionDescription; events: readonly HistoryEvent[] }>;
  /** All that it takes to look at an execution as it is and as it was (inspection.ts), Express ones and children too. */
  inspection(executionArn: string): Promise<Inspection>;
  /** What has come since an execution was looked at, as `Watch.advance` (inspection.ts) takes it. */
  inspectionSince(executionArn: string, seen: Seen): Promise<Later>;
  /** Begins a new execution at a state of another one's; the journal keeps where and with what. */
  fork(request: ForkRequest): Promise<{ executionArn: string; startDateMs: number }>;
  /** By the ARN of the machine; of machines that never ran there is none. */
  tally(): Promise<ReadonlyMap<string, MachineTally>>;
  /** The map runs of an execution, newest first. */
  listMapRuns(request: {
    executionArn: string;
    maxResults?: number;
    after?: string;
  }): Promise<Page<MapRunDescription>>;
  describeMapRun(mapRunArn: string): Promise<MapRunDescription>;
  /** Changes a map run while it runs: it starts more or fewer children from now on, or tolerates more or fewer failures. */
  updateMapRun(request: UpdateMapRunRequest): Promise<void>;
  /** Every execution the engine knows but the children of map runs, newest first: the yard's own summary. */
  listAll(): Promise<readonly ExecutionDescription[]>;
  /** Resolves with the description once the execution has ended. */
  whenEnded(executionArn: string): Promise<ExecutionDescription>;
  /** Resolves when no execution is running, so that a process may end. */
  whenIdle(): Promise<void>;

  createActivity(name: string): Promise<ActivityDescription>;
  describeActivity(activityArn: string): Promise<ActivityDescription>;
  deleteActivity(activityArn: string): Promise<void>;
  listActivities(page?: { maxResults?: number; after?: string }): Promise<Page<ActivityDescription>>;
  /** Long poll: resolves after at most 60 s, with undefined when there was nothing. `signal` ends it early. */
  getActivityTask(
    request: { activityArn: string; workerName?: string },
    signal?: AbortSignal,
  ): Promise<ActivityTask | undefined>;

  /** `output` is JSON text. */
  sendTaskSuccess(request: { taskToken: string; output: string }): Promise<void>;
  sendTaskFailure(request: { taskToken: string; error?: string; cause?: string }): Promise<void>;
  sendTaskHeartbeat(taskToken: string): Promise<void>;

  /**
   * Live progress: new history events, in order, once durable. The machine is the revision that the execution runs; of machines that
   * `isWanted` (default: all) turns down nothing is told. Returns what ends the subscription.
   */
  onEvents(
    listener: (
      executionArn: string,
      events: readonly HistoryEvent[],
      machine: StateMachineDescription,
    ) => void,
    isWanted?: (machine: StateMachineDescription) => boolean,
  ): () => void;
  /** Every change of every execution: cheap, and told of no matter how large the events are. Returns what ends the subscription. */
  onChange(listener: (change: ExecutionChange) => void): () => void;
  /** Forgets the executions that ended before then, with the children of their map runs: retention. */
  prune(request: { endedBeforeMs: number }): Promise<{ executions: number }>;
  /** The tags of a resource, as they were set last; undefined: they never were. */
  tags(resourceArn: string): Promise<ReadonlyMap<string, string> | undefined>;
  /** undefined forgets them. */
  setTags(resourceArn: string, tags: ReadonlyMap<string, string> | undefined): Promise<void>;
  /** Gives up timers and tasks in flight and closes the store. Executions that were running go on when it is opened again. */
  close(): Promise<void>;
}
