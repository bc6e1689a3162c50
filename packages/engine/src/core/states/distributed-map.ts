/** Map in DISTRIBUTED mode: a map run whose iterations are child executions ([14]-[19] of the recordings). */
import type { Json, JsonArray, MapState } from '@stepyard/asl';
import { AslFailure, isArray } from '@stepyard/asl';
import { departWithResult } from '../dataflow.ts';
import type { Execution } from '../execution.ts';
import { enqueue, record, recordInLine } from '../execution.ts';
import { failureOf } from '../fail.ts';
import { errorDetails } from '../failure.ts';
import type { Frame } from '../frame.ts';
import { StateFailed, leave } from '../lines.ts';
import { closeChildren } from '../map-run/abort.ts';
import { advanceMapRun } from '../map-run/advance.ts';
import { labelOfMap, mapRunArn, childMachine } from '../map-run/identity.ts';
import type { ItemBuffer, MapRun } from '../map-run/map-run.ts';
import { noCounts, nothingRead } from '../map-run/map-run.ts';
import { settingsOf, toleranceOf } from '../map-run/settings.ts';
import { NOT_NEGATIVE, numberOf } from '../number-field.ts';

/** `itemsOf` gives the items of a state that has no ItemReader; with one, ItemsPath means nothing (recordings *items-path-valid*). */
export function openMapRun(
  execution: Execution,
  frame: Frame,
  state: MapState,
  document: Json,
  itemsOf: () => JsonArray,
): void {
  const { distributed } = state;
  if (distributed === undefined) throw new Error('an inline Map has no map run');
  const items = distributed.reader === undefined ? itemsOf() : undefined;
  const maxConcurrency = numberOf(execution, frame, state.maxConcurrency, 'MaxConcurrency', NOT_NEGATIVE);
  // With an ItemReader the items are not known yet ([17] of the recordings).
  recordInLine(execution, frame, 'MapStateStarted', undefined, undefined, { length: items?.length ?? 0 });
  const tolerance = toleranceOf(execution, frame, state);
  const settings = settingsOf(execution, frame, state, document);
  const { started } = execution;
  if (started === undefined) throw new Error('no map run before the execution has started');
  const label = labelOfMap(started, state, distributed.label);
  const arn = mapRunArn(execution, started, label);
  recordInLine(execution, frame, 'MapRunStarted', undefined, undefined, { mapRunArn: arn });
  const run: MapRun = {
    kind: 'mapRun',
    id: frame.lastEventId,
    arn,
    executionArn: started.executionArn,
    owner: frame,
    state,
    settings,
    children: childMachine(execution, started, state, distributed, label),
    startedMs: execution.nowMs,
    stoppedMs: undefined,
    status: 'RUNNING',
    redriveCount: 0,
    redrivenMs: undefined,
    maxConcurrency: maxConcurrency ?? 0,
    toleratedFailureCount: tolerance.count,
    toleratedFailurePercentage: tolerance.percentage,
    phase: 'running',
    isQueued: true,
    failure: undefined,
    items: items === undefined ? nothingRead() : stateData(items),
    open: new Map(),
    unsuccessful: new Map(),
    pendingRedrive: [],
    results: [],
    itemCounts: { ...noCounts(), pending: items?.length ?? 0, total: items?.length ?? 0 },
    executionCounts: noCounts(),
    written: undefined,
  };
  frame.work = run;
  execution.mapRuns.set(run.id, run);
  enqueue(execution, frame, 'resume');
}

function stateData(items: JsonArray): ItemBuffer {
  const waiting = items.map((value) => ({ value, source: 'STATE_DATA' }));
  return { ...nothingRead(), waiting, readCount: items.length, isExhausted: true };
}

export function resumeMapRun(execution: Execution, frame: Frame, state: MapState, run: MapRun): void {
  run.isQueued = false;
  try {
    advanceMapRun(execution, run);
  } catch (thrown) {
    if (!(thrown instanceof AslFailure) && !(thrown instanceof StateFailed)) throw thrown;
    // An item's selector failed, or an item is too large: nothing is exported.
    closeChildren(execution, run);
    run.phase = 'over';
    run.failure = failureOf(thrown, frame);
  }
  if (run.phase !== 'over') return;
  run.stoppedMs = execution.nowMs;
  if (run.failure !== undefined) {
    run.status = 'FAILED';
    recordInLine(execution, frame, 'MapRunFailed', undefined, undefined, errorDetails(run.failure));
    throw new StateFailed(run.failure);
  }
  run.status = 'SUCCEEDED';
  // MapStateSucceeded points at MapRunSucceeded, MapStateExited at MapRunStarted ([14] of the recordings).
  const succeeded = record(execution, 'MapRunSucceeded', frame.lastEventId);
  const departure = departWithResult(execution, frame, resultOf(run));
  record(execution, 'MapStateSucceeded', succeeded);
  leave(execution, frame, departure, state.next);
}

function resultOf(run: MapRun): Json {
  if (run.written !== undefined) return { MapRunArn: run.arn, ResultWriterDetails: run.written };
  const { writer } = run.settings.distributed;
  const results = writer?.transformation === 'FLATTEN' ? run.results.flatMap(itemsIn) : run.results;
  return writer?.outputType === 'JSONL'
    ? results.map((result) => JSON.stringify(result)).join('\n')
    : results;
}

function itemsIn(result: Json): JsonArray {
  return isArray(result) ? result : [result];
}
