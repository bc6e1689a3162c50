import type { Json, ParallelState } from '@stepyard/asl';
import { departWithResult, effectiveInput, parametersOf } from '../dataflow.ts';
import type { Execution } from '../execution.ts';
import { enqueue, record, recordInLine } from '../execution.ts';
import type { Frame, Group } from '../frame.ts';
import { leave, openKept, openLine } from '../lines.ts';
import { testedGroup } from '../tested-group.ts';
import type { Behaviour } from './behaviour.ts';

/** Parallel: all branches on the same input; their outputs in branch order. */
export const parallel: Behaviour<ParallelState> = {
  attempt(execution, frame, state) {
    // A fork may come with some of the work done.
    if (frame.work?.kind === 'group') openKept(execution, frame.work);
    else openBranches(execution, frame, state);
  },

  resume(execution, frame, state) {
    if (frame.work?.kind !== 'group') throw new Error('a Parallel is joined without having branches');
    // Succeeded and Exited both point at the last event of the branches ([12] of the recordings).
    const departure = departWithResult(execution, frame, frame.work.results);
    record(execution, 'ParallelStateSucceeded', frame.lastEventId);
    leave(execution, frame, departure, state.next);
  },
};

function openBranches(execution: Execution, frame: Frame, state: ParallelState): void {
  const input: Json = parametersOf(execution, frame, effectiveInput(execution, frame));
  recordInLine(execution, frame, 'ParallelStateStarted');
  if (execution.probe !== undefined) {
    frame.work = testedGroup(frame, state, execution.probe);
    enqueue(execution, frame, 'resume');
    return;
  }
  const group: Group = {
    kind: 'group',
    owner: frame,
    state,
    inputs: state.branches.map(() => input),
    items: undefined,
    results: [],
    concurrency: state.branches.length,
    started: state.branches.length,
    finished: 0,
    open: new Set(),
    waiting: undefined,
  };
  frame.work = group;
  for (const [index, branch] of state.branches.entries()) {
    openLine(execution, branch, { group, index, outer: frame.scope }, input, frame.lastEventId);
  }
}
