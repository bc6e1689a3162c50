import type { Json, JsonObject, TaskResource } from '@stepyard/asl';
import { setOwn } from '@stepyard/asl';
import type { Execution, Timer } from '../execution.ts';
import type { Frame, Scope } from '../frame.ts';

/** Where one line of states stands. */
export interface OpenLine {
  /** The id of the StateEntered event; 0: about to enter the state. */
  readonly visit: number;
  readonly stateName: string;
  readonly parent: number;
  readonly index: number;
  readonly input: Json;
  /** All that it sees: its own and those of the lines around it. */
  readonly variables: JsonObject;
}

export interface OpenTimer {
  readonly purpose: Timer['purpose'];
  readonly dueMs: number;
  /** 0 and undefined: the execution's own. */
  readonly visit: number;
  readonly stateName: string | undefined;
}

/** The lines that are open, the outer before the inner; of one that has failed, where they stood. At most `countMax` of them. */
export function openLines(execution: Execution, countMax: number): { lines: OpenLine[]; count: number } {
  const lines: OpenLine[] = [];
  let count = 0;
  const waiting: Frame[] = execution.root === undefined ? [] : [execution.root];
  for (let head = 0; head < waiting.length; head++) {
    const frame = waiting[head];
    if (frame === undefined) break;
    count++;
    if (lines.length < countMax) lines.push(lineOf(frame));
    if (frame.work?.kind === 'group') waiting.push(...frame.work.open);
  }
  return { lines, count };
}

function lineOf(frame: Frame): OpenLine {
  return {
    visit: frame.next === 'enter' ? 0 : frame.enteredEventId,
    stateName: frame.state.name,
    parent: frame.group?.owner.enteredEventId ?? 0,
    index: frame.group === undefined ? -1 : frame.index,
    input: frame.input,
    variables: visibleVariables(frame.scope),
  };
}

/** The variables of a scope and of those around it; an inner one hides an outer one of its name. */
export function visibleVariables(scope: Scope): JsonObject {
  const scopes: Scope[] = [];
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) scopes.push(at);
  const all: Record<string, Json> = {};
  for (const { variables } of scopes.toReversed()) {
    for (const [name, value] of Object.entries(variables)) setOwn(all, name, value);
  }
  return all;
}

/** The timers, by when they are due. */
export function openTimers({ timers }: Execution): OpenTimer[] {
  return Array.from(timers.values(), ({ purpose, dueMs, frame }) => ({
    purpose,
    dueMs,
    visit: frame?.enteredEventId ?? 0,
    stateName: frame?.state.name,
  })).toSorted((one, other) => one.dueMs - other.dueMs);
}

/** What an execution waits for. */
export type PendingWork =
  | {
      readonly kind: 'wait' | 'retry';
      readonly visit: number;
      readonly stateName: string;
      readonly dueMs: number;
      /** Of a retry: which one it will be, from 1. */
      readonly retry: number | undefined;
    }
  | {
      readonly kind: 'task' | 'token' | 'activity';
      readonly visit: number;
      readonly stateName: string;
      /** The id of the event that scheduled it. */
      readonly task: number;
      readonly resource: string;
      readonly scheduledMs: number;
      readonly token: string | undefined;
      /** Of an activity: a worker has it. */
      readonly isTaken: boolean;
      readonly timeoutDueMs: number | undefined;
      readonly heartbeatDueMs: number | undefined;
      readonly parameters: Json;
    };

/** Whether somebody else answers with the attempt's token. */
export function isCallback(resource: TaskResource): boolean {
  return 'pattern' in resource && resource.pattern === 'waitForTaskToken';
}

/** What can be told of from outside, or waits for its time. */
export function pendingWork(execution: Execution): PendingWork[] {
  const pending: PendingWork[] = [];
  for (const [task, frame] of execution.tasks) {
    const { work, state } = frame;
    if (work?.kind !== 'task' || state.type !== 'Task') continue;
    const scheduled = execution.events[task - 1];
    const due = (timer: number | undefined): number | undefined =>
      timer === undefined ? undefined : execution.timers.get(timer)?.dueMs;
    const { resource } = state;
    pending.push({
      kind: resource.kind === 'activity' ? 'activity' : isCallback(resource) ? 'token' : 'task',
      visit: frame.enteredEventId,
      stateName: state.name,
      task,
      resource: resource.arn,
      scheduledMs: scheduled?.timeMs ?? execution.nowMs,
      token: work.token,
      isTaken: resource.kind === 'activity' && frame.lastEventId !== task,
      timeoutDueMs: due(work.timeoutTimer),
      heartbeatDueMs: due(work.heartbeatTimer),
      parameters: work.parameters,
    });
  }
  for (const { purpose, dueMs, frame } of execution.timers.values()) {
    if (frame === undefined || (purpose !== 'wait' && purpose !== 'retry')) continue;
    const retry = purpose === 'retry' ? frame.retryCount : undefined;
    pending.push({
      kind: purpose,
      visit: frame.enteredEventId,
      stateName: frame.state.name,
      dueMs,
      retry,
    });
  }
  return pending;
}
