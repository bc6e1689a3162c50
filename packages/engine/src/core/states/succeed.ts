import type { SucceedState } from '@stepyard/asl';
import { departWithInput, effectiveInput } from '../dataflow.ts';
import type { Execution } from '../execution.ts';
import type { Frame } from '../frame.ts';
import { leave } from '../lines.ts';
import type { Behaviour } from './behaviour.ts';

/** Succeed: ends its line with its input. */
export const succeed: Behaviour<SucceedState> = {
  attempt: run,
};

function run(execution: Execution, frame: Frame): void {
  leave(execution, frame, departWithInput(execution, frame, effectiveInput(execution, frame)), undefined);
}
