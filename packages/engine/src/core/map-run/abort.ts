import type { Effect } from '../effect.ts';
import type { Execution } from '../execution.ts';
import { countedAs, tally } from './map-run.ts';
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

/** No more children: those that run are stopped, and count as aborted; those that wait for a redrive are as they were. */
export function closeChildren(execution: Execution, run: MapRun): void {
  for (const [number, child] of run.open) {
    tally(run, child, 'running', -1);
    tally(run, child, 'aborted');
    const ended = { status: 'ABORTED', endedMs: execution.nowMs, hasResult: false, isFull: false } as const;
    run.unsuccessful.set(number, { child, ...ended });
  }
  run.open.clear();
  for (const [number, unsuccessful] of run.pendingRedrive) {
    const { child, status, hasResult } = unsuccessful;
    tally(run, child, 'pendingRedrive', -1);
    tally(run, child, countedAs(status));
    if (hasResult) tally(run, child, 'resultsWritten');
    run.unsuccessful.set(number, unsuccessful);
  }
  run.pendingRedrive = [];
  execution.effects.push({ kind: 'closeMapRun', mapRun: run.id });
}

/** Exports what has come of the children, and what was never started. */
export function writeResults(
  execution: Execution,
  run: MapRun,
  target: NonNullable<MapRun['settings']['target']>,
): void {
  run.phase = 'writing';
  execution.effects.push(writeResultsEffect(run, target));
}

export function writeResultsEffect(
  run: MapRun,
  target: NonNullable<MapRun['settings']['target']>,
): Extract<Effect, { kind: 'writeResults' }> {
  return {
    kind: 'writeResults',
    mapRun: run.id,
    mapRunArn: run.arn,
    stateName: run.state.name,
    target,
    pending: run.items.waiting.slice(run.items.head).map(({ value }) => JSON.stringify(value)),
  };
}
