import type { Execution, Timer } from '../core/execution.ts';
import { isAtRest } from '../core/execution.ts';
import type { Frame, Group } from '../core/frame.ts';

/**
 * What cannot be under way in an execution between two turns, in words (I7, I8, I16): an attempt or a timer that nobody waits for, a
 * line that waits for nothing, two attempts with one token.
 */
export function workViolations(execution: Execution): string[] {
  if (execution.status !== 'RUNNING') {
    const left = execution.timers.size + execution.tasks.size;
    return left === 0 ? [] : [`${left} things are under way after the end`];
  }
  const wrong: string[] = [];
  for (const [id, frame] of execution.tasks) {
    if (frame.work?.kind !== 'task' || frame.work.id !== id || frame.closed)
      wrong.push(`attempt ${id} has no owner`);
  }
  for (const [id, timer] of execution.timers) {
    if (!isOwned(id, timer)) wrong.push(`timer ${id} (${timer.purpose}) has no owner`);
  }
  const tokens = [...execution.tasks.values()].flatMap(({ work }) =>
    work?.kind === 'task' && work.token !== undefined ? [work.token] : [],
  );
  if (new Set(tokens).size !== tokens.length) wrong.push('two attempts have the same token');
  const machineTimers = [...execution.timers.values()].filter(({ frame }) => frame === undefined);
  if (machineTimers.length > 1) wrong.push('the machine has two timeouts');
  if (!isAtRest(execution)) wrong.push('a turn left something undone');
  if (execution.root !== undefined) stuckLines(execution, execution.root, wrong);
  return wrong;
}

function isOwned(id: number, { frame, purpose }: Timer): boolean {
  if (frame === undefined) return purpose === 'machineTimeout';
  const { work } = frame;
  if (frame.closed || work === undefined) return false;
  if (purpose === 'wait' || purpose === 'retry') return work.kind === purpose && work.timer === id;
  if (work.kind !== 'task') return false;
  return (purpose === 'heartbeat' ? work.heartbeatTimer : work.timeoutTimer) === id;
}

/** A line waits for a timer, an attempt, its branches, iterations or children; all of these are there. */
function stuckLines(execution: Execution, frame: Frame, wrong: string[]): void {
  const { work } = frame;
  const say = (what: string): void => void wrong.push(`the line in ${frame.state.name} ${what}`);
  if (frame.closed) say('is closed and still open');
  switch (work?.kind) {
    case undefined:
      say('waits for nothing');
      return;
    case 'wait':
    case 'retry':
      if (!execution.timers.has(work.timer ?? 0)) say('sleeps without a timer');
      return;
    case 'task':
      if (execution.tasks.get(work.id) !== frame) say('waits for no attempt');
      return;
    case 'group':
      stuckGroup(execution, work, wrong);
      return;
    case 'mapRun': {
      const isWaiting = work.phase === 'writing' || work.items.isReading || work.open.size > 0;
      if (!isWaiting) say('waits for a map run that does nothing');
      return;
    }
    default:
  }
}

function stuckGroup(execution: Execution, group: Group, wrong: string[]): void {
  const { state, started, finished, open, inputs, concurrency } = group;
  const say = (what: string): void => void wrong.push(`the lines of ${state.name} ${what}`);
  if (open.size === 0) say('are all gone, and it is still waited for');
  if (open.size > concurrency) say(`are ${open.size}, where ${concurrency} may be`);
  const waiting = group.waiting?.length ?? 0;
  if (started !== finished + open.size + waiting)
    say(`are ${started}: ${finished} finished, ${open.size} open and ${waiting} waiting`);
  if (started - waiting < inputs.length && open.size < concurrency) say('could be more');
  for (const line of open) stuckLines(execution, line, wrong);
}
