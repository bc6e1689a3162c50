import type { Json } from '@stepyard/asl';
import type { TaskResource } from '@stepyard/asl';
import type { HttpExchange } from './service-caller.ts';

/** One attempt of one Task state, as the core asked for it and the journal committed it. */
export interface TaskRequest {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  /** Name of the Task state. */
  readonly stateName: string;
  readonly resource: TaskResource;
  /** The effective parameters: for Lambda by ARN the payload itself, else the call's parameters in PascalCase. */
  readonly parameters: Json;
  /** The task token for `.waitForTaskToken`; undefined otherwise. */
  readonly token: string | undefined;
  readonly credentials: Json | undefined;
  /** How many attempts of the state its execution had made before. */
  readonly invocation: number;
  /** The X-Ray trace header that the execution was started with. */
  readonly traceHeader?: string;
  /** The test case of a mocks file that the execution was started with. */
  readonly testCase?: string;
  /** Unique for this attempt of this execution: an idempotency key. */
  readonly attemptId: string;
}

/** What comes of an attempt. `output` is JSON; errors are ASL errors. */
export type TaskResult =
  | { readonly kind: 'succeeded'; readonly output: Json }
  | { readonly kind: 'failed'; readonly error: string; readonly cause: string | undefined };

/** Called while an attempt runs. */
export interface TaskReporter {
  /** The service accepted it (TaskSubmitted of `.sync` and `.waitForTaskToken`), with its answer. */
  submitted(output: Json): void;
  /** What an HTTP Task sent and got; absent where nobody wants to see it. */
  readonly exchanged?: (exchange: HttpExchange) => void;
}

/** Why a signal aborted, when the engine closes: the attempt is not over, and what survives is looked for after a restart. */
export const ENGINE_CLOSED: unique symbol = Symbol('the engine is closed');

/** Runs tasks. Two real implementations: the services behind {@link ServiceCaller}, and mocks. */
export interface TaskRunner {
  /**
   * Runs one attempt to its end. For `.waitForTaskToken` it ends when the call was made: success then only means that the
   * execution waits for its token. Never rejects for anything the task did; a rejection is a bug here.
   * `signal` aborts when the attempt timed out, its execution was stopped or a sibling failed: a `.sync` job is then stopped.
   */
  run(request: TaskRequest, report: TaskReporter, signal: AbortSignal): Promise<TaskResult>;
  /**
   * Repeats an attempt that was handed out before a restart and never said to be submitted, where it is certain that this does not do it
   * twice; undefined, and without it: it is in doubt. `sinceMs`: the attempt is not older, in epoch milliseconds. Otherwise as `run`.
   */
  repeat?(
    request: TaskRequest,
    sinceMs: number,
    report: TaskReporter,
    signal: AbortSignal,
  ): Promise<TaskResult | undefined>;
  /** Takes an activity's task in a worker's place, and gives what comes of it; undefined: it is for the workers. */
  takeActivity?(request: TaskRequest): TaskResult | undefined;
  /**
   * Follows an attempt that was submitted before a restart, with that answer, to its end: States.TaskFailed when the job is gone;
   * undefined, and without it: none outlives the process.
   */
  reattach?(request: TaskRequest, submission: Json, signal: AbortSignal): Promise<TaskResult | undefined>;
}
