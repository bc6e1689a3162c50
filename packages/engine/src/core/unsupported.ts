import type { Program, StateList } from '@stepyard/asl';

/** What of a compiled machine the interpreter cannot run, each with its place; empty: nothing. It is refused before it starts. */
export function unsupported(program: Program): readonly string[] {
  return listReasons(program.states);
}

function listReasons(list: StateList): string[] {
  return [...list.states.values()].flatMap((state) => {
    if (state.type === 'Parallel') return state.branches.flatMap(listReasons);
    if (state.type !== 'Map') return [];
    const own =
      state.mode === 'DISTRIBUTED' ? [`Distributed Map is not supported yet at ${state.pointer}`] : [];
    return [...own, ...listReasons(state.processor)];
  });
}
