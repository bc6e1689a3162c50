/** Functions: by their ARN, and by the optimised integration `lambda:invoke`. */
import type { Integration, Json, JsonObject } from '@stepyard/asl';
import { isObject, parseJson } from '@stepyard/asl';
import type { TaskCall } from './call.ts';
import { GIVEN_UP, succeeded, textOf } from './call.ts';
import { integrationFailure } from './errors.ts';
import { sdkMetadata } from './metadata.ts';
import type { FunctionAnswer } from './service-caller.ts';
import { ServiceError } from './service-caller.ts';
import type { TaskResult } from './task-runner.ts';

/** A Task whose Resource is the function itself: the effective input is the payload, what it returns the result. */
export async function runFunction(task: TaskCall, arn: string, invoke: Integration): Promise<TaskResult> {
  const invoked = await invokeFunction(
    task,
    invoke,
    arn,
    JSON.stringify(task.request.parameters),
    'RequestResponse',
  );
  if ('failed' in invoked) return invoked.failed;
  const { answer } = invoked;
  // The text of the error is passed on exactly as the runtime gave it ([91] of the recordings).
  if (answer.functionError !== undefined) return functionFailure(answer, answer.payload);
  const output = parseJson(answer.payload);
  return output === undefined ? unreadable(answer) : succeeded(output);
}

/** `lambda:invoke`: the output has the payload, the version and the metadata of the call. */
export async function runInvoke(task: TaskCall, invoke: Integration): Promise<TaskResult> {
  const parameters: JsonObject = isObject(task.request.parameters) ? task.request.parameters : {};
  const qualifier = parameters['Qualifier'];
  const name = textOf(parameters['FunctionName']);
  const qualified = typeof qualifier === 'string' ? `${name}:${qualifier}` : name;
  const invocationType = parameters['InvocationType'] === 'Event' ? 'Event' : 'RequestResponse';
  const invoked = await invokeFunction(
    task,
    invoke,
    qualified,
    payloadText(parameters['Payload']),
    invocationType,
    parameters['LogType'] === 'Tail',
  );
  if ('failed' in invoked) return invoked.failed;
  const { answer } = invoked;
  const payload = answer.payload === '' ? {} : parseJson(answer.payload);
  if (answer.functionError !== undefined) {
    return functionFailure(answer, payload === undefined ? answer.payload : JSON.stringify(payload));
  }
  if (payload === undefined) return unreadable(answer);
  return succeeded({
    ExecutedVersion: answer.executedVersion,
    ...(answer.logResult === undefined ? {} : { LogResult: answer.logResult }),
    Payload: payload,
    ...sdkMetadata(answer),
    StatusCode: answer.statusCode,
  });
}

async function invokeFunction(
  task: TaskCall,
  invoke: Integration,
  functionName: string,
  payload: string,
  invocationType: 'RequestResponse' | 'Event',
  wantsLog = false,
): Promise<{ readonly answer: FunctionAnswer } | { readonly failed: TaskResult }> {
  try {
    const { traceHeader } = task.request;
    const options = {
      ...(traceHeader === undefined ? {} : { traceHeader }),
      invocationType,
      signal: task.signal,
      ...(wantsLog ? { logType: 'Tail' as const } : {}),
    };
    return { answer: await task.caller.invokeFunction(functionName, payload, options) };
  } catch (error) {
    if (task.signal.aborted) return { failed: GIVEN_UP };
    if (error instanceof ServiceError) return { failed: integrationFailure(invoke, error) };
    throw error;
  }
}

/** A text is the payload itself, nothing is an empty object (recordings services/lambda-task-service--invoke*). */
function payloadText(payload: Json | undefined): string {
  if (payload === undefined || payload === null) return '{}';
  return typeof payload === 'string' ? payload : JSON.stringify(payload);
}

function functionFailure(answer: FunctionAnswer, cause: string): TaskResult {
  const payload = parseJson(answer.payload);
  const errorType = isObject(payload) ? payload['errorType'] : undefined;
  if (typeof errorType === 'string') return { kind: 'failed', error: errorType, cause };
  return {
    kind: 'failed',
    error: 'Lambda.Unknown',
    cause: `The cause could not be determined because Lambda did not return an error type. Returned payload: ${answer.payload}`,
  };
}

function unreadable(answer: FunctionAnswer): TaskResult {
  return {
    kind: 'failed',
    error: 'States.Runtime',
    cause: `The function returned what is not JSON: ${answer.payload}`,
  };
}
