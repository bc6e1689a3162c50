/**
 * A snapshot: the state of an execution between two turns as plain lists, so that another interpreter can go on from it
 * (restore.ts). Lists, not objects: names would take more room than what they name. Values are the execution's own, shared as they are
 * there; whoever stores the lists keeps what is shared shared.
 */
import type { Execution } from '../execution.ts';
import { isAtRest } from '../execution.ts';
import type { EventRecord } from '../history/event-record.ts';
import type { Failure } from '../failure.ts';
import type { Frame, Group, Settlement, TaskWork, Work } from '../frame.ts';
import type { MapRun, RunCounts, UnsuccessfulChild } from '../map-run/map-run.ts';
import type { OpenChild } from '../map-run/open-child.ts';
import { COUNTERS } from './counters.ts';

/** Nested lists of texts, numbers, flags, undefined and JSON values. */
export type Saved = readonly unknown[];

/**
 * How the execution stands, and its history from the event after `afterEventId` on: what earlier snapshots have of it is not repeated.
 * Only between two turns.
 */
export function save(execution: Execution, afterEventId = 0): Saved {
  if (execution.started === undefined) throw new Error('there is nothing to save before the start');
  if (!isAtRest(execution)) throw new Error('an execution is saved between two turns');
  return [afterEventId, saveEvents(execution, afterEventId), new Saving(execution).state()];
}

/** `[sites, times, events]`: types and names once each, the time of a turn once, and four members an event. */
function saveEvents({ events, started }: Execution, after: number): Saved {
  const places = new Map<string, number>();
  const sites: unknown[] = [];
  const times: unknown[] = [];
  const rows: unknown[] = [];
  let timeMs = Number.NaN;
  for (let index = after; index < events.length; index++) {
    const event = events[index];
    if (event === undefined) throw new Error('a history has no gaps');
    const { type, name } = event;
    const key = name === undefined ? type : `${type} ${name}`;
    let place = places.get(key);
    if (place === undefined) {
      places.set(key, (place = sites.length / 2));
      sites.push(type, name);
    }
    if (event.timeMs !== timeMs) times.push(index - after, (timeMs = event.timeMs));
    rows.push(
      place,
      event.previousEventId,
      event.value,
      index === 0 ? beginning(event, started?.input) : event.more,
    );
  }
  return [sites, times, rows];
}

/** The details of the first event but for the input's text: the execution's start has it already. */
function beginning({ more }: EventRecord, input: string | undefined): EventRecord['more'] {
  if (more?.['input'] !== input) return more;
  const { input: _known, ...rest } = more ?? {};
  return rest;
}

/** Lines and groups point at each other: here they are numbered. */
class Saving {
  readonly #execution: Execution;
  readonly #frames = new Map<Frame, number>();
  readonly #groups = new Map<Group, number>();
  readonly #savedFrames: unknown[] = [];
  readonly #savedGroups: unknown[] = [];

  constructor(execution: Execution) {
    this.#execution = execution;
  }

  state(): Saved {
    const execution = this.#execution;
    const { random, root } = execution;
    const rootFrame = root === undefined ? undefined : this.#frame(root);
    const timers = [...execution.timers].flatMap(([timer, { purpose, dueMs, frame }]) => [
      timer,
      purpose,
      dueMs,
      frame === undefined ? undefined : this.#frame(frame),
    ]);
    const tasks = [...execution.tasks].flatMap(([task, frame]) => [task, this.#frame(frame)]);
    const mapRuns = Array.from(execution.mapRuns.values(), (run) => this.#mapRun(run));
    const { outcome } = execution;
    return [
      execution.status,
      outcome === undefined ? undefined : [outcome.output, outcome.error, outcome.cause],
      execution.startedMs,
      execution.redriveCount,
      execution.redrivenMs,
      execution.nowMs,
      execution.input,
      execution.nextTimer,
      execution.missingActivities,
      random === undefined ? undefined : [random.a, random.b, random.c, random.counter],
      [...execution.attempts].flat(),
      rootFrame,
      timers,
      tasks,
      mapRuns,
      this.#savedFrames,
      this.#savedGroups,
    ];
  }

  #frame(frame: Frame): number {
    const known = this.#frames.get(frame);
    if (known !== undefined) return known;
    const number = this.#frames.size;
    this.#frames.set(frame, number);
    this.#savedFrames.push(undefined);
    this.#savedFrames[number] = [
      frame.group === undefined ? undefined : this.#group(frame.group),
      frame.index,
      frame.place.name,
      frame.input,
      frame.fitting,
      frame.scope.variables,
      frame.enteredMs,
      frame.enteredEventId,
      frame.lastEventId,
      frame.next,
      frame.retryCount,
      frame.retries,
      frame.closed,
      frame.work === undefined ? undefined : this.#work(frame.work),
    ];
    return number;
  }

  #work(work: Work): Saved {
    switch (work.kind) {
      case 'wait':
        return ['wait', work.phase, work.timer];
      case 'retry':
        return ['retry', work.timer];
      case 'task':
        return ['task', ...taskOf(work)];
      case 'group':
        return ['group', this.#group(work)];
      case 'mapRun':
        return ['mapRun', work.id];
    }
  }

  #group(group: Group): number {
    const known = this.#groups.get(group);
    if (known !== undefined) return known;
    const number = this.#groups.size;
    this.#groups.set(group, number);
    this.#savedGroups.push(undefined);
    this.#savedGroups[number] = [
      this.#frame(group.owner),
      group.state.name,
      group.inputs,
      group.items,
      group.results,
      group.concurrency,
      group.started,
      group.finished,
      Array.from(group.open, (line) => this.#frame(line)),
      group.waiting?.map((line) => this.#frame(line)),
    ];
    return number;
  }

  #mapRun(run: MapRun): Saved {
    const { settings, children, items } = run;
    const { source, batch, target } = settings;
    return [
      run.id,
      run.arn,
      this.#frame(run.owner),
      run.state.name,
      [
        settings.document,
        settings.maxItems,
        source === undefined ? undefined : [source.resource, source.parameters, source.config],
        batch === undefined ? undefined : [batch.itemsMax, batch.bytesMax, batch.input],
        target === undefined
          ? undefined
          : [target.resource, target.parameters, target.outputType, target.transformation],
      ],
      [children.arn, children.name, children.type],
      [run.startedMs, run.stoppedMs, run.status, run.redriveCount, run.redrivenMs],
      [run.maxConcurrency, run.toleratedFailureCount, run.toleratedFailurePercentage],
      [run.phase, run.isQueued, run.failure === undefined ? undefined : failureOf(run.failure), run.written],
      [
        items.waiting.slice(items.head).flatMap(({ value, key, source: from }) => [value, key, from]),
        items.nextIndex,
        items.readCount,
        items.isReading,
        items.isExhausted,
      ],
      Array.from(run.open, ([number, child]) => childOf(number, child)),
      Array.from(run.unsuccessful, ([number, child]) => unsuccessfulOf(number, child)),
      run.pendingRedrive.map(([number, child]) => unsuccessfulOf(number, child)),
      run.results,
      countsOf(run.itemCounts),
      countsOf(run.executionCounts),
    ];
  }
}

function taskOf(work: TaskWork): Saved {
  return [
    work.id,
    work.invocation,
    work.parameters,
    work.token,
    work.credentials,
    work.label,
    work.timeoutMs,
    work.heartbeatMs,
    work.timeoutTimer,
    work.heartbeatTimer,
    work.phase,
    work.submitted,
    work.submission,
    work.early === undefined ? undefined : settlementOf(work.early),
    work.result === undefined ? undefined : settlementOf(work.result),
  ];
}

function settlementOf(settlement: Settlement): Saved {
  return settlement.kind === 'succeeded'
    ? ['succeeded', settlement.output]
    : ['failed', failureOf(settlement.failure)];
}

function failureOf({ error, cause, alias, fatal, evaluation }: Failure): Saved {
  return [error, cause, alias, fatal === true, evaluation === undefined ? undefined : [evaluation.location]];
}

function childOf(number: number, child: OpenChild): Saved {
  const { executionArn, name, input, itemCount, startedMs, redriveCount, redrivenMs } = child;
  return [number, executionArn, name, input, itemCount, startedMs, redriveCount, redrivenMs];
}

function unsuccessfulOf(number: number, unsuccessful: UnsuccessfulChild): Saved {
  const { child, status, endedMs, hasResult, isFull } = unsuccessful;
  return [...childOf(number, child), status, endedMs, hasResult, isFull];
}

function countsOf(counts: RunCounts): Saved {
  return COUNTERS.map((counter) => counts[counter]);
}
