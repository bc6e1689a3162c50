import { EngineError, ReplayMismatch, ServiceError } from '@stepyard/engine';
import type { ApiProblem } from '@stepyard/console';
import { ApiError } from '../protocol/api-error.ts';

/** An error answer of the console's API. */
export class Problem extends Error {
  readonly statusCode: number;
  readonly body: ApiProblem;

  constructor(statusCode: number, error: string, message: string) {
    super(message);
    this.name = 'Problem';
    this.statusCode = statusCode;
    this.body = { error, message };
  }
}

export function notFound(what: string): Problem {
  return new Problem(404, 'NotFound', `There is no ${what}.`);
}

export function invalid(message: string): Problem {
  return new Problem(400, 'InvalidRequest', message);
}

/** What the console is told of an error; undefined for a bug. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof EngineError) {
    const isMissing = error.code.endsWith('DoesNotExist') || error.code === 'ResourceNotFound';
    return new Problem(isMissing ? 404 : 400, error.code, error.message);
  }
  if (error instanceof ServiceError) return new Problem(400, error.code, error.message);
  if (error instanceof ApiError) return new Problem(error.statusCode, error.code, error.message);
  if (error instanceof ReplayMismatch) {
    const message = `What was recorded of this execution was written by another version of the interpreter: ${error.message}.`;
    return new Problem(409, 'NotReplayable', message);
  }
  return undefined;
}
