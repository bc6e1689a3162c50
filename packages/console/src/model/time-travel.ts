import type { Attempt, Snapshot, StateVisit } from '../api/types.ts';

/**
 * Visits as they were right after an event. What the snapshot says of a visit is exact; until it has come, what is known
 * anyway: a visit whose last event is still to come goes on.
 */
export function visitsAt(
  visits: readonly StateVisit[],
  event: number,
  timeMs: number | undefined,
  snapshot: Snapshot | undefined,
): readonly StateVisit[] {
  const exact =
    snapshot?.eventId === event ? new Map(snapshot.visits.map(({ id, status }) => [id, status])) : undefined;
  const past: StateVisit[] = [];
  for (const visit of visits) {
    if (visit.id > event) break;
    const attempts = visit.attempts
      .filter((attempt) => attempt.event <= event)
      .map((attempt) => attemptAt(attempt, event));
    const isOver = visit.exitEvent === 0 ? isEndedBy(visit, timeMs) : visit.exitEvent <= event;
    const status = exact?.get(visit.id) ?? (isOver ? visit.status : 'running');
    const isOpen = status === 'running' || status === 'waiting';
    const end = isOpen ? { endedMs: null, exitEvent: 0, error: null } : {};
    past.push({ ...visit, attempts, status, children: null, ...end });
  }
  return withChildren(past);
}

function attemptAt(attempt: Attempt, event: number): Attempt {
  if (attempt.endEvent !== 0 && attempt.endEvent <= event) return attempt;
  return { ...attempt, endEvent: 0, endedMs: null, status: 'running', error: null };
}

function isEndedBy({ endedMs }: StateVisit, timeMs: number | undefined): boolean {
  return endedMs !== null && timeMs !== undefined && endedMs <= timeMs;
}

/** Counts of lines within Map and Parallel, from the visits that there were. */
function withChildren(visits: readonly StateVisit[]): readonly StateVisit[] {
  const lines = new Map<number, Map<number, StateVisit>>();
  for (const visit of visits) {
    if (visit.parent === 0) continue;
    const own = lines.get(visit.parent) ?? new Map<number, StateVisit>();
    own.set(visit.index, visit);
    lines.set(visit.parent, own);
  }
  return visits.map((visit) => {
    const own = [...(lines.get(visit.id)?.values() ?? [])];
    if (own.length === 0) return visit;
    const failed = own.filter(({ status }) => status === 'failed').length;
    const running = own.filter(({ endedMs }) => endedMs === null).length;
    return {
      ...visit,
      children: { total: own.length, running, failed, succeeded: own.length - failed - running },
    };
  });
}
