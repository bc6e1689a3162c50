import type { State } from '@stepyard/asl';
import type { Execution } from '../execution.ts';
import type { Frame } from '../frame.ts';

/**
 * What a type of state does, one step at a time. Each may throw AslFailure or StateFailed to fail the state.
 */
export interface Behaviour<S extends State> {
  /** Its work, as much as can be done at once: when it has been entered, after a failure that a retrier took, or on a redrive. */
  attempt(execution: Execution, frame: Frame, state: S): void;
  /** What it waited for has come. */
  resume?(execution: Execution, frame: Frame, state: S): void;
}
