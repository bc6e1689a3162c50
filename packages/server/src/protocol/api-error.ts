import type { JsonObject } from '@stepyard/asl';

/**
 * An error answer of an AWS API. Operations throw it; the gateway's edge writes it, and nothing else becomes an error answer.
 * `code` is the name that SDKs map to their exception classes (`ExecutionDoesNotExist`).
 */
export class ApiError extends Error {
  readonly code: string;
  readonly statusCode: number;
  /** Further members of the error's shape: `reason` of a ValidationException, `resourceName` of a ResourceNotFound. */
  readonly members: JsonObject;

  constructor(code: string, message: string, options: { statusCode?: number; members?: JsonObject } = {}) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.statusCode = options.statusCode ?? 400;
    this.members = options.members ?? {};
  }
}

/** Code of the refusal of what this yard does not do: HTTP 501, which SDKs print with its message and do not retry. */
export const NOT_IMPLEMENTED = 'StepyardNotImplemented';

/** A refusal by name: `what` reads as the start of a sentence (`states:TestState`). */
export function refused(what: string, advice: string): ApiError {
  return new ApiError(NOT_IMPLEMENTED, `${what} is not available in Stepyard. ${advice}`, {
    statusCode: 501,
  });
}
