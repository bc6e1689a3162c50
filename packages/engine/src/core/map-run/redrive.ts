/**
 * Redrive of a map run: the children that did not succeed go on, Standard ones from the state where they failed, Express ones
 * from their first state, both under the ARN that they had; items that no child had got yet follow.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/redrive-map-run.html. Not recorded: that a child which waits to be
 * redriven no longer counts as failed, and what MapRunRedriven points at, are our reading of that page.
 */
import type { Execution } from '../execution.ts';
import { enqueue, recordInLine } from '../execution.ts';
import { RUNTIME } from '../failure.ts';
import { MAP_RUN_REDRIVES_MAX, REDRIVABLE_MS } from '../limits.ts';
import { countedAs, noCounts, nothingRead, tally } from './map-run.ts';
import type { MapRun, UnsuccessfulChild } from './map-run.ts';
import { OpenChild } from './open-child.ts';
import { startOf } from './start-child.ts';

/** Opens the map run again; its state stands in its line, and goes on in this turn. */
export function redriveMapRun(execution: Execution, run: MapRun): void {
  const { owner } = run;
  owner.work = run;
  run.status = 'RUNNING';
  run.stoppedMs = undefined;
  run.isQueued = true;
  enqueue(execution, owner, 'resume');
  if (run.redriveCount >= MAP_RUN_REDRIVES_MAX) {
    run.phase = 'over';
    const cause = `The Map Run has been redriven ${MAP_RUN_REDRIVES_MAX} times already.`;
    run.failure = { error: RUNTIME, cause, fatal: true };
    return;
  }
  run.phase = 'running';
  run.failure = undefined;
  run.redriveCount++;
  run.redrivenMs = execution.nowMs;
  recordInLine(execution, owner, 'MapRunRedriven', undefined, undefined, {
    mapRunArn: run.arn,
    redriveCount: run.redriveCount,
  });
  queueUnsuccessful(execution, run);
  readOn(run);
}

/** What cannot be redriven stays as it ended, and counts against the tolerated failures. */
function queueUnsuccessful(execution: Execution, run: MapRun): void {
  run.itemCounts.failuresNotRedrivable = 0;
  run.executionCounts.failuresNotRedrivable = 0;
  for (const [number, unsuccessful] of [...run.unsuccessful].toSorted(([one], [other]) => other - one)) {
    const { child, status, hasResult } = unsuccessful;
    if (!isRedrivable(execution, run, unsuccessful)) {
      tally(run, child, 'failuresNotRedrivable');
      continue;
    }
    run.unsuccessful.delete(number);
    run.pendingRedrive.push([number, unsuccessful]);
    tally(run, child, countedAs(status), -1);
    if (hasResult) tally(run, child, 'resultsWritten', -1);
    tally(run, child, 'pendingRedrive');
  }
}

/** An Express child always is: it starts as a new execution. */
function isRedrivable(execution: Execution, run: MapRun, child: UnsuccessfulChild): boolean {
  if (run.children.type === 'EXPRESS') return true;
  return !child.isFull && execution.nowMs - child.endedMs <= REDRIVABLE_MS;
}

/** What was being read is asked for again; where no child had started, the dataset is read from its beginning. */
function readOn(run: MapRun): void {
  run.items.isReading = false;
  if (run.settings.source === undefined || run.executionCounts.total > 0) return;
  run.items = nothingRead();
  Object.assign(run.itemCounts, noCounts());
}

/** The child runs again, now that there is room for it. */
export function redriveChild(
  execution: Execution,
  run: MapRun,
  number: number,
  { child }: UnsuccessfulChild,
): void {
  tally(run, child, 'pendingRedrive', -1);
  tally(run, child, 'running');
  const { identity, input, itemCount, startedMs, redriveCount } = child;
  const same = { input, itemCount };
  if (run.children.type === 'STANDARD') {
    const again = { ...same, startedMs, redriveCount: redriveCount + 1, redrivenMs: execution.nowMs };
    run.open.set(number, new OpenChild(identity, again));
    execution.effects.push({ kind: 'redriveChild', mapRun: run.id, child: number });
  } else {
    const start = { ...same, startedMs: execution.nowMs, redriveCount: 0, redrivenMs: undefined };
    const anew = new OpenChild(identity, start);
    run.open.set(number, anew);
    execution.effects.push({ kind: 'startChild', ...startOf(execution, run, number, anew) });
  }
}
