/**
 * What the console and the server say to each other besides the AWS APIs: the one copy of it, which both read
 * (docs/decisions/011-the-consoles-contract.md). Types only: nothing of this is there when a program runs.
 *
 * A query `q` of {@link Queries} is `GET /_stepyard/api/<q>?name=value&...`, a command `c` of {@link Commands} is
 * `POST /_stepyard/api/<c>` with a JSON body; both answer with JSON. Every request carries `x-stepyard-console: 1` and comes
 * from the console's own origin; anything else is refused with 403. An error is {@link ApiProblem} with a status from 400 on.
 *
 * Times are epoch milliseconds. Payloads are JSON *text*, as on the wire of Step Functions, so that nothing of them is lost;
 * those that may be large come as {@link Clip}. Ids of events are their ids in the history, counted from 1; an id of a *visit*
 * is the id of the StateEntered event by which a state was entered.
 */

import type {
  EventColumns,
  GraphAnswer,
  MapRunChildren,
  VisitAnswer,
  VisitColumns,
  VisitStatus,
} from './execution-types.ts';
import type {
  BucketDetail,
  BucketSummary,
  FunctionSummary,
  JobDetail,
  JobSummary,
  LogEvents,
  LogGroupSummary,
  ObjectDetail,
  QueueDetail,
  QueueSummary,
  TableDetail,
  TableSummary,
  TopicDetail,
  TopicSummary,
} from './service-types.ts';

export type * from './execution-types.ts';
export type * from './service-types.ts';

export interface Queries {
  readonly overview: { readonly query: NoQuery; readonly answer: Overview };
  /** Executions of one machine, newest first, Express ones too. */
  readonly executions: {
    readonly query: {
      readonly machine: string;
      readonly status?: ExecutionStatus;
      readonly after?: string;
      /** 100 unless given, at most 1000. */
      readonly limit?: string;
    };
    readonly answer: ExecutionPage;
  };
  readonly execution: { readonly query: ExecutionQuery; readonly answer: ExecutionDetail };
  /** Where it has been, as a drawing of its machine shows it; `at`: right after that event. */
  readonly graph: {
    readonly query: ExecutionQuery & { readonly at?: string };
    readonly answer: GraphAnswer;
  };
  /** All events without their data: enough for a list and filters. */
  readonly eventIndex: { readonly query: ExecutionQuery; readonly answer: EventColumns };
  /** Events `from` to `from + count - 1` (at most 1000) with all their data. */
  readonly events: {
    readonly query: ExecutionQuery & { readonly from: string; readonly count: string };
    readonly answer: EventPage;
  };
  /** All visits of states, without causes: enough for a table and a timeline. */
  readonly visits: { readonly query: ExecutionQuery; readonly answer: VisitColumns };
  /** All of one visit; `at`: as it stood right after that event. */
  readonly visit: {
    readonly query: ExecutionQuery & { readonly visit: string; readonly at?: string };
    readonly answer: VisitAnswer;
  };
  /** How things stood right after event `event`. */
  readonly snapshot: {
    readonly query: ExecutionQuery & { readonly event: string };
    readonly answer: Snapshot;
  };
  /** The way of the data through one visit of a state. */
  readonly dataFlow: {
    readonly query: ExecutionQuery & { readonly visit: string };
    readonly answer: DataFlow;
  };
  /** What an execution waits for now. */
  readonly pending: { readonly query: ExecutionQuery; readonly answer: readonly PendingWork[] };
  /** What the function or the job of one attempt wrote; `task` is the id of the event that scheduled it. */
  readonly taskLogs: {
    readonly query: ExecutionQuery & { readonly task: string };
    readonly answer: TaskLogs;
  };
  readonly mapRunChildren: { readonly query: { readonly mapRun: string }; readonly answer: MapRunChildren };
  /** Inputs to start a machine with. */
  readonly samples: { readonly query: { readonly machine: string }; readonly answer: readonly SampleInput[] };

  readonly queues: { readonly query: NoQuery; readonly answer: readonly QueueSummary[] };
  /** The messages of a queue, which stay in it as they are. */
  readonly queue: { readonly query: { readonly url: string }; readonly answer: QueueDetail };
  readonly topics: { readonly query: NoQuery; readonly answer: readonly TopicSummary[] };
  readonly topic: { readonly query: { readonly arn: string }; readonly answer: TopicDetail };
  readonly tables: { readonly query: NoQuery; readonly answer: readonly TableSummary[] };
  readonly table: {
    readonly query: { readonly name: string; readonly after?: string };
    readonly answer: TableDetail;
  };
  readonly buckets: { readonly query: NoQuery; readonly answer: readonly BucketSummary[] };
  readonly bucket: {
    readonly query: { readonly name: string; readonly prefix?: string; readonly after?: string };
    readonly answer: BucketDetail;
  };
  readonly object: {
    readonly query: { readonly bucket: string; readonly key: string };
    readonly answer: ObjectDetail;
  };
  readonly functions: { readonly query: NoQuery; readonly answer: readonly FunctionSummary[] };
  readonly jobs: { readonly query: NoQuery; readonly answer: readonly JobSummary[] };
  /** A Batch job (id) or an ECS task (ARN). */
  readonly job: {
    readonly query: { readonly service: JobSummary['service']; readonly id: string };
    readonly answer: JobDetail;
  };
  readonly logGroups: { readonly query: NoQuery; readonly answer: readonly LogGroupSummary[] };
  readonly logEvents: {
    readonly query: { readonly group: string; readonly stream?: string; readonly filter?: string };
    readonly answer: LogEvents;
  };
  readonly activities: { readonly query: NoQuery; readonly answer: readonly ActivitySummary[] };
}

export interface Commands {
  readonly fork: { readonly body: ForkRequest; readonly answer: { readonly executionArn: string } };
  /** Refused (409) when the yard does not run on virtual time. */
  readonly advanceClock: {
    readonly body: { readonly byMs: number };
    readonly answer: { readonly nowMs: number };
  };
  readonly evaluate: { readonly body: EvaluateRequest; readonly answer: EvaluateAnswer };
}

/**
 * `GET /_stepyard/api/live[?arn=ARN]`: server-sent events, read with `fetch` because EventSource cannot send the header. Each has
 * an id; `last-event-id` goes on from there. Without `arn`, changes of all executions; with it, of that one alone.
 * `event:` is a name of this, `data:` its value as JSON. A comment line comes every 15 s.
 */
export interface LiveEvents {
  /** First of all, and again when what was missed is no longer known: read everything anew. */
  readonly hello: { readonly nowMs: number; readonly isVirtualTime: boolean };
  /** Executions that have changed since the last one of these: at most one a quarter of a second. */
  readonly executions: readonly ExecutionChange[];
  /** More has changed than is told one by one: read the list anew. */
  readonly many: { readonly count: number };
  /** What time it is by then: only of virtual time, with each of the two above. */
  readonly clock: { readonly nowMs: number };
}

export interface ExecutionChange {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  /** Of a child of a map run. */
  readonly mapRunArn: string | null;
  readonly status: ExecutionStatus;
  readonly eventCount: number;
}

export interface ApiProblem {
  /** `NotFound`, `InvalidRequest`, `Forbidden`, `Conflict`, `NotReplayable`, `InternalFailure`, or the AWS code of what was asked. */
  readonly error: string;
  /** One sentence for the user. */
  readonly message: string;
}

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
export type MachineType = 'STANDARD' | 'EXPRESS';

export type NoQuery = Readonly<Record<string, never>>;

export interface ExecutionQuery {
  readonly arn: string;
}

/** JSON text, cut after 262,144 characters where it is longer. */
export interface Clip {
  readonly text: string;
  /** Characters of the whole text. */
  readonly length: number;
}

// ------------------------------------------------------------------ machines and executions

export interface Overview {
  readonly nowMs: number;
  /** Time passes when nothing else is going on, and can be advanced. */
  readonly isVirtualTime: boolean;
  readonly region: string;
  readonly account: string;
  readonly version: string;
  readonly machines: readonly MachineSummary[];
}

export interface MachineSummary {
  readonly stateMachineArn: string;
  readonly name: string;
  readonly type: MachineType;
  readonly creationDateMs: number;
  readonly counts: Readonly<Record<ExecutionStatus, number>>;
  readonly lastExecution: ExecutionSummary | null;
}

export interface ExecutionSummary {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  readonly type: MachineType;
  readonly status: ExecutionStatus;
  readonly startDateMs: number;
  readonly stopDateMs: number | null;
  readonly eventCount: number;
  readonly redriveCount: number;
  readonly error: string | null;
  /** The execution that this one is a fork of. */
  readonly forkOf: string | null;
}

export interface ExecutionPage {
  readonly items: readonly ExecutionSummary[];
  readonly next: string | null;
}

export interface ExecutionDetail extends ExecutionSummary {
  readonly stateMachineName: string;
  readonly stateMachineVersionArn: string | null;
  readonly stateMachineAliasArn: string | null;
  readonly mapRunArn: string | null;
  readonly roleArn: string;
  readonly input: Clip;
  readonly output: Clip | null;
  readonly cause: string | null;
  readonly redriveDateMs: number | null;
  readonly redriveStatus: 'REDRIVABLE' | 'NOT_REDRIVABLE' | 'REDRIVABLE_BY_MAP_RUN';
  readonly redriveStatusReason: string | null;
  /** The definition that it runs: text as it was deployed, or as it was edited for a fork. */
  readonly definition: string;
  /** Where a fork began, and with what. */
  readonly startingPoint: StartingPoint | null;
  readonly forks: readonly string[];
  readonly mapRuns: readonly MapRunSummary[];
  /** States entered, and attempts repeated: what AWS bills as state transitions of a Standard workflow. */
  readonly transitions: number;
  readonly gauges: Gauges;
  readonly cost: CostEstimate;
}

export interface StartingPoint {
  readonly stateName: string;
  /** The Parallels and Maps around the state, the outermost first, and which branch or iteration of each. */
  readonly around: readonly { readonly stateName: string; readonly index: number }[];
  readonly input: Clip;
  readonly variables: Clip;
  /** The definition is not the machine's own. */
  readonly hasOwnDefinition: boolean;
}

/** Used against AWS's quotas. */
export interface Gauges {
  /** Of 25,000; Express has no such limit. */
  readonly events: { readonly used: number; readonly max: number | null };
  /** The largest payload so far, in bytes of UTF-8, of 262,144. */
  readonly payloadBytes: { readonly used: number; readonly max: number; readonly atEvent: number | null };
}

/** In US dollars, by the prices of us-east-1 without free tiers and without the services that are called. */
export interface CostEstimate {
  readonly standardUsd: number;
  /** With 64 MB of memory; null where it could not run as Express: longer than five minutes. */
  readonly expressUsd: number | null;
}

export interface MapRunSummary {
  readonly mapRunArn: string;
  /** The id of its MapRunStarted event. */
  readonly event: number;
  readonly stateName: string;
  readonly status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';
}

export interface EventPage {
  readonly total: number;
  readonly events: readonly ConsoleEvent[];
}

/** As GetExecutionHistory gives it, but for the time and where the details are. */
export interface ConsoleEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly type: string;
  readonly timeMs: number;
  /** Data in it (input, output, parameters) is JSON text, as on AWS. */
  readonly details: Readonly<Record<string, unknown>>;
}

// ------------------------------------------------------------------ the way of the data

export interface DataFlow {
  readonly visit: number;
  readonly stateName: string;
  readonly stateType: string;
  readonly queryLanguage: 'JSONPath' | 'JSONata';
  readonly input: Clip;
  /** In the order in which they came to be; an attempt that is repeated computes its parameters again. */
  readonly steps: readonly DataFlowStep[];
  readonly output: Clip | null;
  /** Variables as the state sees them when it is entered, and what it assigned. */
  readonly variables: Clip;
  readonly assigned: Clip | null;
  /** The context object when it was entered. */
  readonly context: Clip;
}

export interface DataFlowStep {
  readonly station:
    | 'afterInputPath'
    | 'afterParameters'
    | 'afterItemsPath'
    | 'result'
    | 'afterResultSelector'
    | 'afterResultPath';
  /** How many events there were when it came to be. */
  readonly afterEvent: number;
  readonly value: Clip;
}

// ------------------------------------------------------------------ time travel

export interface Snapshot {
  readonly eventId: number;
  readonly eventCount: number;
  readonly timeMs: number;
  readonly status: ExecutionStatus;
  /** Lines of states that were open, at most 1000 of them. */
  readonly lines: readonly OpenLine[];
  readonly lineCount: number;
  readonly timers: readonly OpenTimer[];
  /** Visits that had not been left by then: of those that had, it is known what became of them. */
  readonly visits: readonly { readonly id: number; readonly status: VisitStatus }[];
}

/** The execution itself, a branch or an iteration: where it stood. */
export interface OpenLine {
  /** The visit that it stands in; 0: about to enter `stateName`. */
  readonly visit: number;
  readonly stateName: string;
  readonly parent: number;
  readonly index: number;
  readonly input: Clip;
  /** Those of its own scope and of the scopes around it. */
  readonly variables: Clip;
}

export interface OpenTimer {
  readonly purpose: 'wait' | 'retry' | 'taskTimeout' | 'heartbeat' | 'machineTimeout';
  readonly dueMs: number;
  /** 0: the execution's own. */
  readonly visit: number;
  readonly stateName: string | null;
}

// ------------------------------------------------------------------ work that is open

export type PendingWork =
  | {
      readonly kind: 'wait' | 'retry';
      readonly visit: number;
      readonly stateName: string;
      readonly dueMs: number;
      /** Of a retry: which one it will be, counted from 1. */
      readonly retry: number | null;
    }
  | {
      readonly kind: 'task' | 'token' | 'activity';
      readonly visit: number;
      readonly stateName: string;
      /** The id of the event that scheduled it. */
      readonly task: number;
      readonly resource: string;
      readonly scheduledMs: number;
      /** For SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat; null of a task that is not answered so. */
      readonly taskToken: string | null;
      /** Of an activity: a worker has it. */
      readonly isTaken: boolean;
      readonly timeoutDueMs: number | null;
      readonly heartbeatDueMs: number | null;
      readonly parameters: Clip;
    };

export interface ActivitySummary {
  readonly activityArn: string;
  readonly name: string;
  readonly creationDateMs: number;
  /** Executions' tasks that wait for it, at most 1000. */
  readonly waiting: readonly {
    readonly executionArn: string;
    readonly visit: number;
    readonly stateName: string;
    readonly taskToken: string;
    readonly scheduledMs: number;
    readonly isTaken: boolean;
  }[];
}

export interface TaskLogs {
  /** Empty: none are kept for this kind of task. */
  readonly sources: readonly {
    readonly group: string;
    readonly stream: string | null;
    readonly lines: readonly LogLine[];
    readonly isCut: boolean;
  }[];
}

export interface LogLine {
  readonly timeMs: number;
  readonly message: string;
}

export interface SampleInput {
  readonly name: string;
  readonly source: 'case' | 'execution';
  /** JSON text. */
  readonly input: string;
}

// ------------------------------------------------------------------ commands

/** A new execution that begins at a state, as a fork of another one. */
export interface ForkRequest {
  readonly executionArn: string;
  readonly stateName: string;
  /** Which visit of the state, by its StateEntered event. Only a state of the first level needs none. */
  readonly visit?: number;
  /** The state's input, JSON text. */
  readonly input: string;
  /** JSON text of an object; the variables as the state is to see them. */
  readonly variables?: string;
  /** Another definition, for this execution alone. */
  readonly definition?: string;
  readonly name?: string;
}

export interface EvaluateRequest {
  readonly language: 'JSONPath' | 'JSONata';
  /** JSONPath: a path, an intrinsic, or a payload template as JSON. JSONata: an expression with or without `{% %}`. */
  readonly expression: string;
  /** What `$` is, and `$states.input`; JSON text, as all of these. */
  readonly input: string;
  /** `$states.result` and `$states.errorOutput`; absent: they do not exist. */
  readonly result?: string;
  readonly errorOutput?: string;
  readonly variables?: string;
  readonly context?: string;
}

export type EvaluateAnswer =
  | { readonly kind: 'value'; readonly value: Clip }
  /** What Step Functions would raise. */
  | { readonly kind: 'error'; readonly error: string; readonly cause: string };
