import type { ExecutionRow, Store } from '../journal/store.ts';
import { describe } from './describe.ts';
import type {
  ExecutionStatus,
  ExecutionSummary,
  ListExecutionsRequest,
  MachineTally,
  Page,
} from './engine-api.ts';
import { pageSize, sequenceOf } from './paging.ts';
import type { RunHost } from './run.ts';
import type { Runs } from './runs.ts';

interface ListParts {
  readonly store: Store;
  readonly runs: Runs;
  readonly host: Pick<RunHost, 'clock'>;
}

/** Newest first; `after` is the sequence number of the last one on the page before, so that new starts move nothing. */
export function listExecutions(
  { store, runs, host }: ListParts,
  request: ListExecutionsRequest,
  machineArn: string,
): Page<ExecutionSummary> {
  const size = pageSize(request.maxResults);
  const { stateMachineArn } = request;
  const rows = store.executions({
    of: { machineArn },
    status: request.statusFilter,
    isRedriven: request.isRedriven,
    startedBy: stateMachineArn === machineArn ? undefined : stateMachineArn,
    before: sequenceOf(request.after),
    limit: size + 1,
  });
  const page = rows.slice(0, size);
  const nowMs = host.clock.now();
  return {
    items: page.map((row) => describe(runs.current(row), nowMs)),
    next: rows.length > size ? String(page.at(-1)?.sequence) : undefined,
  };
}

/** How many of each status every machine has, and its newest. */
export function tallyOf({ store, runs }: ListParts, nowMs: number): Map<string, MachineTally> {
  const counts = new Map<string, Record<ExecutionStatus, number>>();
  for (const { machineArn, status, count } of store.tally()) {
    const own = counts.get(machineArn) ?? { RUNNING: 0, SUCCEEDED: 0, FAILED: 0, TIMED_OUT: 0, ABORTED: 0 };
    own[status] = count;
    counts.set(machineArn, own);
  }
  const last = (machineArn: string): ExecutionSummary | undefined => {
    const [row]: readonly ExecutionRow[] = store.executions({ of: { machineArn }, limit: 1 });
    return row === undefined ? undefined : describe(runs.current(row), nowMs);
  };
  return new Map(
    Array.from(counts, ([machineArn, own]) => [machineArn, { counts: own, last: last(machineArn) }]),
  );
}
