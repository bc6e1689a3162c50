import type { Json } from '@stepyard/asl';
import type { ServiceAnswer, ServiceCall, ServiceCaller } from './service-caller.ts';
import { ServiceError } from './service-caller.ts';
import { ENGINE_CLOSED } from './task-runner.ts';
import type { TaskReporter, TaskRequest, TaskResult } from './task-runner.ts';

/** What every kind of task gets to do its work with. */
export interface TaskCall {
  readonly caller: ServiceCaller;
  readonly request: TaskRequest;
  readonly report: TaskReporter;
  readonly signal: AbortSignal;
}

/** Calls a service; an error answer becomes what `failure` makes of it, anything else thrown is a bug and goes on. */
export async function callService(
  task: TaskCall,
  call: Omit<ServiceCall, 'signal'>,
  failure: (error: ServiceError) => TaskResult,
): Promise<{ readonly answer: ServiceAnswer } | { readonly failed: TaskResult }> {
  try {
    const { traceHeader } = task.request;
    const traced = traceHeader === undefined ? call : { ...call, traceHeader };
    return { answer: await task.caller.call({ ...traced, signal: task.signal }) };
  } catch (error) {
    if (error instanceof ServiceError) return { failed: failure(error) };
    throw error;
  }
}

export function succeeded(output: Json): TaskResult {
  return { kind: 'succeeded', output };
}

/** A member that is text by the API's contract. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/**
 * Follows a job that was submitted to its end. An attempt that is given up stops its job; the engine's own end does not.
 */
export async function followJob(
  { signal }: TaskCall,
  stop: () => Promise<void>,
  untilEnded: () => Promise<TaskResult>,
): Promise<TaskResult> {
  const giveUp = (): void => {
    if (signal.reason !== ENGINE_CLOSED) void stop();
  };
  if (signal.aborted) {
    giveUp();
    return GIVEN_UP;
  }
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await untilEnded();
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

/** The result of a task that was given up: nobody reads it. */
export const GIVEN_UP: TaskResult = { kind: 'failed', error: 'States.TaskFailed', cause: undefined };
