import type { Json } from '@stepyard/asl';
import type { Execution } from './execution.ts';
import type { Failure } from './failure.ts';
import type { Frame } from './frame.ts';
import type { Station } from './probe.ts';

/**
 * Looks on while an execution is replayed (inspect/) or a state is tested (probe.ts), and changes nothing. An execution that simply
 * runs has none, which costs it a comparison.
 */
export interface Observer {
  /** An event of a line was written; `frame.lastEventId` is its id. */
  recorded(execution: Execution, frame: Frame): void;
  /** The frame's state has been entered: `frame.enteredEventId` is set. */
  entered(execution: Execution, frame: Frame): void;
  /** A value on its way from the input to the output of the state that the line stands in. */
  noted(execution: Execution, frame: Frame, station: Station, value: Json): void;
  /** The state has failed, whether or not it is retried or caught. */
  stateFailed(execution: Execution, frame: Frame, failure: Failure): void;
}
