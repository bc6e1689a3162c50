import type { ExecutionStatus, MapRunChildren } from '../api/types.ts';

/** One child of a map run. */
export interface Child {
  readonly executionArn: string;
  readonly status: ExecutionStatus;
  readonly startMs: number;
  /** null: it goes on. */
  readonly stopMs: number | null;
  readonly itemCount: number;
  readonly error: string | null;
}

/** Child `at`, from 0; undefined: there is none. */
export function childAt(children: MapRunChildren, at: number): Child | undefined {
  const name = children.names[at];
  if (name === undefined) return undefined;
  const startMs = children.startMs + (children.startedMs[at] ?? 0);
  const lastedMs = children.lastedMs[at] ?? -1;
  return {
    executionArn: children.arnPrefix + name,
    status: statusAt(children, at),
    startMs,
    stopMs: lastedMs < 0 ? null : startMs + lastedMs,
    itemCount: children.itemCounts[at] ?? 0,
    error: children.errors[(children.error[at] ?? 0) - 1] ?? null,
  };
}

export function statusAt({ statuses, status }: MapRunChildren, at: number): ExecutionStatus {
  return statuses[(status[at] ?? 0) - 1] ?? 'RUNNING';
}

/** How many children there are of each status. */
export function childCounts({ statuses, status }: MapRunChildren): ReadonlyMap<ExecutionStatus, number> {
  const counts = new Map<ExecutionStatus, number>();
  for (const index of status) {
    const one = statuses[index - 1] ?? 'RUNNING';
    counts.set(one, (counts.get(one) ?? 0) + 1);
  }
  return counts;
}
