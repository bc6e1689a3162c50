import { applyInput } from './apply.ts';
import { assertNever } from './assert-never.ts';
import type { Effect } from './effect.ts';
import type { Execution } from './execution.ts';
import { HistoryFull, emptyQueue, endExecution } from './execution.ts';
import { failState, failureOf } from './fail.ts';
import type { Frame } from './frame.ts';
import { recordEntered } from './lines.ts';
import type { Place } from './place.ts';
import type { Turn } from './input.ts';
import { EXPRESS_STEPS_MAX, HISTORY_EVENTS_MAX } from './limits.ts';
import { choice } from './states/choice.ts';
import { fail } from './states/fail.ts';
import { map } from './states/map.ts';
import { parallel } from './states/parallel.ts';
import { pass } from './states/pass.ts';
import { succeed } from './states/succeed.ts';
import { task } from './states/task.ts';
import { wait } from './states/wait.ts';

/**
 * Applies one turn: all inputs due at one instant. Their events are written first, in order; then the queue is run,
 * breadth first, one state a step, until nothing can go on without the outside. Changes `execution` in place and gives the
 * effects, in order. The same turns give the same execution, event for event.
 *
 * `untilEventId`: stop where that event has been written, in the midst of the turn, to look at how things stand. Such an execution
 * is only good for looking at.
 */
export function step(
  execution: Execution,
  turn: Turn,
  untilEventId = Number.POSITIVE_INFINITY,
): readonly Effect[] {
  if (turn.timeMs < execution.nowMs) throw new Error('time does not go back');
  execution.nowMs = turn.timeMs;
  execution.instant = { timeMs: turn.timeMs };
  execution.effects = [];
  try {
    for (const input of turn.inputs) {
      if (execution.events.length >= untilEventId) return [];
      applyInput(execution, input);
    }
    runQueue(execution, untilEventId);
  } catch (thrown) {
    if (!(thrown instanceof HistoryFull)) throw thrown;
    endExecution(execution, 'ExecutionFailed', execution.events.length, {
      status: 'FAILED',
      error: 'States.Runtime',
      cause: `The execution reached the maximum number of history events (${HISTORY_EVENTS_MAX}).`,
    });
  }
  const { effects } = execution;
  execution.effects = [];
  return effects;
}

function runQueue(execution: Execution, untilEventId: number): void {
  let fuel = execution.started?.type === 'EXPRESS' ? EXPRESS_STEPS_MAX : Number.POSITIVE_INFINITY;
  for (;;) {
    const frame = execution.lone ?? execution.queue[execution.queueHead];
    if (frame === undefined) break;
    if (execution.events.length >= untilEventId) return;
    if (execution.lone === undefined) execution.queueHead++;
    else execution.lone = undefined;
    if (frame.closed) continue;
    if (fuel-- === 0) {
      endExecution(execution, 'ExecutionTimedOut', 0, { status: 'TIMED_OUT' });
      break;
    }
    runStep(execution, frame);
    if (execution.queueHead > 1024 && execution.queueHead * 2 > execution.queue.length)
      dropFinished(execution);
  }
  emptyQueue(execution);
}

function dropFinished(execution: Execution): void {
  execution.queue = execution.queue.slice(execution.queueHead);
  execution.queueHead = 0;
}

function runStep(execution: Execution, frame: Frame): void {
  const before = frame.lastEventId;
  const { next, place } = frame;
  frame.next = 'resume';
  try {
    if (next === 'resume') resume(execution, frame, place);
    else {
      if (next === 'enter') recordEntered(execution, frame);
      attempt(execution, frame, place);
    }
  } catch (thrown) {
    if (thrown instanceof HistoryFull) throw thrown;
    failState(execution, frame, failureOf(thrown, frame), before);
  }
}

/** What each type of state does is said out: known functions are called faster than those of a table. */
function attempt(execution: Execution, frame: Frame, place: Place): void {
  switch (place.type) {
    case 'Pass':
      pass.attempt(execution, frame, place.state);
      return;
    case 'Choice':
      choice.attempt(execution, frame, place.state);
      return;
    case 'Task':
      task.attempt(execution, frame, place.state);
      return;
    case 'Wait':
      wait.attempt(execution, frame, place.state);
      return;
    case 'Parallel':
      parallel.attempt(execution, frame, place.state);
      return;
    case 'Map':
      map.attempt(execution, frame, place.state);
      return;
    case 'Succeed':
      succeed.attempt(execution, frame, place.state);
      return;
    case 'Fail':
      fail.attempt(execution, frame, place.state);
      return;
    default:
      assertNever('a type of state', place);
  }
}

/** The others wait for nothing. */
function resume(execution: Execution, frame: Frame, place: Place): void {
  if (place.type === 'Task') task.resume?.(execution, frame, place.state);
  else if (place.type === 'Wait') wait.resume?.(execution, frame, place.state);
  else if (place.type === 'Parallel') parallel.resume?.(execution, frame, place.state);
  else if (place.type === 'Map') map.resume?.(execution, frame, place.state);
}
