import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@stepyard/asl';
import { ServiceError, type Engine, type ServiceAnswer } from '@stepyard/engine';
import { ApiError } from '../protocol/api-error.ts';
import type { StepFunctionsApi } from './api.ts';

/**
 * The Step Functions API as the engine's own tasks, event rules and functions' schedules call it: the same operations that the
 * gateway serves, without a socket. Rejects with ServiceError.
 */
export async function nestedExecutions(
  api: StepFunctionsApi,
  operation: string,
  input: JsonObject,
  signal: AbortSignal | undefined,
): Promise<ServiceAnswer> {
  try {
    const output = await api.call(operation, input, signal ?? new AbortController().signal);
    return { output, statusCode: 200, requestId: randomUUID(), headers: {} };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { code, message, statusCode } = error;
    throw new ServiceError({ service: 'sfn', code, message, statusCode, requestId: randomUUID() });
  }
}

/** Resolves when the execution has ended, is not known, or the caller no longer waits. Never rejects. */
export function whenExecutionChanged(
  engine: Engine,
  executionArn: string,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      signal.removeEventListener('abort', finish);
      resolve();
    };
    if (signal.aborted) finish();
    else signal.addEventListener('abort', finish);
    engine.whenEnded(executionArn).then(finish, finish);
  });
}
