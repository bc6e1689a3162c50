import type { Execution } from '../execution.ts';
import type { MapRun } from './map-run.ts';

/** The execution ended, or the state failed elsewhere: the map run ends with it, and its children are stopped. */
export function abortMapRun(execution: Execution, run: MapRun): void {
  if (run.status !== 'RUNNING') return;
  run.status = 'ABORTED';
  run.stoppedMs = execution.nowMs;
  closeChildren(execution, run);
  if (run.phase === 'running' && run.settings.target !== undefined)
    writeResults(execution, run, run.settings.target);
  run.phase = 'over';
}

/** No more children: those that run are stopped, and count as aborted. */
export function closeChildren(execution: Execution, run: MapRun): void {
  for (const child of run.open.values()) {
    run.itemCounts.running -= child.itemCount;
    run.itemCounts.aborted += child.itemCount;
    run.executionCounts.running--;
    run.executionCounts.aborted++;
  }
  run.open.clear();
  execution.effects.push({ kind: 'closeMapRun', mapRun: run.id });
}

/** Exports what has come of the children, and what was never started. */
export function writeResults(
  execution: Execution,
  run: MapRun,
  target: NonNullable<MapRun['settings']['target']>,
): void {
  run.phase = 'writing';
  execution.effects.push({
    kind: 'writeResults',
    mapRun: run.id,
    mapRunArn: run.arn,
    stateName: run.state.name,
    target,
    pending: run.items.waiting.slice(run.items.head).map(({ value }) => JSON.stringify(value)),
  });
}
