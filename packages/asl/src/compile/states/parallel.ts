import type { ParallelState } from '../../program.ts';
import { compileBase } from '../dataflow.ts';
import { compileCatch, compileRetry } from '../errors.ts';
import { listField, transition } from '../state-source.ts';
import type { StateSource } from '../state-source.ts';

export function compileParallel(source: StateSource): ParallelState {
  return {
    ...compileBase(source),
    type: 'Parallel',
    branches: listField(source, 'Branches').map((branch, index) =>
      source.nested(branch, `Branches/${index}`),
    ),
    retry: compileRetry(source),
    catch: compileCatch(source),
    next: transition(source),
  };
}
