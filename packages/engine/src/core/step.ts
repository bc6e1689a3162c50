import type { State } from '@stepyard/asl';
import { applyInput } from './apply.ts';
import type { Effect } from './effect.ts';
import type { Execution } from './execution.ts';
import { HistoryFull, endExecution } from './execution.ts';
import { failState, failureOf } from './fail.ts';
import type { Frame } from './frame.ts';
import type { Turn } from './input.ts';
import { EXPRESS_STEPS_MAX, HISTORY_EVENTS_MAX } from './limits.ts';
import type { Behaviour } from './states/behaviour.ts';
import { choice } from './states/choice.ts';
import { fail } from './states/fail.ts';
import { map } from './states/map.ts';
import { parallel } from './states/parallel.ts';
import { pass } from './states/pass.ts';
import { succeed } from './states/succeed.ts';
import { task } from './states/task.ts';
import { wait } from './states/wait.ts';

const BEHAVIOURS: { readonly [T in State['type']]: Behaviour<Extract<State, { type: T }>> } = {
  Pass: pass,
  Task: task,
  Choice: choice,
  Wait: wait,
  Succeed: succeed,
  Fail: fail,
  Parallel: parallel,
  Map: map,
};

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
    const frame = execution.queue[execution.queueHead];
    if (frame === undefined) break;
    if (execution.events.length >= untilEventId) return;
    // A line that is alone takes the one place in the queue again and again.
    if (execution.queueHead === 0 && execution.queue.length === 1) execution.queue.pop();
    else execution.queueHead++;
    if (frame.closed) continue;
    if (fuel-- === 0) {
      endExecution(execution, 'ExecutionTimedOut', 0, { status: 'TIMED_OUT' });
      break;
    }
    runStep(execution, frame);
    if (execution.queueHead > 1024 && execution.queueHead * 2 > execution.queue.length)
      dropFinished(execution);
  }
  execution.queue = [];
  execution.queueHead = 0;
}

function dropFinished(execution: Execution): void {
  execution.queue = execution.queue.slice(execution.queueHead);
  execution.queueHead = 0;
}

function runStep(execution: Execution, frame: Frame): void {
  const before = frame.lastEventId;
  const { next, place, state } = frame;
  frame.next = 'resume';
  // The table gives each type of state its own behaviour; the compiler cannot see that key and value agree.
  const behaviour = BEHAVIOURS[place.type] as Behaviour<State>;
  try {
    if (next === 'enter') behaviour.enter(execution, frame, state);
    else if (next === 'attempt') behaviour.attempt?.(execution, frame, state);
    else behaviour.resume?.(execution, frame, state);
  } catch (thrown) {
    if (thrown instanceof HistoryFull) throw thrown;
    failState(execution, frame, failureOf(thrown, frame), before);
  }
}
