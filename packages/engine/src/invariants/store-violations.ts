import type { Execution } from '../core/execution.ts';
import type { HistoryEvent } from '../core/history/history-event.ts';
import { wireEvent } from '../core/history/wire-event.ts';
import type { Input } from '../core/input.ts';
import { archiveOf } from '../host/history-archive.ts';
import { Revisions } from '../host/revisions.ts';
import { save } from '../core/snapshot/save.ts';
import { recordedTurns, replay, replayOn, turnsOf } from '../journal/replay.ts';
import { readSnapshots } from '../journal/snapshot-bytes.ts';
import type { ExecutionRow, Store, TurnRecord } from '../journal/store.ts';
import { historyViolations } from './history-violations.ts';
import { workViolations } from './work-violations.ts';

/**
 * What cannot be in a store that is right, in words; nothing where all is well. It is asked of data at rest: of a store that no engine has
 * open, or between two commits. Each execution is replayed from its turns: its row, its archived history and its stored timers must be
 * what comes of that (I2, I3, I8), its history and what it has under way must be able to be (I1, I4, I5, I7, I11, I12, I16), and
 * the counts of the store must be those of its rows (I14).
 */
export function storeViolations(store: Store): string[] {
  const revisions = new Revisions(store);
  const wrong: string[] = [];
  const rows = allRows(store);
  for (const row of rows) {
    const found = rowViolations(store, revisions, row);
    wrong.push(...found.map((what) => `${row.started.executionArn}: ${what}`));
  }
  const arns = new Set(rows.map(({ started }) => started.executionArn));
  if (arns.size !== rows.length) wrong.push('two executions have one ARN');
  const running = rows.filter(({ status }) => status === 'RUNNING').length;
  if (running !== store.runningCount())
    wrong.push(`${running} executions run, and ${store.runningCount()} are counted`);
  const last = Math.max(0, ...rows.map(({ sequence }) => sequence));
  if (last > store.lastSequence()) wrong.push(`execution ${last} comes after the last one`);
  const known = new Map(rows.map((row) => [row.sequence, row]));
  for (const { execution, timer } of store.dueTimers(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)) {
    if (known.get(execution)?.status !== 'RUNNING')
      wrong.push(`timer ${timer} has outlived execution ${execution}`);
  }
  return wrong;
}

/** Child executions too. */
export function allRows(store: Store): readonly ExecutionRow[] {
  const limit = Number.MAX_SAFE_INTEGER;
  const withChildren = (row: ExecutionRow): ExecutionRow[] => [
    row,
    ...store
      .mapRunsOf(row.sequence)
      .flatMap(({ arn }) => store.executions({ of: { mapRunArn: arn }, limit }))
      .flatMap(withChildren),
  ];
  return store.executions({ of: 'all', limit }).flatMap(withChildren);
}

/** The attempts of an execution that are under way, by the ids of their Scheduled events, as the store knows them; none of one unknown. */
export function openTasks(store: Store, executionArn: string): ReadonlySet<number> {
  const row = store.execution(executionArn);
  if (row === undefined) return new Set();
  const { program } = new Revisions(store).of(row);
  return new Set(replay(program, turnsOf(row, turnRecords(store, row))).tasks.keys());
}

/** All that an execution was ever told, in order, as the store knows it. */
export function recordedInputs(store: Store, executionArn: string): readonly Input[] {
  const row = store.execution(executionArn);
  if (row === undefined) return [];
  return turnsOf(row, turnRecords(store, row)).flatMap(({ inputs }) => inputs);
}

function turnRecords(store: Store, { sequence }: ExecutionRow): readonly TurnRecord[] {
  return archiveOf(store, sequence)?.turns ?? store.turns(sequence);
}

function rowViolations(store: Store, revisions: Revisions, row: ExecutionRow): string[] {
  const { status, outcome, stopMs, sequence, started } = row;
  const wrong: string[] = [];
  if ((status === 'RUNNING') !== (stopMs === undefined)) wrong.push(`is ${status} and stopped at ${stopMs}`);
  if ((outcome?.status ?? 'RUNNING') !== status)
    wrong.push(`is ${status} with an outcome of ${outcome?.status}`);
  const { program } = revisions.of(row);
  const archive = archiveOf(store, sequence);
  let execution: Execution;
  try {
    execution = replay(program, turnsOf(row, archive?.turns ?? store.turns(sequence)));
  } catch (error) {
    return [...wrong, `cannot be replayed: ${error instanceof Error ? error.message : String(error)}`];
  }
  const events = execution.events.map((event, index) => wireEvent(event, index + 1));
  wrong.push(
    ...historyViolations(archive?.events ?? events, {
      status,
      type: started.type,
      program,
      fork: started.fork,
    }),
  );
  wrong.push(...workViolations(execution));
  if (archive !== undefined && textOf(archive.events) !== textOf(events))
    wrong.push('was archived with another history than its turns make');
  if (status !== 'RUNNING' && row.eventCount !== events.length)
    wrong.push(`has ${events.length} events, its row says ${row.eventCount}`);
  if (status !== execution.status) wrong.push(`is ${execution.status} by its turns, ${status} by its row`);
  if (JSON.stringify(outcome) !== JSON.stringify(execution.outcome))
    wrong.push('has another outcome than its row');
  wrong.push(...snapshotViolations(store, row, execution));
  return [...wrong, ...timerViolations(store, row, execution), ...mapRunViolations(store, row, events)];
}

/** A snapshot, and what came after it, is what all of its turns make. */
function snapshotViolations(store: Store, row: ExecutionRow, replayed: Execution): string[] {
  const parts = store.snapshots(row.sequence);
  const last = parts.at(-1);
  if (last === undefined) return [];
  try {
    const bytes = parts.map((part) => part.bytes);
    const restored = readSnapshots(replayed.program, row.started, bytes);
    replayOn(restored, recordedTurns(store.turns(row.sequence, last.mark)));
    const isSame = JSON.stringify(save(restored)) === JSON.stringify(save(replayed));
    return isSame ? [] : ['its snapshot says something else than its turns'];
  } catch (error) {
    return [`its snapshot is of no use: ${error instanceof Error ? error.message : String(error)}`];
  }
}

/** The order of members is not part of an event. */
function textOf(events: readonly HistoryEvent[]): string {
  return JSON.stringify(
    events.map(({ id, previousEventId, type, timestampMs, details }) => [
      id,
      previousEventId,
      type,
      timestampMs,
      details,
    ]),
  );
}

/** Of one that has left memory all its timers are in the store, as it armed them; of one in memory none. */
function timerViolations(store: Store, { sequence }: ExecutionRow, { timers }: Execution): string[] {
  const stored = store
    .dueTimers(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
    .filter(({ execution }) => execution === sequence)
    .map(({ timer, dueMs }) => `${timer} at ${dueMs}`);
  const isAwake = store.awake().some((row) => row.sequence === sequence);
  const wanted = isAwake ? [] : Array.from(timers, ([timer, { dueMs }]) => `${timer} at ${dueMs}`);
  const missing = wanted
    .filter((timer) => !stored.includes(timer))
    .map((timer) => `timer ${timer} is not stored`);
  return [
    ...missing,
    ...stored.filter((timer) => !wanted.includes(timer)).map((timer) => `timer ${timer} is stored`),
  ];
}

function mapRunViolations(
  store: Store,
  { sequence }: ExecutionRow,
  events: readonly HistoryEvent[],
): string[] {
  const stored = store.mapRunsOf(sequence).map(({ id }) => id);
  const recorded = events.filter(({ type }) => type === 'MapRunStarted').map(({ id }) => id);
  return stored.join() === recorded.join()
    ? []
    : [`has map runs ${recorded.join()}, and ${stored.join()} are stored`];
}
