import type { Visit, VisitStatus } from './visit-log.ts';

/** All stays in one state, counted. */
export interface StateTally {
  readonly stateName: string;
  readonly visits: number;
  readonly counts: Readonly<Partial<Record<VisitStatus, number>>>;
  /** Iterations or branches of a Map or Parallel, over all of its visits. */
  readonly children: { readonly total: number; readonly done: number; readonly failed: number } | undefined;
  /** Attempts beyond the first of each visit. */
  readonly retries: number;
  /** Id of the visit that was entered last. */
  readonly lastVisit: number;
}

/** A transition that was taken; `from` undefined: the beginning of a list of states. `isCatch`: a catcher led there. */
export interface Way {
  readonly from: string | undefined;
  readonly to: string;
  readonly isCatch: boolean;
}

/** Where an execution has been, as a drawing of its machine shows it: as large as the machine, however long the execution was. */
export interface Tally {
  readonly states: readonly StateTally[];
  readonly ways: readonly Way[];
  /** The visit by which it failed: of the last ones that did, the innermost. */
  readonly failed: Pick<Visit, 'id' | 'stateName'> | undefined;
  /** The state that was entered last. */
  readonly latest: string | undefined;
}

/** Of visits in the order in which they were entered. */
export function tallyOf(visits: readonly Visit[]): Tally {
  const states = Map.groupBy(visits, ({ stateName }) => stateName);
  return {
    states: Array.from(states.values(), tallyOfState),
    ways: waysOf(visits),
    failed: failedVisit(visits),
    latest: visits.at(-1)?.stateName,
  };
}

function tallyOfState(visits: readonly Visit[]): StateTally {
  const counts: Partial<Record<VisitStatus, number>> = {};
  let children: StateTally['children'];
  let retries = 0;
  for (const visit of visits) {
    counts[visit.status] = (counts[visit.status] ?? 0) + 1;
    retries += Math.max(0, visit.attempts.length - 1);
    if (visit.children === undefined) continue;
    const { total, succeeded, failed } = visit.children;
    const before = children ?? { total: 0, done: 0, failed: 0 };
    children = {
      total: before.total + total,
      done: before.done + succeeded + failed,
      failed: before.failed + failed,
    };
  }
  const last = visits.at(-1);
  return {
    stateName: last?.stateName ?? '',
    visits: visits.length,
    counts,
    children,
    retries,
    lastVisit: last?.id ?? 0,
  };
}

/** Within one branch or iteration states follow each other in the order of their visits. */
function waysOf(visits: readonly Visit[]): readonly Way[] {
  const ways = new Map<string | undefined, Map<string, { taken: boolean; caught: boolean }>>();
  const last = new Map<number, Map<number, Visit>>();
  for (const visit of visits) {
    const lines = inserted(last, visit.parent, () => new Map<number, Visit>());
    const before = lines.get(visit.index);
    lines.set(visit.index, visit);
    const from = inserted(
      ways,
      before?.stateName,
      () => new Map<string, { taken: boolean; caught: boolean }>(),
    );
    const way = inserted(from, visit.stateName, () => ({ taken: false, caught: false }));
    if (before?.status === 'caught') way.caught = true;
    else way.taken = true;
  }
  return Array.from(ways).flatMap(([from, targets]) =>
    Array.from(targets).flatMap(([to, { taken, caught }]) => [
      ...(taken ? [{ from, to, isCatch: false }] : []),
      ...(caught ? [{ from, to, isCatch: true }] : []),
    ]),
  );
}

function inserted<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function failedVisit(visits: readonly Visit[]): Visit | undefined {
  let found = visits.findLast(({ parent, status }) => parent === 0 && status === 'failed');
  for (let within = found; within !== undefined;) {
    const outer = within;
    within = visits.findLast(({ parent, status }) => parent === outer.id && status === 'failed');
    found = within ?? found;
  }
  return found;
}
