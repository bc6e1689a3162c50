/** A child execution of a map run: its ARN, its input, and the effect that starts it. */
import type { Effect } from '../effect.ts';
import type { Execution } from '../execution.ts';
import { randomOf } from '../execution.ts';
import { nextUuid } from '../random.ts';
import type { ChildInput } from './items.ts';
import { tally } from './map-run.ts';
import type { MapRun, OpenChild } from './map-run.ts';

type StartEffect = Extract<Effect, { kind: 'startChild' }>;

/** Starts the child of the next item or batch. */
export function startChild(execution: Execution, run: MapRun, input: ChildInput): void {
  const name = nextUuid(randomOf(execution));
  const child: OpenChild = {
    executionArn: childArn(run, name, () => nextUuid(randomOf(execution))),
    name,
    input: input.text,
    itemCount: input.itemCount,
    startedMs: execution.nowMs,
    redriveCount: 0,
    redrivenMs: undefined,
  };
  const number = run.executionCounts.total;
  run.itemCounts.pending -= child.itemCount;
  run.executionCounts.total++;
  tally(run, child, 'running');
  run.open.set(number, child);
  execution.effects.push(startEffect(execution, run, number, child));
}

/** `...:execution:<state machine>/<label>:<name>`; Express executions may share a name, a uuid tells them apart. */
function childArn(run: MapRun, name: string, uuid: () => string): string {
  const [arn, partition, states, region, account] = run.arn.split(':');
  const place = [arn, partition, states, region, account].join(':');
  if (run.children.type === 'STANDARD') return `${place}:execution:${run.children.name}:${name}`;
  return `${place}:express:${run.children.name}:${name}:${uuid()}`;
}

/** The start of a child, the first one or, of an Express child, another one in a redrive. */
export function startEffect(
  execution: Execution,
  run: MapRun,
  number: number,
  child: OpenChild,
): StartEffect {
  const { started } = execution;
  if (started === undefined) throw new Error('no child before the execution has started');
  const seed = `${started.seed}/${child.name}`;
  return {
    kind: 'startChild',
    mapRun: run.id,
    child: number,
    itemCount: child.itemCount,
    program: run.children.program,
    processor: run.state.pointer,
    processorText: run.settings.distributed.processorText,
    timeMs: execution.nowMs,
    started: {
      kind: 'started',
      executionArn: child.executionArn,
      name: child.name,
      stateMachineArn: run.children.arn,
      stateMachineName: run.children.name,
      roleArn: started.roleArn,
      type: run.children.type,
      input: child.input,
      seed: run.redriveCount === 0 ? seed : `${seed}/${run.redriveCount}`,
      mapRunArn: run.arn,
      ...(started.testCase === undefined ? {} : { testCase: started.testCase }),
    },
  };
}
