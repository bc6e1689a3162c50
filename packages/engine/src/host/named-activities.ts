import type { StateList } from '@stepyard/asl';

const known = new WeakMap<StateList, readonly string[]>();

/** ARNs of the activities that a machine's Tasks name; those of a Distributed Map's processor are its children's. */
export function activitiesOf(list: StateList): readonly string[] {
  let arns = known.get(list);
  if (arns === undefined) known.set(list, (arns = [...new Set(activitiesIn(list))]));
  return arns;
}

function activitiesIn(list: StateList): string[] {
  return [...list.states.values()].flatMap((state) => {
    if (state.type === 'Task') return state.resource.kind === 'activity' ? [state.resource.arn] : [];
    if (state.type === 'Parallel') return state.branches.flatMap(activitiesIn);
    return state.type === 'Map' && state.mode === 'INLINE' ? activitiesIn(state.processor) : [];
  });
}
