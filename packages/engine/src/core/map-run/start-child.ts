/** A child execution of a map run: the effect that starts it, and all that it is told at its start. */
import type { Effect } from '../effect.ts';
import type { Execution } from '../execution.ts';
import { randomOf } from '../execution.ts';
import type { Started } from '../input.ts';
import { drawUuid } from '../random.ts';
import type { ChildInput } from './items.ts';
import { tally } from './map-run.ts';
import type { MapRun } from './map-run.ts';
import { OpenChild } from './open-child.ts';

type StartChild = Omit<Extract<Effect, { kind: 'startChild' }>, 'kind'>;
type StartChildren = Extract<Effect, { kind: 'startChildren' }>;

/** Starts the child of the next item or batch. */
export function startChild(execution: Execution, run: MapRun, input: ChildInput): void {
  const random = randomOf(execution);
  const id = drawUuid(random);
  const expressId = run.children.type === 'STANDARD' ? undefined : drawUuid(random);
  const child = new OpenChild(
    { machine: run.children, id, expressId },
    {
      input: input.text,
      itemCount: input.itemCount,
      startedMs: execution.nowMs,
      redriveCount: 0,
      redrivenMs: undefined,
    },
  );
  const number = run.executionCounts.total;
  run.itemCounts.pending -= child.itemCount;
  run.executionCounts.total++;
  tally(run, child, 'running');
  run.open.set(number, child);
  const last = execution.effects.at(-1);
  if (last?.kind === 'startChildren' && last.mapRun === run.id) last.children.push(child);
  else execution.effects.push(newBatch(execution, run, number, child));
}

function newBatch(execution: Execution, run: MapRun, first: number, child: OpenChild): StartChildren {
  return {
    kind: 'startChildren',
    mapRun: run.id,
    first,
    children: [child],
    origin: originOf(execution, run),
    timeMs: execution.nowMs,
  };
}

/** What all children that are started in one turn have in common. */
export interface ChildOrigin {
  readonly program: StartChild['program'];
  /** JSON pointer of the Map state, by which the program is found again. */
  readonly processor: string;
  readonly started: Omit<Started, 'executionArn' | 'name' | 'input' | 'seed'> & {
    readonly mapRunArn: string;
  };
  /** A child's seed is `<seed>/<its name>`, and of one that starts after redrives of its map run, `/<their number>` after that. */
  readonly seed: string;
  readonly redrives: number;
}

export function originOf(execution: Execution, run: MapRun): ChildOrigin {
  const { started } = execution;
  if (started === undefined) throw new Error('no child before the execution has started');
  return {
    program: run.children.program,
    processor: run.state.pointer,
    started: {
      kind: 'started',
      stateMachineArn: run.children.arn,
      stateMachineName: run.children.name,
      roleArn: started.roleArn,
      type: run.children.type,
      mapRunArn: run.arn,
      ...(started.testCase === undefined ? {} : { testCase: started.testCase }),
    },
    seed: started.seed,
    redrives: run.redriveCount,
  };
}

/** The child's first input. */
export function startedOf(origin: ChildOrigin, child: OpenChild): Started {
  const { name, executionArn, input } = child;
  return { ...origin.started, executionArn, name, input, seed: seedOf(origin, name) };
}

export function seedOf({ seed, redrives }: Pick<ChildOrigin, 'seed' | 'redrives'>, name: string): string {
  return redrives === 0 ? `${seed}/${name}` : `${seed}/${name}/${redrives}`;
}

/** The start of one child, the first one or, of an Express child, another one in a redrive. */
export function startOf(execution: Execution, run: MapRun, number: number, child: OpenChild): StartChild {
  return startIn(originOf(execution, run), run.id, number, child);
}

/** The same for one of those that a turn has started. */
export function startIn(origin: ChildOrigin, mapRun: number, number: number, child: OpenChild): StartChild {
  const { program, processor } = origin;
  const { itemCount, startedMs: timeMs } = child;
  return { mapRun, child: number, itemCount, program, processor, timeMs, started: startedOf(origin, child) };
}
