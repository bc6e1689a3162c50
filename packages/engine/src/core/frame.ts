import type { Json, JsonArray, JsonObject, MapState, ParallelState, State } from '@stepyard/asl';
import type { Failure } from './failure.ts';
import type { MapRun } from './map-run/map-run.ts';
import type { Place, Places } from './place.ts';

/**
 * A running line of states: the execution itself, a branch of a Parallel or an iteration of a Map. It stands in exactly
 * one state at a time and is in the work queue at most once.
 */
export interface Frame {
  /** Of the scope that it runs in. */
  readonly places: Places;
  /** The Parallel or Map that opened it; undefined for the execution's own line. */
  readonly group: Group | undefined;
  /** Which branch or iteration of the group. */
  readonly index: number;
  readonly scope: Scope;
  /** Where it stands, or what it is about to enter. */
  place: Place;
  /** The place's state. */
  state: State;
  /** The state's raw input. */
  input: Json;
  /** The value that was last found to be within the payload limit: it may go on through many states. */
  fitting: Json | undefined;
  enteredMs: number;
  enteredEventId: number;
  /** The last event of this line: the next one points at it. */
  lastEventId: number;
  /** What its turn in the queue means: enter the state, try its work again, or go on where the work left off. */
  next: 'enter' | 'attempt' | 'resume';
  /** Retries so far in this state, all together and by retrier. */
  retryCount: number;
  retries: number[] | undefined;
  /** What the state is waiting for. */
  work: Work | undefined;
  closed: boolean;
}

/** Variables by name; a line sees its own and those of the lines around it. */
export interface Scope {
  variables: JsonObject;
  readonly outer: Scope | undefined;
}

export type Work = WaitWork | TaskWork | RetryWork | Group | MapRun;

export interface WaitWork {
  readonly kind: 'wait';
  phase: 'resolve' | 'sleeping' | 'over';
  timer: number | undefined;
}

/** Between two attempts. */
export interface RetryWork {
  readonly kind: 'retry';
  readonly timer: number;
}

/** One attempt of a Task. */
export interface TaskWork {
  readonly kind: 'task';
  /** Id of the event that scheduled it. */
  readonly id: number;
  /** How many attempts of the state the execution had made before. */
  readonly invocation: number;
  readonly parameters: Json;
  readonly token: string | undefined;
  readonly credentials: Json | undefined;
  /** `{ resource, resourceType }` of its events; undefined for Lambda by ARN and activities. */
  readonly label: JsonObject | undefined;
  /** Both count from the attempt's start: that of an activity is when a worker takes it. */
  readonly timeoutMs: number | undefined;
  readonly heartbeatMs: number | undefined;
  timeoutTimer: number | undefined;
  heartbeatTimer: number | undefined;
  phase: 'scheduled' | 'running' | 'settled';
  /** The service has accepted it (TaskSubmitted), or, of an activity, a worker has taken it. */
  submitted: boolean;
  /** What the service answered when it accepted it: where a job is found again. */
  submission: Json | undefined;
  /** A token's answer that came before the call which carries the token had returned. */
  early: Settlement | undefined;
  result: Settlement | undefined;
}

export type Settlement =
  | { readonly kind: 'succeeded'; readonly output: Json }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** The open branches or iterations of a Parallel or Map. */
export interface Group {
  readonly kind: 'group';
  readonly owner: Frame;
  readonly state: ParallelState | MapState;
  /** Inputs in item order: one for each branch or iteration. */
  readonly inputs: JsonArray;
  /** The items that `$$.Map.Item.Value` gives; only of a Map. */
  readonly items: JsonArray | undefined;
  readonly results: Json[];
  readonly concurrency: number;
  /** Index of the next iteration to start. */
  started: number;
  finished: number;
  readonly open: Set<Frame>;
  /** Of a fork: iterations that go on where they stood once there is room for them, before new ones start (fork.ts). */
  waiting: Frame[] | undefined;
}
