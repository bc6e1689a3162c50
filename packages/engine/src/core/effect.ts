import type { Json, TaskResource } from '@stepyard/asl';

/**
 * A request to the outside. The host dispatches effects only once the inputs that they follow from are durable.
 * How each one recovers when the process dies in between: timers are armed again, `scheduleActivity` and tokens stay
 * valid, an `invokeTask` in flight is in doubt and fails as its integration reports a lost worker.
 */
export type Effect =
  | {
      readonly kind: 'invokeTask';
      /** Id of the event that scheduled this attempt; also its idempotency key together with the execution's ARN. */
      readonly task: number;
      readonly stateName: string;
      readonly resource: TaskResource;
      readonly parameters: Json;
      /** The task token of an attempt that waits for its end: `.waitForTaskToken` and `.sync`. */
      readonly token: string | undefined;
      readonly credentials: Json | undefined;
    }
  /** The attempt is over for the execution (timed out, stopped, a sibling failed): give it up, stop its job. */
  | { readonly kind: 'cancelTask'; readonly task: number }
  | { readonly kind: 'armTimer'; readonly timer: number; readonly dueMs: number }
  | { readonly kind: 'cancelTimer'; readonly timer: number }
  | {
      readonly kind: 'scheduleActivity';
      readonly task: number;
      readonly activityArn: string;
      readonly token: string;
      readonly input: Json;
    }
  | ({ readonly kind: 'ended' } & Outcome);

/** How an execution ended. `error` and `cause` are absent where AWS leaves them out (a machine that timed out). */
export interface Outcome {
  readonly status: EndStatus;
  /** Only of SUCCEEDED. */
  readonly output?: Json;
  readonly error?: string;
  readonly cause?: string;
}

export type EndStatus = 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
