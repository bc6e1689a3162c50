import type { SucceedState } from '@stepyard/asl';
import { departWithInput, effectiveInput } from '../dataflow.ts';
import { leave, recordEntered } from '../lines.ts';
import type { Behaviour } from './behaviour.ts';

/** Succeed: ends its line with its input. */
export const succeed: Behaviour<SucceedState> = {
  enter(execution, frame) {
    recordEntered(execution, frame);
    leave(execution, frame, departWithInput(execution, frame, effectiveInput(execution, frame)), undefined);
  },
};
