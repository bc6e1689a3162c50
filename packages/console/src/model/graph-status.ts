/** What a graph shows of an execution: how each state stands, and which ways were taken. Derived from the visits. */
import type { StateVisit } from '../api/types.ts';
import type { StatusKind } from './status.ts';

/** How a state stands, over all of its visits. */
export interface StateStatus {
  readonly kind: StatusKind;
  readonly visits: number;
  /** Visits by how they stand; of more than one only some may be given. */
  readonly counts: Readonly<Partial<Record<StatusKind, number>>>;
  /** Iterations or branches of a Map or Parallel, over all of its visits. */
  readonly children: { readonly total: number; readonly done: number; readonly failed: number } | undefined;
  /** Attempts beyond the first of each visit. */
  readonly retries: number;
  /** Id of the visit that was entered last. */
  readonly lastVisit: number;
}

export interface GraphStatus {
  readonly states: ReadonlyMap<string, StateStatus>;
  /** {@link wayKey} of each transition that was taken. */
  readonly ways: ReadonlySet<string>;
}

/** While anything goes on, that is what a state is shown as; then what went wrong; then the rest. */
const PRECEDENCE: readonly StatusKind[] = ['running', 'waiting', 'failed', 'caught', 'aborted', 'succeeded'];

/** The way from one state to another; by its catcher or not. An empty `from` is the start of a list of states. */
export function wayKey(from: string, to: string, isCatch: boolean): string {
  return JSON.stringify([from, to, isCatch]);
}

/** Of visits in the order in which they were entered. */
export function graphStatus(visits: readonly StateVisit[]): GraphStatus {
  const byState = Map.groupBy(visits, ({ stateName }) => stateName);
  const states = new Map<string, StateStatus>();
  for (const [name, own] of byState) states.set(name, statusOf(own));
  return { states, ways: waysOf(visits) };
}

function statusOf(visits: readonly StateVisit[]): StateStatus {
  const counts: Partial<Record<StatusKind, number>> = {};
  let children: StateStatus['children'];
  let retries = 0;
  for (const visit of visits) {
    counts[visit.status] = (counts[visit.status] ?? 0) + 1;
    retries += Math.max(0, visit.attempts.length - 1);
    if (visit.children === null) continue;
    const { total, succeeded, failed } = visit.children;
    const { total: before, done, failed: failedBefore } = children ?? { total: 0, done: 0, failed: 0 };
    children = { total: before + total, done: done + succeeded + failed, failed: failedBefore + failed };
  }
  return {
    kind: PRECEDENCE.find((kind) => counts[kind] !== undefined) ?? 'idle',
    visits: visits.length,
    counts,
    children,
    retries,
    lastVisit: visits.at(-1)?.id ?? 0,
  };
}

/** Within one branch or iteration states follow each other in the order of their visits. */
function waysOf(visits: readonly StateVisit[]): ReadonlySet<string> {
  const ways = new Set<string>();
  const last = new Map<string, StateVisit>();
  for (const visit of visits) {
    const line = `${visit.parent} ${visit.index}`;
    const before = last.get(line);
    if (before === undefined) ways.add(wayKey('', visit.stateName, false));
    else ways.add(wayKey(before.stateName, visit.stateName, before.status === 'caught'));
    last.set(line, visit);
  }
  return ways;
}

/** The visit by which an execution failed: of the last ones that did, the innermost. */
export function failedVisit(visits: readonly StateVisit[]): StateVisit | undefined {
  let found = visits.findLast(({ parent, status }) => parent === 0 && status === 'failed');
  for (let within = found; within !== undefined;) {
    const outer = within;
    within = visits.findLast(({ parent, status }) => parent === outer.id && status === 'failed');
    found = within ?? found;
  }
  return found;
}
