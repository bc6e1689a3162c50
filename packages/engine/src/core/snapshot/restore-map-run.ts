import type { Execution } from '../execution.ts';
import type { Started } from '../input.ts';
import { executionsOf, processorProgram } from '../map-run/identity.ts';
import type {
  ChildMachine,
  ItemBuffer,
  MapItem,
  MapRun,
  MapRunSettings,
  RunCounts,
  UnsuccessfulChild,
} from '../map-run/map-run.ts';
import { noCounts } from '../map-run/map-run.ts';
import { OpenChild } from '../map-run/open-child.ts';
import { parseUuid } from '../uuid.ts';
import { COUNTERS } from './counters.ts';
import type { RestoredLines } from './restore-lines.ts';
import { failureOf } from './restore-lines.ts';
import { SnapshotUnreadable, type SavedReader } from './saved-reader.ts';

export function restoreMapRun(execution: Execution, lines: RestoredLines, saved: SavedReader): MapRun {
  const id = saved.count();
  const arn = saved.text();
  const owner = lines.frame(saved.count());
  const state = lines.stateIn(owner, saved.text());
  if (state.type !== 'Map' || state.distributed === undefined)
    throw new SnapshotUnreadable('the definition has no such Distributed Map');
  const settings = settingsOf(saved.list('the settings of a map run'), state.distributed);
  const program = processorProgram(execution.program, state);
  const { started } = execution;
  if (started === undefined) throw new SnapshotUnreadable('a map run of what has not started');
  const children = childrenOf(saved.list('the children of a map run'), started, program);
  const child = (one: SavedReader): OpenChild => childOf(one, children);
  const unsuccessful = (one: SavedReader): UnsuccessfulChild => unsuccessfulOf(one, children);
  const run: MapRun = {
    kind: 'mapRun',
    id,
    arn,
    executionArn: started.executionArn,
    owner,
    state,
    settings,
    children,
    ...timesOf(saved.list('the times of a map run')),
    ...limitsOf(saved.list('the limits of a map run')),
    ...phaseOf(saved.list('the phase of a map run')),
    items: itemsOf(saved.list('the items of a map run')),
    open: new Map(entries(saved.list('the open children'), child)),
    unsuccessful: new Map(entries(saved.list('the unsuccessful children'), unsuccessful)),
    pendingRedrive: entries(saved.list('the children to be redriven'), unsuccessful),
    results: saved.results(),
    itemCounts: countsOf(saved.list('the counts of items')),
    executionCounts: countsOf(saved.list('the counts of children')),
  };
  saved.end();
  return run;
}

function settingsOf(saved: SavedReader, distributed: MapRunSettings['distributed']): MapRunSettings {
  const document = saved.json();
  const maxItems = saved.number();
  const source = saved.optional(() => saved.list('the source of items'));
  const batch = saved.optional(() => saved.list('the batches'));
  const target = saved.optional(() => saved.list('the target of results'));
  saved.end();
  return {
    distributed,
    document,
    source: source && {
      resource: source.text(),
      parameters: source.jsonObject(),
      config: source.jsonObject(),
    },
    maxItems,
    batch: batch && {
      itemsMax: batch.number(),
      bytesMax: batch.number(),
      input: batch.optional(() => batch.json()),
    },
    target: target && {
      resource: target.text(),
      parameters: target.jsonObject(),
      outputType: target.oneOf(['JSON', 'JSONL']),
      transformation: target.oneOf(['NONE', 'COMPACT', 'FLATTEN']),
    },
  };
}

function childrenOf(saved: SavedReader, started: Started, program: ChildMachine['program']): ChildMachine {
  const arn = saved.text();
  const name = saved.text();
  const type = saved.oneOf(['STANDARD', 'EXPRESS']);
  return { arn, name, executions: executionsOf(started, type, name), type, program };
}

function timesOf(
  saved: SavedReader,
): Pick<MapRun, 'startedMs' | 'stoppedMs' | 'status' | 'redriveCount' | 'redrivenMs'> {
  return {
    startedMs: saved.number(),
    stoppedMs: saved.optional(() => saved.number()),
    status: saved.oneOf(['RUNNING', 'SUCCEEDED', 'FAILED', 'ABORTED']),
    redriveCount: saved.count(),
    redrivenMs: saved.optional(() => saved.number()),
  };
}

function limitsOf(
  saved: SavedReader,
): Pick<MapRun, 'maxConcurrency' | 'toleratedFailureCount' | 'toleratedFailurePercentage'> {
  return {
    maxConcurrency: saved.number(),
    toleratedFailureCount: saved.optional(() => saved.number()),
    toleratedFailurePercentage: saved.optional(() => saved.number()),
  };
}

function phaseOf(saved: SavedReader): Pick<MapRun, 'phase' | 'isQueued' | 'failure' | 'written'> {
  return {
    phase: saved.oneOf(['running', 'writing', 'over']),
    isQueued: saved.flag(),
    failure: saved.optional(() => failureOf(saved.list('the failure of a map run'))),
    written: saved.optional(() => saved.jsonObject()),
  };
}

function itemsOf(saved: SavedReader): ItemBuffer {
  const items = saved.list('the waiting items');
  const waiting: MapItem[] = [];
  while (items.hasMore) {
    const value = items.json();
    const key = items.optional(() => items.text());
    waiting.push({ value, source: items.text(), ...(key === undefined ? {} : { key }) });
  }
  return {
    waiting,
    head: 0,
    nextIndex: saved.count(),
    readCount: saved.count(),
    isReading: saved.flag(),
    isExhausted: saved.flag(),
  };
}

function entries<Child>(
  saved: SavedReader,
  read: (saved: SavedReader) => Child,
): (readonly [number, Child])[] {
  const found: (readonly [number, Child])[] = [];
  while (saved.hasMore) {
    const one = saved.list('a child');
    found.push([one.count(), read(one)]);
    one.end();
  }
  return found;
}

function childOf(saved: SavedReader, machine: ChildMachine): OpenChild {
  const executionArn = saved.text();
  const id = parseUuid(saved.text());
  const expressId = machine.type === 'EXPRESS' ? parseUuid(executionArn.split(':').at(-1) ?? '') : undefined;
  if (id === undefined) throw new SnapshotUnreadable('a child has no name');
  const start = {
    input: saved.text(),
    itemCount: saved.count(),
    startedMs: saved.number(),
    redriveCount: saved.count(),
    redrivenMs: saved.optional(() => saved.number()),
  };
  const child = new OpenChild({ machine, id, expressId }, start);
  if (child.executionArn !== executionArn) throw new SnapshotUnreadable('a child has another name');
  return child;
}

function unsuccessfulOf(saved: SavedReader, machine: ChildMachine): UnsuccessfulChild {
  return {
    child: childOf(saved, machine),
    status: saved.oneOf(['FAILED', 'TIMED_OUT', 'ABORTED']),
    endedMs: saved.number(),
    hasResult: saved.flag(),
    isFull: saved.flag(),
  };
}

function countsOf(saved: SavedReader): RunCounts {
  const counts = noCounts();
  for (const counter of COUNTERS) counts[counter] = saved.number();
  saved.end();
  return counts;
}
