/** Makes an execution out of its snapshots (save.ts): what is not as it was saved is refused, not believed. */
import type { Program } from '@stepyard/asl';
import type { EndStatus } from '../effect.ts';
import type { Execution } from '../execution.ts';
import { newExecution } from '../execution.ts';
import type { Frame } from '../frame.ts';
import type { Started } from '../input.ts';
import { restoreEvents } from './restore-events.ts';
import { RestoredLines } from './restore-lines.ts';
import { restoreMapRun } from './restore-map-run.ts';
import { SavedReader, SnapshotUnreadable } from './saved-reader.ts';

const STATUSES = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const;
const PURPOSES = ['wait', 'retry', 'taskTimeout', 'heartbeat', 'machineTimeout'] as const;

/**
 * The execution as it stood at the last of the snapshots; its history is in all of them. Throws {@link SnapshotUnreadable}: also where
 * the definition has no such states. Nothing is believed, but one thing is not found out: a value that is another one than was saved.
 */
export function restore(program: Program, started: Started, snapshots: readonly unknown[]): Execution {
  const execution = newExecution(program);
  execution.started = started;
  const checked = new Set<object>();
  for (const [index, snapshot] of snapshots.entries()) {
    const saved = new SavedReader(snapshot, 'the snapshot', checked);
    if (saved.count() !== execution.events.length) throw new SnapshotUnreadable('the history has a gap');
    restoreEvents(saved.list('the history'), execution.events, started.input);
    const state = saved.next();
    saved.end();
    if (index === snapshots.length - 1) restoreState(execution, new SavedReader(state, 'the state', checked));
  }
  if (execution.status === 'NEW') throw new SnapshotUnreadable('there is no state');
  return execution;
}

function restoreState(execution: Execution, saved: SavedReader): void {
  const status = saved.oneOf(STATUSES);
  execution.status = status;
  execution.outcome = saved.optional(() => outcomeOf(saved.list('the outcome'), status));
  if ((status === 'RUNNING') !== (execution.outcome === undefined))
    throw new SnapshotUnreadable('the status and the outcome disagree');
  execution.startedMs = saved.number();
  execution.redriveCount = saved.count();
  execution.redrivenMs = saved.optional(() => saved.number());
  execution.nowMs = saved.number();
  execution.instant = { timeMs: execution.nowMs };
  execution.input = saved.json();
  execution.nextTimer = saved.count();
  const activities = saved.list('the missing activities');
  execution.missingActivities = listOf(activities, () => activities.text());
  execution.random = saved.optional(() => randomOf(saved.list('the random numbers')));
  const attempts = saved.list('the attempts');
  while (attempts.hasMore) execution.attempts.set(attempts.text(), attempts.count());
  restoreWork(execution, saved);
  saved.end();
}

function restoreWork(execution: Execution, saved: SavedReader): void {
  const root = saved.optional(() => saved.count());
  const timers = saved.list('the timers');
  const tasks = saved.list('the tasks');
  const mapRuns = saved.list('the map runs');
  const lines = new RestoredLines(execution, saved.list('the lines'), saved.list('the groups'));
  while (mapRuns.hasMore) {
    const run = restoreMapRun(execution, lines, mapRuns.list('a map run'));
    execution.mapRuns.set(run.id, run);
  }
  lines.open();
  execution.root = root === undefined ? undefined : lines.frame(root);
  if (execution.status === 'RUNNING' && root === undefined)
    throw new SnapshotUnreadable('what runs has no line');
  while (timers.hasMore) {
    const timer = timers.count();
    const purpose = timers.oneOf(PURPOSES);
    const dueMs = timers.number();
    const frame = timers.optional(() => lines.frame(timers.count()));
    if ((frame === undefined) !== (purpose === 'machineTimeout') || timer >= execution.nextTimer)
      throw new SnapshotUnreadable('a timer is out of place');
    execution.timers.set(timer, { purpose, dueMs, frame });
  }
  while (tasks.hasMore) {
    const id = tasks.count();
    execution.tasks.set(id, attemptOf(lines.frame(tasks.count()), id));
  }
}

function attemptOf(frame: Frame, id: number): Frame {
  if (frame.work?.kind === 'task' && frame.work.id === id) return frame;
  throw new SnapshotUnreadable('an attempt is out of place');
}

function outcomeOf(saved: SavedReader, status: 'RUNNING' | EndStatus): NonNullable<Execution['outcome']> {
  const output = saved.optional(() => saved.json());
  const error = saved.optional(() => saved.text());
  const cause = saved.optional(() => saved.text());
  saved.end();
  if (status === 'RUNNING') throw new SnapshotUnreadable('what runs has an outcome');
  return {
    status,
    ...(output === undefined ? {} : { output }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
  };
}

function randomOf(saved: SavedReader): NonNullable<Execution['random']> {
  const [a, b, c, counter] = [saved.number(), saved.number(), saved.number(), saved.number()];
  saved.end();
  return { a, b, c, counter };
}

function listOf<Value>(saved: SavedReader, read: () => Value): Value[] {
  const values: Value[] = [];
  while (saved.hasMore) values.push(read());
  return values;
}
