import type { Json, JsonObject } from '@stepyard/asl';
import type { Execution } from '../execution.ts';
import type { Frame, Group } from '../frame.ts';
import type { Around, Fork, Kept, KeptGroup, KeptLine } from '../input.ts';
import type { Observer } from '../observer.ts';

/** A visit of a state as a fork can begin with it. */
export type ForkPoint = Pick<Fork, 'stateName' | 'input' | 'variables'> & {
  readonly around: readonly Around[];
};

/** A line as it was when the visit began. */
interface Level {
  readonly stateName: string;
  readonly input: Json;
  readonly variables: JsonObject;
  readonly index: number;
  /** The group that the line is in: as it is now, whenever that is. */
  readonly group: Group | undefined;
}

/**
 * Looks on as an execution is replayed to its end, for one visit of a state. The line of the visit, and those around it, are as they
 * were when it began; beside them every line is as it was last: finished, or where it stood when the execution or what is around
 * it ended. As lines side by side know nothing of each other, that is what a redrive would find.
 */
export class ForkWatch implements Observer {
  readonly #visit: number;
  #levels: readonly Level[] | undefined;

  /** `visit`: the id of the StateEntered event. */
  constructor(visit: number) {
    this.#visit = visit;
  }

  entered(_execution: Execution, frame: Frame): void {
    if (frame.enteredEventId !== this.#visit) return;
    const levels: Level[] = [];
    for (let line: Frame | undefined = frame; line !== undefined; line = line.group?.owner) {
      const { state, input, scope, index, group } = line;
      levels.push({ stateName: state.name, input, variables: scope.variables, index, group });
    }
    this.#levels = levels;
  }

  recorded(): void {}

  noted(): void {}

  stateFailed(): void {}

  /** undefined: there was no such visit. */
  result(): ForkPoint | undefined {
    const [own, ...outer] = this.#levels ?? [];
    if (own === undefined) return undefined;
    let { index, group } = own;
    const around: Around[] = [];
    for (const level of outer) {
      if (group === undefined) throw new Error('a line with another around it is in a group');
      const { stateName, input, variables } = level;
      around.unshift({ stateName, input, variables, index, group: keptGroup(group, index) });
      ({ index, group } = level);
    }
    return { stateName: own.stateName, input: own.input, variables: own.variables, around };
  }
}

/** `except`: the line that begins anew. */
function keptGroup({ state, inputs, items, ...group }: Group, except?: number): KeptGroup {
  const results: Kept<Json>[] = [];
  // Over holes: those have not finished.
  group.results.forEach((result, index) => void (index === except || results.push([index, result])));
  const lines = [...group.open, ...(group.waiting ?? [])]
    .filter(({ index }) => index !== except)
    .toSorted((one, other) => one.index - other.index)
    .map((line): Kept<KeptLine> => [line.index, keptLine(line)]);
  return {
    inputs: state.type === 'Map' ? inputs : inputs.slice(0, 1),
    ...(items === undefined ? {} : { items }),
    concurrency: group.concurrency,
    results,
    lines,
  };
}

function keptLine({ state, input, scope, work }: Frame): KeptLine {
  const line = { stateName: state.name, input, variables: scope.variables };
  return work?.kind === 'group' ? { ...line, group: keptGroup(work) } : line;
}
