/** What a restart does with the executions that were under way. */
import { newExecution } from '../core/execution.ts';
import type { Effect } from '../core/effect.ts';
import { ReplayMismatch } from '../journal/replay.ts';
import type { ExecutionRow, Store, TimerRow, Write } from '../journal/store.ts';
import type { EndWaiters } from './end-waiters.ts';
import type { JournalWriter } from './journal-writer.ts';
import type { MapRuns } from './map-runs.ts';
import type { Revisions } from './revisions.ts';
import { Run, type RunHost } from './run.ts';
import type { Runs } from './runs.ts';

export interface RecoverParts {
  readonly store: Store;
  readonly journal: JournalWriter;
  readonly runs: Runs;
  readonly waiters: EndWaiters;
  readonly revisions: Revisions;
  readonly mapRuns: MapRuns;
  readonly host: RunHost;
}

/**
 * Replays what was in memory when the process ended, in the order of the starts, and takes up what was under way. Executions that had
 * left memory stay where they are. Resolves once everything that this changes is durable.
 */
export async function recover(parts: RecoverParts): Promise<void> {
  const { store, runs, mapRuns } = parts;
  const parents: (() => void)[] = [];
  const resumed: Promise<unknown>[] = [];
  const loaded: Load = (row, onEffects) =>
    loadOrGiveUp(parts, row, (given) => resumed.push(given), onEffects);
  const replayed = (row: ExecutionRow): Run | undefined => {
    const starts: Extract<Effect, { kind: 'startChildren' }>[] = [];
    const run = loaded(row, (effects) => {
      for (const effect of effects) if (effect.kind === 'startChildren') starts.push(effect);
    });
    if (run !== undefined && run.mapRuns.list().length > 0) parents.push(() => mapRuns.recover(run, starts));
    return run;
  };
  for (const row of store.awake()) {
    if (row.started.type === 'EXPRESS') resumed.push(recoverExpress(parts, row, loaded));
    else resumed.push(replayed(row)?.resume() ?? Promise.resolve());
  }
  // Rows of their children may not have been written.
  for (const row of store.unarchived(Number.MAX_SAFE_INTEGER)) {
    if (store.mapRunsOf(row.sequence).length > 0) replayed(row);
  }
  // When all are in memory: children are told of, stopped and looked for.
  for (const recoverChildren of parents) recoverChildren();
  await Promise.all(resumed);
  // What another interpreter left is this one's now: the next one goes on from here.
  await runs.keepStates((run) => run.isOutdated);
  for (const run of Array.from(runs.inMemory)) runs.rests(run);
}

/**
 * Of Express executions AWS promises: a synchronous one runs at most once, an asynchronous one at least once
 * (https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html). Nobody waits any more for the former: it is
 * ended; the latter begins once more.
 */
async function recoverExpress(parts: RecoverParts, row: ExecutionRow, load: Load): Promise<void> {
  const { runs, revisions, host } = parts;
  if (row.started.sync === true) {
    const run = load(row);
    await run?.submit({ kind: 'stopped', cause: 'The yard ended while the execution ran.' });
    return;
  }
  const revision = revisions.of(row);
  const { sequence, started, interpreter, child, traceHeader } = row;
  const birth = { sequence, started, interpreter, child, traceHeader, revision: row.revision };
  const run = new Run(host, {
    revision,
    birth: { ...birth, startMs: host.clock.now() },
    execution: newExecution(revision.program),
    replaces: true,
  });
  runs.addAgain(run);
  await run.begin();
}

type Load = (row: ExecutionRow, onEffects?: (effects: readonly Effect[]) => void) => Run | undefined;

function loadOrGiveUp(
  parts: RecoverParts,
  row: ExecutionRow,
  givenUp: (durable: Promise<void>) => void,
  onEffects?: (effects: readonly Effect[]) => void,
): Run | undefined {
  try {
    return parts.runs.load(row, false, onEffects);
  } catch (error) {
    if (!(error instanceof ReplayMismatch)) throw error;
    givenUp(giveUp(parts, row, error));
    return undefined;
  }
}

/**
 * Its turns say something else to this interpreter than to the one that recorded them: it fails, saying so, and keeps its journal.
 * Resolves once that is durable, or the journal has told why not.
 */
export async function giveUp(
  { store, journal, runs, waiters, host }: Omit<RecoverParts, 'revisions' | 'mapRuns'>,
  row: ExecutionRow,
  mismatch: ReplayMismatch,
): Promise<void> {
  const { executionArn } = row.started;
  const cause = `Stepyard cannot go on with this execution: ${mismatch.message}. Its journal is kept.`;
  host.log({ level: 'error', message: cause, executionArn });
  if (row.stopMs !== undefined) return;
  runs.ended();
  const execution = row.sequence;
  const timers = timersOf(store, execution);
  const state = {
    status: 'FAILED',
    outcome: { status: 'FAILED', error: 'States.Runtime', cause },
    stopMs: host.clock.now(),
    eventCount: row.eventCount,
    redrive: row.redrive,
  } as const;
  const writes: Write[] = [
    { kind: 'awake', execution, timers },
    { kind: 'changed', execution, state },
  ];
  await journal.commit(writes).then(
    () => {
      host.timers.storeChanged();
      waiters.ended({ ...row, ...state }, runs.runningCount === 0);
    },
    () => undefined,
  );
}

/** Those in the store, of one that has left memory. */
export function timersOf(store: Store, execution: number): TimerRow[] {
  const all = store.dueTimers(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  return all.filter((timer) => timer.execution === execution);
}
