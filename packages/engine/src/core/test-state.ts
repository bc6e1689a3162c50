/** One state, run alone on the interpreter: what TestState does. Time is virtual, and what the state asks for is answered by the caller. */
import type { Json, JsonObject, Program, State, StateList } from '@stepyard/asl';
import type { Effect } from './effect.ts';
import type { Execution } from './execution.ts';
import { newExecution } from './execution.ts';
import type { Failure } from './failure.ts';
import type { Frame, Settlement } from './frame.ts';
import type { Input, Started } from './input.ts';
import type { Observer } from './observer.ts';
import type { Probe, Station } from './probe.ts';
import { matches } from './retry.ts';
import { step } from './step.ts';

export interface StateTestRequest {
  readonly program: Program;
  /** The list that holds the state, and the state's name in it. */
  readonly states: StateList;
  readonly stateName: string;
  /** `roleArn` is empty where the test has none. */
  readonly started: Started;
  readonly nowMs: number;
  readonly variables: JsonObject;
  /** What `$$` and `$states.context` give; undefined: a context made up from `started`. */
  readonly context: JsonObject | undefined;
  /** How often the retrier that matches has retried already. */
  readonly retryCount: number;
  /** Of a Map or Parallel: what its iterations or branches came to. */
  readonly children: Settlement | undefined;
  /** Of a Map: how many of its iterations failed; and what its ItemReader read. */
  readonly failedIterations: number | undefined;
  readonly items: Json | undefined;
}

export interface StateTestResult {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'RETRIABLE' | 'CAUGHT_ERROR';
  readonly output: Json | undefined;
  readonly nextState: string | undefined;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  readonly stations: ReadonlyMap<Station, Json>;
  /** The variables after the state: those before it and what it assigned. */
  readonly variables: JsonObject;
  readonly errorDetails: {
    readonly catchIndex?: number;
    readonly retryIndex?: number;
    readonly retryBackoffIntervalSeconds?: number;
  };
}

/** The name under which AWS runs a state that is tested (recording test_state/test-state-scenarios--state-with-variables-base-expressions). */
export const TESTED_STATE_NAME = 'StateName';

export class StateTest {
  readonly #execution: Execution;
  readonly #watch: Watch;

  constructor(request: StateTestRequest) {
    const state = request.states.states.get(request.stateName);
    if (state === undefined) throw new Error(`there is no state '${request.stateName}' to test`);
    const named: State = { ...state, name: TESTED_STATE_NAME };
    const states = { startAt: TESTED_STATE_NAME, states: new Map([[TESTED_STATE_NAME, named]]) };
    this.#watch = new Watch(request);
    this.#execution = newExecution({ ...request.program, timeoutSeconds: undefined, states });
    this.#execution.probe = this.#watch;
    this.#execution.observer = this.#watch;
  }

  /** Runs the state as far as it gets by itself. */
  begin(request: StateTestRequest): readonly Effect[] {
    return step(this.#execution, { timeMs: request.nowMs, inputs: [request.started] });
  }

  apply(...inputs: readonly Input[]): readonly Effect[] {
    return step(this.#execution, { timeMs: this.#execution.nowMs, inputs });
  }

  /** Lets a Wait state's time pass, or the timeout of a Task that took too long; true when there was one. */
  expire(purpose: 'wait' | 'taskTimeout'): boolean {
    for (const [timer, { purpose: own, dueMs }] of this.#execution.timers) {
      if (own !== purpose) continue;
      step(this.#execution, { timeMs: dueMs, inputs: [{ kind: 'timerFired', timer }] });
      return true;
    }
    return false;
  }

  /** Milliseconds until the attempt that is under way times out. */
  get timeoutMs(): number | undefined {
    for (const { purpose, dueMs } of this.#execution.timers.values()) {
      if (purpose === 'taskTimeout') return dueMs - this.#execution.nowMs;
    }
    return undefined;
  }

  result(): StateTestResult {
    return this.#watch.result(this.#execution);
  }
}

class Watch implements Probe, Observer {
  readonly context: JsonObject | undefined;
  readonly items: Json | undefined;
  readonly children: Settlement | undefined;
  readonly failedIterations: number | undefined;
  readonly #request: StateTestRequest;
  readonly #stations = new Map<Station, Json>();
  #frame: Frame | undefined;
  #failure: Failure | undefined;
  #retryIndex = -1;
  #delayMs: number | undefined;
  #catchIndex = -1;
  #departure: { readonly output: Json; readonly next: string | undefined } | undefined;

  constructor(request: StateTestRequest) {
    this.#request = request;
    this.context = request.context;
    this.items = request.items;
    this.children = request.children;
    this.failedIterations = request.failedIterations;
  }

  prepare(frame: Frame): void {
    this.#frame = frame;
    frame.scope.variables = this.#request.variables;
    frame.retryCount = this.#request.retryCount;
    if ('retry' in frame.state) frame.retries = frame.state.retry.map(() => this.#request.retryCount);
  }

  recorded(): void {}

  entered(): void {}

  stateFailed(): void {}

  noted(_execution: Execution, _frame: Frame, station: Station, value: Json): void {
    this.#stations.set(station, value);
  }

  failed(frame: Frame, failure: Failure, delayMs: number | undefined): void {
    this.#failure = failure;
    this.#delayMs = delayMs;
    if ('retry' in frame.state) {
      this.#retryIndex = frame.state.retry.findIndex(({ errorEquals }) => matches(errorEquals, failure));
    }
  }

  caught(catchIndex: number): void {
    this.#catchIndex = catchIndex;
  }

  left(output: Json, next: string | undefined): void {
    this.#departure = { output, next };
  }

  result(execution: Execution): StateTestResult {
    const { outcome } = execution;
    const failure = outcome?.status === 'FAILED' ? outcome : this.#failure;
    const isRetried = this.#delayMs !== undefined;
    const isCaught = this.#departure !== undefined && this.#catchIndex !== -1;
    return {
      status: isRetried
        ? 'RETRIABLE'
        : isCaught
          ? 'CAUGHT_ERROR'
          : this.#departure === undefined
            ? 'FAILED'
            : 'SUCCEEDED',
      output: this.#departure?.output,
      nextState: this.#departure?.next,
      error: failure?.error,
      cause: failure?.cause === undefined ? undefined : withoutPlace(failure.cause),
      stations: this.#stations,
      variables: this.#frame?.scope.variables ?? this.#request.variables,
      errorDetails: {
        ...(this.#catchIndex === -1 ? {} : { catchIndex: this.#catchIndex }),
        ...(this.#retryIndex === -1 ? {} : { retryIndex: this.#retryIndex }),
        ...(this.#delayMs === undefined ? {} : { retryBackoffIntervalSeconds: this.#delayMs / 1000 }),
      },
    };
  }
}

/** A test does not say in which state and at which event it was (recordings test_state/state-context-object--state-map-*). */
function withoutPlace(cause: string): string {
  return cause.replace(
    /^An error occurred while executing the state '[^']*' \(entered at the event id #\d+\)\. /u,
    '',
  );
}
