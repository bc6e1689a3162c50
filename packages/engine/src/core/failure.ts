import type { AslFailure } from '@stepyard/asl';

/** An ASL error on its way through Retry and Catch. Absent fields stay absent in events. */
export interface Failure {
  readonly error: string | undefined;
  readonly cause: string | undefined;
  /** Another name under which Retry and Catch find it: States.HeartbeatTimeout beside States.Timeout. */
  readonly alias?: string;
  /**
   * Neither retried nor caught, whatever the definition says: a States.Runtime of the interpreter's own. (A task may
   * report an error of the same name, which is an ordinary one.)
   */
  readonly fatal?: true;
  /** Where in the state a JSONata expression failed: it is told by an EvaluationFailed event. */
  readonly evaluation?: { readonly location: string | undefined };
}

export const RUNTIME = 'States.Runtime';
export const QUERY_EVALUATION = 'States.QueryEvaluationError';

/** What an evaluator threw, with AWS's words about where. */
export function evaluationFailure(thrown: AslFailure, stateName: string, enteredEventId: number): Failure {
  const place = `An error occurred while executing the state '${stateName}' (entered at the event id #${enteredEventId}).`;
  const failure = { error: thrown.error, cause: `${place} ${thrown.failureCause}` };
  if (thrown.error === RUNTIME) return { ...failure, fatal: true };
  if (thrown.error === QUERY_EVALUATION) return { ...failure, evaluation: { location: thrown.location } };
  return failure;
}

export const DATA_LIMIT_EXCEEDED = 'States.DataLimitExceeded';

/** `subject` is what AWS names: the state, the service of an integration, or a function's ARN. */
export function dataLimitExceeded(subject: string): Failure {
  return {
    error: DATA_LIMIT_EXCEEDED,
    cause: `The state/task '${subject}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  };
}

/** More iterations of a Map failed than it tolerates ([96] of the recordings). */
export const TOO_MANY_FAILED: Failure = {
  error: 'States.ExceedToleratedFailureThreshold',
  cause: 'The specified tolerated failure threshold was exceeded',
};

export const TIMEOUT: Failure = { error: 'States.Timeout', cause: undefined };
export const HEARTBEAT_TIMEOUT: Failure = { ...TIMEOUT, alias: 'States.HeartbeatTimeout' };

/** `{ error, cause }` without what is absent, as the details of events have it. */
export function errorDetails(failure: {
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}): {
  error?: string;
  cause?: string;
} {
  return {
    ...(failure.error === undefined ? {} : { error: failure.error }),
    ...(failure.cause === undefined ? {} : { cause: failure.cause }),
  };
}
