/** How a map run goes on: it starts children, asks for more items, and finds out that it is done or has failed. */
import { nextUuid } from '../random.ts';
import type { Execution } from '../execution.ts';
import { TOO_MANY_FAILED } from '../failure.ts';
import type { Failure } from '../failure.ts';
import { closeChildren, writeResults } from './abort.ts';
import type { ChildInput } from './items.ts';
import { takeChildInput } from './items.ts';
import type { MapRun } from './map-run.ts';
import { waitingCount } from './map-run.ts';

/** Child executions of one map run that run at once at most (developer guide, "Quotas related to Map Run"). */
export const CHILDREN_RUNNING_MAX = 10_000;
/** Items that are asked for at once. */
export const ITEMS_PER_READ = 1000;

/** Does what can be done now. */
export function advanceMapRun(execution: Execution, run: MapRun): void {
  if (run.phase !== 'running') return;
  if (exceedsTolerance(run)) {
    failMapRun(execution, run, TOO_MANY_FAILED);
    return;
  }
  const limit = run.maxConcurrency === 0 ? CHILDREN_RUNNING_MAX : run.maxConcurrency;
  while (run.open.size < Math.min(limit, CHILDREN_RUNNING_MAX)) {
    const input = takeChildInput(execution, run);
    if (input === undefined) break;
    startChild(execution, run, input);
  }
  const { items } = run;
  if (items.isExhausted) {
    if (waitingCount(items) === 0 && run.open.size === 0) finishMapRun(execution, run);
    return;
  }
  const isShort = waitingCount(items) < Math.min(run.settings.batch?.itemsMax ?? 1, ITEMS_PER_READ);
  const hasRoom = run.open.size < Math.min(limit, CHILDREN_RUNNING_MAX);
  if ((isShort || hasRoom) && !items.isReading) requestItems(execution, run);
}

function requestItems(execution: Execution, run: MapRun): void {
  const { source, maxItems } = run.settings;
  if (source === undefined) throw new Error('items of the state itself are read already');
  run.items.isReading = true;
  execution.effects.push({
    kind: 'readItems',
    mapRun: run.id,
    stateName: run.state.name,
    source,
    from: run.items.readCount,
    count: Math.min(ITEMS_PER_READ, maxItems - run.items.readCount),
  });
}

function startChild(execution: Execution, run: MapRun, input: ChildInput): void {
  const { started } = execution;
  if (started === undefined) throw new Error('no child before the execution has started');
  const child = run.executionCounts.total;
  const name = nextUuid(execution.random);
  const executionArn = childArn(run, name, () => nextUuid(execution.random));
  run.open.set(child, {
    executionArn,
    name,
    input: input.text,
    itemCount: input.itemCount,
    startedMs: execution.nowMs,
  });
  run.itemCounts.pending -= input.itemCount;
  run.itemCounts.running += input.itemCount;
  run.executionCounts.running++;
  run.executionCounts.total++;
  execution.effects.push({
    kind: 'startChild',
    mapRun: run.id,
    child,
    itemCount: input.itemCount,
    program: run.children.program,
    processorText: run.settings.distributed.processorText,
    timeMs: execution.nowMs,
    started: {
      kind: 'started',
      executionArn,
      name,
      stateMachineArn: run.children.arn,
      stateMachineName: run.children.name,
      roleArn: started.roleArn,
      type: run.children.type,
      input: input.text,
      seed: `${started.seed}/${name}`,
      mapRunArn: run.arn,
    },
  });
}

/** `...:execution:<state machine>/<label>:<name>`; Express executions may share a name, a uuid tells them apart. */
function childArn(run: MapRun, name: string, uuid: () => string): string {
  const [arn, partition, states, region, account] = run.arn.split(':');
  const place = [arn, partition, states, region, account].join(':');
  if (run.children.type === 'STANDARD') return `${place}:execution:${run.children.name}:${name}`;
  return `${place}:express:${run.children.name}:${name}:${uuid()}`;
}

/**
 * More failed items than either threshold allows. Without thresholds none is. The percentage is of all items, so it is judged
 * once they are known.
 */
function exceedsTolerance(run: MapRun): boolean {
  const { failed, timedOut, aborted, total } = run.itemCounts;
  const failures = failed + timedOut + aborted;
  if (failures === 0) return false;
  const { toleratedFailureCount: count, toleratedFailurePercentage: percentage } = run;
  if (count === undefined && percentage === undefined) return true;
  if (count !== undefined && failures > count) return true;
  return percentage !== undefined && run.items.isExhausted && failures * 100 > percentage * total;
}

/** All items are done. */
function finishMapRun(execution: Execution, run: MapRun): void {
  closeChildren(execution, run);
  if (run.settings.target === undefined) run.phase = 'over';
  else writeResults(execution, run, run.settings.target);
}

/** The map run fails: what runs is stopped; what there is of results is still exported. */
export function failMapRun(execution: Execution, run: MapRun, failure: Failure): void {
  run.failure = failure;
  const hadChildren = run.executionCounts.total > 0;
  closeChildren(execution, run);
  if (run.settings.target === undefined || !hadChildren) run.phase = 'over';
  else writeResults(execution, run, run.settings.target);
}
