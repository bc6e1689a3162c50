/** What an execution still waits for from outside: what a host takes up again when it has replayed one. */
import type { Json } from '@stepyard/asl';
import type { Effect } from './effect.ts';
import type { Execution } from './execution.ts';
import type { Frame, Settlement, TaskWork } from './frame.ts';
import { readItemsEffect } from './map-run/advance.ts';
import { writeResultsEffect } from './map-run/abort.ts';
import type { MapRun } from './map-run/map-run.ts';
import type { OpenChild } from './map-run/open-child.ts';
import { originOf, startOf } from './map-run/start-child.ts';
import { handOut } from './states/task.ts';

/** An attempt that was handed out and has not ended. */
export interface OpenAttempt {
  readonly effect: Extract<Effect, { kind: 'invokeTask' | 'scheduleActivity' }>;
  /** The service has accepted it, with that answer; of an activity: a worker has taken it. */
  readonly submitted: boolean;
  readonly submission: Json | undefined;
  /** When it was scheduled, in epoch milliseconds. */
  readonly scheduledMs: number;
  /** What its token was answered with before the call that carries the token had returned. */
  readonly early: Settlement | undefined;
}

export interface OpenChildExecution {
  readonly executionArn: string;
  /** When its map run was redriven last: one that was last started before then is still to be redriven. */
  readonly redrivenMs: number | undefined;
  readonly number: number;
  readonly child: OpenChild;
  readonly start: Omit<Extract<Effect, { kind: 'startChild' }>, 'kind'>;
}

export function openAttempts(execution: Execution): OpenAttempt[] {
  return Array.from(execution.tasks.values(), (frame) => attemptOf(execution, frame));
}

function attemptOf({ events, nowMs }: Execution, frame: Frame): OpenAttempt {
  const { work, state } = frame;
  if (work?.kind !== 'task' || state.type !== 'Task') throw new Error('only a Task has attempts');
  const { submitted, submission, early }: TaskWork = work;
  const scheduledMs = events[work.id - 1]?.timeMs ?? nowMs;
  return { effect: handOut(state, work), submitted, submission, scheduledMs, early };
}

type MapRunWork = Extract<Effect, { kind: 'readItems' | 'writeResults' }>;

/** Reading and writing that was asked for and has not been answered. */
export function openMapRunWork({ mapRuns }: Execution): MapRunWork[] {
  return [...mapRuns.values()].flatMap((run): MapRunWork[] => {
    if (run.status !== 'RUNNING') return [];
    if (run.phase === 'running' && run.items.isReading) return [readItemsEffect(run)];
    const { target } = run.settings;
    return run.phase === 'writing' && target !== undefined ? [writeResultsEffect(run, target)] : [];
  });
}

/** The children that its map runs have started and not heard of. */
export function openChildren(execution: Execution): OpenChildExecution[] {
  return [...execution.mapRuns.values()].flatMap((run) => openOf(execution, run));
}

function openOf(execution: Execution, run: MapRun): OpenChildExecution[] {
  return Array.from(run.open, ([number, child]) => ({
    number,
    child,
    executionArn: child.executionArn,
    redrivenMs: run.redrivenMs,
    start: startOf(execution, run, number, child),
  }));
}

/** The start of those children, together where they were started together. */
export function batchesOf(
  execution: Execution,
  children: readonly OpenChildExecution[],
): Extract<Effect, { kind: 'startChildren' }>[] {
  const batches: Extract<Effect, { kind: 'startChildren' }>[] = [];
  for (const { number, child, start } of children) {
    const { mapRun, timeMs } = start;
    const last = batches.at(-1);
    const isNext =
      last?.mapRun === mapRun && last.timeMs === timeMs && last.first + last.children.length === number;
    if (isNext) last.children.push(child);
    else {
      const run = execution.mapRuns.get(mapRun);
      if (run === undefined) throw new Error('a child of no map run');
      const origin = originOf(execution, run);
      batches.push({ kind: 'startChildren', mapRun, first: number, children: [child], origin, timeMs });
    }
  }
  return batches;
}
