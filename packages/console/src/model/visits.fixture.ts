import type { StateVisit } from '../api/types.ts';

/** A visit of which only what matters is given. */
export function visit(
  given: Partial<StateVisit> & { readonly id: number; readonly stateName: string },
): StateVisit {
  return {
    stateType: 'Task',
    parent: 0,
    index: -1,
    status: 'succeeded',
    enteredMs: given.id * 10,
    endedMs: given.id * 10 + 10,
    exitEvent: given.id + 1,
    attempts: [],
    children: null,
    error: null,
    mapRunEvent: 0,
    ...given,
  };
}
