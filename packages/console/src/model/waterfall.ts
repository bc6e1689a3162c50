/** Rows of the table and of the timeline: visits of states, what they enclose, and their attempts; and the scale of time. */
import type { Attempt, StateVisit } from '../api/types.ts';
import type { StatusKind } from './status.ts';

export type WaterfallRow =
  | {
      readonly kind: 'visit';
      readonly key: string;
      readonly depth: number;
      readonly visit: StateVisit;
      readonly isOpenable: boolean;
      readonly isOpen: boolean;
    }
  | {
      /** One iteration of a Map, or one branch of a Parallel. */
      readonly kind: 'line';
      readonly key: string;
      readonly depth: number;
      readonly index: number;
      readonly isBranch: boolean;
      readonly status: StatusKind;
      readonly startMs: number;
      readonly endMs: number | null;
      readonly isOpenable: true;
      readonly isOpen: boolean;
    }
  | {
      readonly kind: 'attempt';
      readonly key: string;
      readonly depth: number;
      readonly number: number;
      readonly attempt: Attempt;
      readonly visit: StateVisit;
      readonly isOpenable: false;
      readonly isOpen: false;
    };

/** What may be opened without being asked: everything, while it is little. */
const OPEN_CHILDREN_MAX = 40;

export interface Openness {
  /** Rows that the user has opened or closed, by their keys. */
  readonly chosen: ReadonlyMap<string, boolean>;
}

/** The rows that are shown, in order; what is closed has none below it. */
export function waterfallRows(visits: readonly StateVisit[], { chosen }: Openness): readonly WaterfallRow[] {
  const within = Map.groupBy(visits, ({ parent }) => parent);
  const isSmall = visits.length <= OPEN_CHILDREN_MAX;
  const rows: WaterfallRow[] = [];
  const isOpen = (key: string, byDefault: boolean): boolean => chosen.get(key) ?? byDefault;
  const addVisit = (visit: StateVisit, depth: number): void => {
    const children = within.get(visit.id) ?? [];
    const hasAttempts = visit.attempts.length > 1;
    const key = `v${visit.id}`;
    const showsAttempts = hasAttempts && isOpen(key, false);
    const showsLines = children.length > 0 && isOpen(key, isSmall);
    rows.push({
      kind: 'visit',
      key,
      depth,
      visit,
      isOpenable: children.length > 0 || hasAttempts,
      isOpen: showsAttempts || showsLines,
    });
    if (showsAttempts) {
      for (const [index, attempt] of visit.attempts.entries()) {
        const attemptKey = `a${attempt.event}`;
        rows.push({
          kind: 'attempt',
          key: attemptKey,
          depth: depth + 1,
          number: index + 1,
          attempt,
          visit,
          isOpenable: false,
          isOpen: false,
        });
      }
    }
    if (showsLines) addLines(visit, children, depth + 1);
  };
  const addLines = (parent: StateVisit, children: readonly StateVisit[], depth: number): void => {
    for (const [index, own] of Map.groupBy(children, (child) => child.index)) {
      const key = `l${parent.id}:${index}`;
      rows.push({
        ...lineOf(own),
        kind: 'line',
        key,
        depth,
        index,
        isBranch: parent.stateType === 'Parallel',
        isOpenable: true,
        isOpen: isOpen(key, isSmall),
      });
      if (isOpen(key, isSmall)) for (const visit of own) addVisit(visit, depth + 1);
    }
  };
  for (const visit of within.get(0) ?? []) addVisit(visit, 0);
  return rows;
}

function lineOf(visits: readonly StateVisit[]): {
  readonly status: StatusKind;
  readonly startMs: number;
  readonly endMs: number | null;
} {
  const last = visits.at(-1);
  const isOpen = visits.some(({ endedMs }) => endedMs === null);
  return {
    status: last?.status ?? 'idle',
    startMs: visits[0]?.enteredMs ?? 0,
    endMs: isOpen ? null : Math.max(...visits.map(({ endedMs }) => endedMs ?? 0)),
  };
}

/** Keys of the rows that must be open for a visit to be seen. */
export function wayTo(visits: readonly StateVisit[], id: number): readonly string[] {
  const byId = new Map(visits.map((visit) => [visit.id, visit]));
  const keys: string[] = [];
  for (let visit = byId.get(id); visit !== undefined && visit.parent !== 0; visit = byId.get(visit.parent)) {
    keys.push(`l${visit.parent}:${visit.index}`, `v${visit.parent}`);
  }
  return keys;
}

export interface TimeSpan {
  readonly startMs: number;
  readonly endMs: number;
}

/** From the first thing that happens to the last, or until now while something goes on. */
export function spanOf(
  visits: readonly StateVisit[],
  startMs: number,
  stopMs: number | null,
  nowMs: number,
): TimeSpan {
  let endMs = stopMs ?? nowMs;
  for (const { endedMs } of visits) if (endedMs !== null && endedMs > endMs) endMs = endedMs;
  return { startMs, endMs: Math.max(endMs, startMs + 1) };
}

export interface Bar {
  /** Parts of the whole width, from 0 to 1. */
  readonly left: number;
  readonly width: number;
}

/** Where a stretch of time is drawn; what goes on reaches to the end. Never outside. */
export function barOf(span: TimeSpan, startMs: number, endMs: number | null): Bar {
  const length = span.endMs - span.startMs;
  const left = Math.min(1, Math.max(0, (startMs - span.startMs) / length));
  const right = Math.min(1, Math.max(left, ((endMs ?? span.endMs) - span.startMs) / length));
  return { left, width: right - left };
}

const STEPS_MS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000,
  600_000, 1_800_000, 3_600_000, 10_800_000, 21_600_000, 43_200_000,
];
const DAY_MS = 86_400_000;

/** Where the scale of time has its marks: round steps from the beginning, about as many as asked for. */
export function ticksOf({ startMs, endMs }: TimeSpan, about: number): readonly number[] {
  const length = endMs - startMs;
  const step = STEPS_MS.find((one) => length / one <= about) ?? Math.ceil(length / about / DAY_MS) * DAY_MS;
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step);
}
