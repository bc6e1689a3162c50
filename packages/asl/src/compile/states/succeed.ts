import type { SucceedState } from '../../program.ts';
import { compileBase } from '../dataflow.ts';
import type { StateSource } from '../state-source.ts';

export function compileSucceed(source: StateSource): SucceedState {
  return { ...compileBase(source), type: 'Succeed' };
}
