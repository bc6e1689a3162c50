/** What is large of an execution, as columns of small numbers (packages/console/src/api/execution-types.ts). */
import type { EventBrief, HistoryEvent, Look, Visit } from '@stepyard/engine';
import { ReplayMismatch } from '@stepyard/engine';
import type {
  AttemptDetail,
  EventColumns,
  StateVisitDetail,
  VisitAnswer,
  VisitColumns,
} from '@stepyard/console';
import { orNull } from '../clip.ts';
import type { ConsoleContext } from '../context.ts';
import { Names } from '../names.ts';

export async function eventIndex(
  { engine, inspections }: ConsoleContext,
  arn: string,
): Promise<EventColumns> {
  try {
    return eventColumns((await inspections.of(arn)).briefs(1));
  } catch (error) {
    if (!(error instanceof ReplayMismatch)) throw error;
    // It cannot be replayed any more, but its history is kept as it was.
    return eventColumns((await engine.inspect(arn)).events.map(briefOf));
  }
}

function briefOf({ type, timestampMs, previousEventId, details }: HistoryEvent): EventBrief {
  const textOf = (member: string): string | undefined => {
    const value = details?.[member];
    return typeof value === 'string' ? value : undefined;
  };
  const resource = textOf('resource');
  const service = textOf('resourceType');
  return {
    type,
    timeMs: timestampMs,
    previousEventId,
    name: textOf('name'),
    resource: service === undefined || resource === undefined ? resource : `${service}:${resource}`,
    visit: 0,
  };
}

export function eventColumns(events: readonly EventBrief[]): EventColumns {
  const types = new Names();
  const names = new Names();
  const resources = new Names();
  const startMs = events[0]?.timeMs ?? 0;
  return {
    startMs,
    type: events.map(({ type }) => types.index(type)),
    afterMs: events.map(({ timeMs }, at) => timeMs - (events[at - 1]?.timeMs ?? startMs)),
    previous: events.map(({ previousEventId }, at) => at + 1 - previousEventId),
    name: events.map(({ name }) => names.index(name)),
    resource: events.map(({ resource }) => resources.index(resource)),
    visit: events.map((event, at) => at + 1 - event.visit),
    types: types.all,
    names: names.all,
    resources: resources.all,
  };
}

export async function visits({ inspections }: ConsoleContext, arn: string): Promise<VisitColumns> {
  return visitColumns(await inspections.look(arn));
}

export function visitColumns(look: Pick<Look, 'status' | 'eventCount' | 'visits'>): VisitColumns {
  const { status, eventCount, visits: all } = look;
  const names = new Names();
  const statuses = new Names<Visit['status']>();
  const errors = new Names();
  const types: string[] = [];
  const rows = new Map(all.map(({ id }, at) => [id, at + 1]));
  const startMs = all[0]?.enteredMs ?? 0;
  const name = all.map(({ stateName, stateType }) => {
    const index = names.index(stateName);
    types[index - 1] = stateType;
    return index;
  });
  return {
    eventCount,
    startMs,
    name,
    id: all.map(({ id }, at) => id - (all[at - 1]?.id ?? 0)),
    parent: all.map(({ parent }) => rows.get(parent) ?? 0),
    index: all.map(({ index }) => index + 1),
    enteredMs: all.map(({ enteredMs }, at) => enteredMs - (all[at - 1]?.enteredMs ?? startMs)),
    lastedMs: all.map(({ enteredMs, endedMs }) => lasted(enteredMs, endedMs)),
    exit: all.map(({ id, exitEvent }) => (exitEvent === 0 ? 0 : exitEvent - id)),
    failures: failuresOf(all, errors),
    mapRuns: mapRunsOf(all),
    children: childrenOf(all),
    attempts: attemptsOf(all, errors),
    names: names.all,
    types,
    errors: errors.all,
    status,
    visitStatus: all.map((one) => statuses.index(one.status)),
    statuses: statuses.all,
  };
}

/** Milliseconds; -1: it goes on. */
export function lasted(startMs: number, endedMs: number | undefined): number {
  return endedMs === undefined ? -1 : endedMs - startMs;
}

function failuresOf(all: readonly Visit[], errors: Names): VisitColumns['failures'] {
  const row: number[] = [];
  const error: number[] = [];
  for (const [at, { failure }] of all.entries()) {
    if (failure?.error === undefined) continue;
    row.push(at + 1);
    error.push(errors.index(failure.error));
  }
  return { row, error };
}

function mapRunsOf(all: readonly Visit[]): VisitColumns['mapRuns'] {
  const row: number[] = [];
  const event: number[] = [];
  for (const [at, { mapRunEvent }] of all.entries()) {
    if (mapRunEvent === 0) continue;
    row.push(at + 1);
    event.push(mapRunEvent);
  }
  return { row, event };
}

function childrenOf(all: readonly Visit[]): VisitColumns['children'] {
  const to: Record<keyof VisitColumns['children'], number[]> = {
    row: [],
    total: [],
    running: [],
    succeeded: [],
    failed: [],
  };
  for (const [at, { children }] of all.entries()) {
    if (children === undefined) continue;
    to.row.push(at + 1);
    to.total.push(children.total);
    to.running.push(children.running);
    to.succeeded.push(children.succeeded);
    to.failed.push(children.failed);
  }
  return to;
}

function attemptsOf(all: readonly Visit[], errors: Names): VisitColumns['attempts'] {
  const statuses = new Names<AttemptDetail['status']>();
  const to: Record<Exclude<keyof VisitColumns['attempts'], 'statuses'>, number[]> = {
    row: [],
    event: [],
    end: [],
    scheduledMs: [],
    lastedMs: [],
    status: [],
    error: [],
  };
  for (const [at, { id, enteredMs, attempts }] of all.entries()) {
    for (const { event, endEvent, scheduledMs, endedMs, status, failure } of attempts) {
      to.row.push(at + 1);
      to.event.push(event - id);
      to.end.push(endEvent === 0 ? 0 : endEvent - event);
      to.scheduledMs.push(scheduledMs - enteredMs);
      to.lastedMs.push(lasted(scheduledMs, endedMs));
      to.status.push(statuses.index(status));
      to.error.push(errors.index(failure?.error));
    }
  }
  return { ...to, statuses: statuses.all };
}

export async function visit(
  { inspections }: ConsoleContext,
  arn: string,
  id: number,
  at: number | undefined,
): Promise<VisitAnswer> {
  const { status, eventCount, visits: all } = await inspections.look(arn, at);
  const found = all.find((one) => one.id === id);
  if (found === undefined) {
    return { status, eventCount, visit: null, number: 0, of: 0, previous: 0, next: 0 };
  }
  const same = all.filter(({ stateName }) => stateName === found.stateName);
  const number = same.indexOf(found);
  return {
    status,
    eventCount,
    visit: wireVisit(found),
    number: number + 1,
    of: same.length,
    previous: same[number - 1]?.id ?? 0,
    next: same[number + 1]?.id ?? 0,
  };
}

function wireVisit({ failure, endedMs, children, attempts, ...same }: Visit): StateVisitDetail {
  return {
    ...same,
    endedMs: orNull(endedMs),
    children: orNull(children),
    error: orNull(failure?.error),
    cause: orNull(failure?.cause),
    attempts: attempts.map(({ failure: reason, endedMs: attemptEndMs, ...attempt }) => ({
      ...attempt,
      endedMs: orNull(attemptEndMs),
      error: orNull(reason?.error),
      cause: orNull(reason?.cause),
    })),
  };
}
