import type { Attempt, ChildCounts, Extent, StateVisit, VisitColumns } from '../api/types.ts';

/** All visits of an execution, in the order in which they were entered. */
export interface Visits extends Extent {
  readonly visits: readonly StateVisit[];
}

type Mutable<Value> = { -readonly [Member in keyof Value]: Value[Member] };

const NO_ATTEMPTS: readonly Attempt[] = [];

/** Visits out of the columns in which they came. */
export function visitsOf(columns: VisitColumns): Visits {
  const { names, types, statuses, startMs, name, lastedMs, exit, eventCount, status } = columns;
  const visits: Mutable<StateVisit>[] = [];
  let id = 0;
  let enteredMs = startMs;
  for (let row = 0; row < name.length; row += 1) {
    id += columns.id[row] ?? 0;
    enteredMs += columns.enteredMs[row] ?? 0;
    const state = (name[row] ?? 0) - 1;
    const parent = columns.parent[row] ?? 0;
    const left = exit[row] ?? 0;
    visits.push({
      id,
      stateName: names[state] ?? '',
      stateType: types[state] ?? '',
      // A visit comes after the one around it.
      parent: visits[parent - 1]?.id ?? 0,
      index: (columns.index[row] ?? 0) - 1,
      status: statuses[(columns.visitStatus[row] ?? 0) - 1] ?? 'running',
      enteredMs,
      endedMs: endOf(enteredMs, lastedMs[row]),
      exitEvent: left === 0 ? 0 : id + left,
      attempts: NO_ATTEMPTS,
      children: null,
      error: null,
      mapRunEvent: 0,
    });
  }
  addRest(columns, visits);
  return { status, eventCount, visits };
}

function endOf(startMs: number, lastedMs: number | undefined): number | null {
  return lastedMs === undefined || lastedMs < 0 ? null : startMs + lastedMs;
}

/** What only some visits have. */
function addRest(columns: VisitColumns, visits: readonly Mutable<StateVisit>[]): void {
  const { failures, mapRuns, children, errors } = columns;
  const each = (rows: readonly number[], add: (visit: Mutable<StateVisit>, at: number) => void): void => {
    for (const [at, row] of rows.entries()) {
      const visit = visits[row - 1];
      if (visit !== undefined) add(visit, at);
    }
  };
  each(failures.row, (visit, at) => {
    visit.error = errors[(failures.error[at] ?? 0) - 1] ?? null;
  });
  each(mapRuns.row, (visit, at) => {
    visit.mapRunEvent = mapRuns.event[at] ?? 0;
  });
  each(children.row, (visit, at) => {
    visit.children = countsAt(children, at);
  });
  each(columns.attempts.row, (visit, at) => {
    visit.attempts = [...visit.attempts, attemptAt(columns, visit, at)];
  });
}

function countsAt(children: VisitColumns['children'], at: number): ChildCounts {
  const { total, running, succeeded, failed } = children;
  return {
    total: total[at] ?? 0,
    running: running[at] ?? 0,
    succeeded: succeeded[at] ?? 0,
    failed: failed[at] ?? 0,
  };
}

function attemptAt({ attempts, errors }: VisitColumns, { id, enteredMs }: StateVisit, at: number): Attempt {
  const event = id + (attempts.event[at] ?? 0);
  const end = attempts.end[at] ?? 0;
  const scheduledMs = enteredMs + (attempts.scheduledMs[at] ?? 0);
  return {
    event,
    endEvent: end === 0 ? 0 : event + end,
    scheduledMs,
    endedMs: endOf(scheduledMs, attempts.lastedMs[at]),
    status: attempts.statuses[(attempts.status[at] ?? 0) - 1] ?? 'running',
    error: errors[(attempts.error[at] ?? 0) - 1] ?? null,
  };
}
