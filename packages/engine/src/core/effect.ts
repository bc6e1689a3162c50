import type { Json, Program, TaskResource } from '@stepyard/asl';
import type { Started } from './input.ts';
import type { ItemSource, ResultTarget } from './map-run/map-run.ts';
import type { OpenChild } from './map-run/open-child.ts';
import type { ChildOrigin } from './map-run/start-child.ts';

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
      /** How many attempts of the state the execution had made before. */
      readonly invocation: number;
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
      readonly stateName: string;
      readonly invocation: number;
      readonly activityArn: string;
      readonly token: string;
      readonly input: Json;
    }
  /** A map run wants `count` more items, after the first `from` of its dataset. Repeats by position: it may be read again. */
  | {
      readonly kind: 'readItems';
      readonly mapRun: number;
      readonly stateName: string;
      readonly source: ItemSource;
      readonly from: number;
      readonly count: number;
    }
  /** Child executions start, numbered from `first` on: all that a turn starts of one map run. */
  | {
      readonly kind: 'startChildren';
      readonly mapRun: number;
      readonly first: number;
      /** Added to within the turn that starts them. */
      readonly children: OpenChild[];
      readonly origin: ChildOrigin;
      /** Epoch milliseconds of their start: those of their parent's turn. */
      readonly timeMs: number;
    }
  /** An Express child that is redriven starts anew, with the number and the ARN that it had. */
  | {
      readonly kind: 'startChild';
      readonly mapRun: number;
      readonly child: number;
      readonly itemCount: number;
      readonly program: Program;
      /** JSON pointer of the Map state, by which the program is found again. */
      readonly processor: string;
      /** Epoch milliseconds of its start: those of its parent's turn. */
      readonly timeMs: number;
      readonly started: Started;
    }
  /** A Standard child execution that has ended, or is being stopped, is redriven. Repeats by name: its ARN. */
  | { readonly kind: 'redriveChild'; readonly mapRun: number; readonly child: number }
  /** No more children, no more reading: what still runs is stopped. */
  | { readonly kind: 'closeMapRun'; readonly mapRun: number }
  /** Export what has come of the children, once they have all ended. Repeats by name: the files have the map run's. */
  | {
      readonly kind: 'writeResults';
      readonly mapRun: number;
      readonly mapRunArn: string;
      readonly stateName: string;
      readonly target: ResultTarget;
      /** Inputs, as JSON text, that were read and never given to a child. */
      readonly pending: readonly string[];
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
