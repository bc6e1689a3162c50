/** How a map run goes on: it starts children, asks for more items, and finds out that it is done or has failed. */
import type { Effect } from '../effect.ts';
import type { Execution } from '../execution.ts';
import { TOO_MANY_FAILED } from '../failure.ts';
import type { Failure } from '../failure.ts';
import { closeChildren, writeResults } from './abort.ts';
import { takeChildInput } from './items.ts';
import type { MapRun } from './map-run.ts';
import { waitingCount } from './map-run.ts';
import { redriveChild } from './redrive.ts';
import { startChild } from './start-child.ts';

/** Child executions of one map run that run at once at most (developer guide, "Quotas related to Map Run"). */
export const CHILDREN_RUNNING_MAX = 10_000;
/** Items that are asked for at once. */
export const ITEMS_PER_READ = 1000;

const MAX_ITEMS_NEGATIVE: Failure = {
  error: 'States.ItemReaderFailed',
  cause: 'field MaxItems must be positive',
};

/** Does what can be done now. */
export function advanceMapRun(execution: Execution, run: MapRun): void {
  if (run.phase !== 'running') return;
  if (run.settings.maxItems < 0) {
    failMapRun(execution, run, MAX_ITEMS_NEGATIVE);
    return;
  }
  if (exceedsTolerance(run)) {
    failMapRun(execution, run, TOO_MANY_FAILED);
    return;
  }
  const limit = Math.min(run.maxConcurrency || CHILDREN_RUNNING_MAX, CHILDREN_RUNNING_MAX);
  while (run.open.size < limit && startNext(execution, run));
  const { items } = run;
  if (items.isExhausted) {
    const isDone = waitingCount(items) === 0 && run.open.size === 0 && run.pendingRedrive.length === 0;
    if (isDone) finishMapRun(execution, run);
    return;
  }
  const isShort = waitingCount(items) < Math.min(run.settings.batch?.itemsMax ?? 1, ITEMS_PER_READ);
  const hasRoom = run.open.size < limit;
  if ((isShort || hasRoom) && !items.isReading) requestItems(execution, run);
}

function requestItems(execution: Execution, run: MapRun): void {
  run.items.isReading = true;
  execution.effects.push(readItemsEffect(run));
}

/** The items after those that have been read. */
export function readItemsEffect(run: MapRun): Extract<Effect, { kind: 'readItems' }> {
  const { source, maxItems } = run.settings;
  if (source === undefined) throw new Error('items of the state itself are read already');
  return {
    kind: 'readItems',
    mapRun: run.id,
    stateName: run.state.name,
    source,
    from: run.items.readCount,
    count: Math.min(ITEMS_PER_READ, maxItems - run.items.readCount),
  };
}

/** Starts a child: one that waits to be redriven, else one for the next item or batch. False: there is none. */
function startNext(execution: Execution, run: MapRun): boolean {
  const waiting = run.pendingRedrive.pop();
  if (waiting !== undefined) {
    redriveChild(execution, run, ...waiting);
    return true;
  }
  const input = takeChildInput(execution, run);
  if (input === undefined) return false;
  startChild(execution, run, input);
  return true;
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
