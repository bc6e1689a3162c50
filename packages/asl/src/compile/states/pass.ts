import type { PassState } from '../../program.ts';
import { compileBase } from '../dataflow.ts';
import { field, transition } from '../state-source.ts';
import type { StateSource } from '../state-source.ts';

export function compilePass(source: StateSource): PassState {
  return {
    ...compileBase(source),
    type: 'Pass',
    result: source.language === 'JSONPath' ? field(source, 'Result') : undefined,
    next: transition(source),
  };
}
