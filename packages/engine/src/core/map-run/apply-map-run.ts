/** Inputs of a map run: written into it, and its state goes on in this turn. */
import { assertNever } from '../assert-never.ts';
import type { Execution } from '../execution.ts';
import { enqueue } from '../execution.ts';
import type { MapRunInput } from '../input.ts';
import { failMapRun } from './advance.ts';
import { childMetadata } from './child-record.ts';
import { countedAs, tally } from './map-run.ts';
import type { MapRun, OpenChild } from './map-run.ts';

export function applyMapRunInput(execution: Execution, input: MapRunInput): void {
  const run = execution.mapRuns.get(input.mapRun);
  if (run === undefined || run.status !== 'RUNNING') return;
  if (tell(execution, run, input)) wake(execution, run);
}

function wake(execution: Execution, run: MapRun): void {
  if (run.isQueued) return;
  run.isQueued = true;
  enqueue(execution, run.owner, 'resume');
}

/** False: nothing has changed. */
function tell(execution: Execution, run: MapRun, input: MapRunInput): boolean {
  switch (input.kind) {
    case 'itemsRead':
      return run.phase === 'running' && itemsRead(run, input);
    case 'itemsFailed': {
      if (run.phase !== 'running') return false;
      failMapRun(execution, run, { error: 'States.ItemReaderFailed', cause: input.cause });
      return true;
    }
    case 'childEnded': {
      const child = run.open.get(input.child);
      if (child === undefined) return false;
      run.open.delete(input.child);
      childEnded(execution, run, child, input);
      return true;
    }
    case 'resultsWritten':
      if (run.phase !== 'writing') return false;
      run.written = { Bucket: input.bucket, Key: input.key };
      run.phase = 'over';
      return true;
    case 'resultsFailed':
      if (run.phase !== 'writing') return false;
      run.failure ??= { error: 'States.ResultWriterFailed', cause: input.cause };
      run.phase = 'over';
      return true;
    case 'mapRunUpdated':
      run.maxConcurrency = input.maxConcurrency ?? run.maxConcurrency;
      run.toleratedFailureCount = input.toleratedFailureCount ?? run.toleratedFailureCount;
      run.toleratedFailurePercentage = input.toleratedFailurePercentage ?? run.toleratedFailurePercentage;
      return run.phase === 'running';
    default:
      return assertNever('an input', input);
  }
}

function itemsRead(run: MapRun, input: Extract<MapRunInput, { kind: 'itemsRead' }>): boolean {
  const { items } = run;
  if (!items.isReading) return false;
  items.isReading = false;
  const { values, keys, source } = input;
  const added = values.map((value, index) => {
    const key = keys?.[index];
    return { value, source, ...(key === undefined ? {} : { key }) };
  });
  items.waiting = [...items.waiting, ...added];
  items.readCount += values.length;
  items.isExhausted = input.isLast || items.readCount >= run.settings.maxItems;
  run.itemCounts.pending += values.length;
  run.itemCounts.total += values.length;
  return true;
}

function childEnded(
  execution: Execution,
  run: MapRun,
  child: OpenChild,
  input: Extract<MapRunInput, { kind: 'childEnded' }>,
): void {
  const { status } = input;
  tally(run, child, 'running', -1);
  tally(run, child, countedAs(status));
  tally(run, child, 'resultsWritten');
  if (status !== 'SUCCEEDED') {
    const ended = { status, endedMs: execution.nowMs, hasResult: true, isFull: input.isFull ?? false };
    run.unsuccessful.set(input.child, { ...child, ...ended });
  }
  if (run.settings.target !== undefined) return;
  const { writer } = run.settings.distributed;
  const isBare = writer === undefined || writer.transformation !== 'NONE';
  run.results[input.child] =
    isBare && status === 'SUCCEEDED'
      ? (input.output ?? null)
      : childMetadata({
          ...child,
          stateMachineArn: run.children.arn,
          stoppedMs: execution.nowMs,
          outcome: input,
        });
}
