/** Inputs of a map run: written into it, and its state goes on in this turn. */
import type { JsonObject } from '@stepyard/asl';
import { assertNever } from '../assert-never.ts';
import type { Outcome } from '../effect.ts';
import type { Execution } from '../execution.ts';
import { enqueue } from '../execution.ts';
import type { MapRunInput } from '../input.ts';
import { failMapRun } from './advance.ts';
import { childMetadata } from './child-record.ts';
import { countedAs, tally, tallyAll } from './map-run.ts';
import type { MapRun } from './map-run.ts';
import type { OpenChild } from './open-child.ts';

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
    case 'childrenSucceeded':
      return childrenSucceeded(execution, run, input);
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
    run.unsuccessful.set(input.child, { child, ...ended });
  }
  if (run.settings.target !== undefined) return;
  run.results[input.child] =
    hasBareResults(run) && status === 'SUCCEEDED'
      ? (input.output ?? null)
      : metadataOf(execution, run, child, input);
}

/** False: none of them was open. */
function childrenSucceeded(
  execution: Execution,
  run: MapRun,
  { first, count, outputs }: Extract<MapRunInput, { kind: 'childrenSucceeded' }>,
): boolean {
  const { open, results } = run;
  const isKept = run.settings.target === undefined;
  const isBare = hasBareResults(run);
  let children = 0;
  let items = 0;
  for (let index = 0; index < count; index++) {
    const number = first + index;
    const child = open.get(number);
    if (child === undefined) continue;
    open.delete(number);
    children++;
    items += child.itemCount;
    if (!isKept) continue;
    const output = outputs?.[index] ?? null;
    results[number] = isBare ? output : metadataOf(execution, run, child, { status: 'SUCCEEDED', output });
  }
  tallyAll(run, -children, -items, 'running');
  tallyAll(run, children, items, 'succeeded');
  tallyAll(run, children, items, 'resultsWritten');
  return children > 0;
}

/** The results are outputs, and nothing about the executions that gave them. */
function hasBareResults({ settings: { distributed } }: MapRun): boolean {
  const { writer } = distributed;
  return writer === undefined || writer.transformation !== 'NONE';
}

function metadataOf(execution: Execution, run: MapRun, child: OpenChild, outcome: Outcome): JsonObject {
  const { executionArn, name, input, startedMs, redriveCount, redrivenMs } = child;
  const { arn: stateMachineArn } = run.children;
  const times = { startedMs, stoppedMs: execution.nowMs, redriveCount, redrivenMs };
  return childMetadata({ executionArn, name, stateMachineArn, input, ...times, outcome });
}
