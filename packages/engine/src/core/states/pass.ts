import type { PassState } from '@stepyard/asl';
import { departWithResult, effectiveInput, parametersOf } from '../dataflow.ts';
import type { Execution } from '../execution.ts';
import type { Frame } from '../frame.ts';
import { leave } from '../lines.ts';
import type { Behaviour } from './behaviour.ts';

/** Pass: its result is the literal Result, else what Parameters give, else the input. */
export const pass: Behaviour<PassState> = {
  attempt: run,
};

function run(execution: Execution, frame: Frame, state: PassState): void {
  const result =
    state.result === undefined
      ? parametersOf(execution, frame, effectiveInput(execution, frame))
      : state.result;
  leave(execution, frame, departWithResult(execution, frame, result), state.next);
}
