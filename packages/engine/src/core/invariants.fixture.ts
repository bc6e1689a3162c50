import type { Execution } from './execution.ts';

const TERMINAL = new Set(['ExecutionSucceeded', 'ExecutionFailed', 'ExecutionTimedOut', 'ExecutionAborted']);
const STATUS_OF: Readonly<Record<string, string>> = {
  ExecutionSucceeded: 'SUCCEEDED',
  ExecutionFailed: 'FAILED',
  ExecutionTimedOut: 'TIMED_OUT',
  ExecutionAborted: 'ABORTED',
};

/** What holds of every execution at every moment (I1, I3, I4, I5, I8, I11 of the test plan). Gives what does not. */
export function violations(execution: Execution): string[] {
  return [...historyForm(execution), ...states(execution), ...attempts(execution), ...iterations(execution)];
}

/** I1, I3: ids are positions; events point back; times do not go back; one start, at most one end, and it is the last. */
function historyForm(execution: Execution): string[] {
  const { events } = execution;
  const wrong: string[] = [];
  for (const [index, event] of events.entries()) {
    if (event.previousEventId < 0 || event.previousEventId > index)
      wrong.push(`event ${index + 1} points ahead`);
    const before = events[index - 1];
    if (before !== undefined && before.timeMs > event.timeMs)
      wrong.push(`event ${index + 1} is before its predecessor in time`);
  }
  if (events.filter(({ type }) => type === 'ExecutionStarted').length !== 1)
    wrong.push('not one ExecutionStarted');
  const ends = events.filter(({ type }) => TERMINAL.has(type));
  if (ends.length > 1) wrong.push('more than one end');
  const last = events.at(-1);
  const isOver = execution.status !== 'RUNNING';
  if (isOver !== (last !== undefined && TERMINAL.has(last.type)))
    wrong.push('status and last event disagree');
  if (isOver && STATUS_OF[last?.type ?? ''] !== execution.status)
    wrong.push('status is not that of the last event');
  if (isOver && execution.timers.size + execution.tasks.size > 0)
    wrong.push('something is under way after the end');
  return wrong;
}

/** I4: a state is left only if it was entered, and not more often. */
function states(execution: Execution): string[] {
  const open = new Map<string, number>();
  for (const { type, name } of execution.events) {
    if (name === undefined) continue;
    if (type.endsWith('StateEntered')) open.set(name, (open.get(name) ?? 0) + 1);
    if (type.endsWith('StateExited')) open.set(name, (open.get(name) ?? 0) - 1);
    if ((open.get(name) ?? 0) < 0) return [`${name} was left more often than entered`];
  }
  return [];
}

/** I5, I8: an attempt has at most one completion; each attempt under way belongs to a line that waits for it, each timer too. */
function attempts(execution: Execution): string[] {
  const { events } = execution;
  const wrong: string[] = [];
  const completed = new Set<number>();
  for (const event of events) {
    if (!/^(Task|LambdaFunction|Activity)(Succeeded|Failed|TimedOut)$/u.test(event.type)) continue;
    if (completed.has(event.previousEventId)) wrong.push('an attempt was completed twice');
    completed.add(event.previousEventId);
  }
  for (const [id, frame] of execution.tasks) {
    if (frame.work?.kind !== 'task' || frame.work.id !== id || frame.closed)
      wrong.push(`attempt ${id} has no owner`);
  }
  for (const [id, { frame, purpose }] of execution.timers) {
    if (frame !== undefined && (frame.closed || frame.work === undefined))
      wrong.push(`timer ${id} (${purpose}) has no owner`);
  }
  return wrong;
}

/** I11: an iteration is started once, and ended at most once. */
function iterations(execution: Execution): string[] {
  const wrong: string[] = [];
  let open = 0;
  for (const event of execution.events) {
    if (event.type === 'MapIterationStarted') open++;
    if (/^MapIteration(Succeeded|Failed|Aborted)$/u.test(event.type)) open--;
    if (open < 0) wrong.push('an iteration ended more often than it was started');
  }
  if (execution.status === 'SUCCEEDED' && open !== 0)
    wrong.push(`${open} iterations are open after a success`);
  return wrong;
}
