import type { Json, JsonObject } from '@stepyard/asl';
import type { Failure } from './failure.ts';
import type { Frame, Settlement } from './frame.ts';

/** The stations of a state's data on its way from input to output, as TestState's inspection data names them. */
export type Station =
  | 'afterInputPath'
  | 'afterParameters'
  | 'result'
  | 'afterResultSelector'
  | 'afterResultPath'
  | 'afterItemsPath'
  | 'afterItemSelector'
  | 'maxConcurrency'
  | 'toleratedFailureCount'
  | 'toleratedFailurePercentage';

/**
 * Watches an execution that runs one state only (TestState). Nothing else ever sets one: an execution without a probe does not
 * know of it but for a comparison.
 */
export interface Probe {
  /** The context object to show instead of the execution's own. */
  readonly context: JsonObject | undefined;
  /** What a Map is to have read, instead of reading it. */
  readonly items: Json | undefined;
  /** What the branches or iterations come to: they are not run. */
  readonly children: Settlement | undefined;
  /** How many iterations failed, as a Map is to believe. */
  readonly failedIterations: number | undefined;
  /** Before the state is entered. */
  prepare(frame: Frame): void;
  /** The state failed; `delayMs` is set when a retrier takes it. */
  failed(frame: Frame, failure: Failure, delayMs: number | undefined): void;
  caught(catchIndex: number): void;
  /** The state was left; its line goes no further. */
  left(output: Json, next: string | undefined): void;
}
