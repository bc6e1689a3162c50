import type { JsonObject } from '@stepyard/asl';
import type { FunctionAnswer, ServiceAnswer, ServiceCall, ServiceCaller } from './service-caller.ts';
import { ServiceError } from './service-caller.ts';

export interface ScriptedCaller extends ServiceCaller {
  /** What was called, in order: `sqs:SendMessage`, with its input. */
  readonly calls: (readonly [string, JsonObject])[];
  readonly invocations: (readonly [string, string, string])[];
}

type Answer = JsonObject | ServiceError;

/** Answers each operation from its list, in order, the last one again and again. Jobs may have changed at any time. */
export function scriptedCaller(
  answers: Readonly<Record<string, readonly Answer[]>>,
  functionAnswer: Partial<FunctionAnswer> | ServiceError = {},
): ScriptedCaller {
  const calls: (readonly [string, JsonObject])[] = [];
  const invocations: (readonly [string, string, string])[] = [];
  return {
    calls,
    invocations,
    call: async ({ service, operation, input }: ServiceCall): Promise<ServiceAnswer> => {
      const name = `${service}:${operation}`;
      const before = calls.filter(([called]) => called === name).length;
      calls.push([name, input]);
      const list = answers[name] ?? [];
      const answer = list[Math.min(before, list.length - 1)] ?? {};
      if (answer instanceof ServiceError) throw answer;
      return {
        output: answer,
        statusCode: 200,
        requestId: 'r-1',
        headers: { 'Content-Type': 'application/json' },
      };
    },
    invokeFunction: async (name, payload, { invocationType }) => {
      invocations.push([name, payload, invocationType]);
      if (functionAnswer instanceof ServiceError) throw functionAnswer;
      return {
        statusCode: 200,
        executedVersion: '$LATEST',
        functionError: undefined,
        payload: 'null',
        requestId: 'r-1',
        headers: {},
        ...functionAnswer,
      };
    },
    readObject: async () =>
      Promise.reject(serviceError('s3', 'NoSuchKey', 'The specified key does not exist.', 404)),
    jobChanged: async () => new Promise((resolve) => setImmediate(resolve)),
  };
}

export function serviceError(service: string, code: string, message: string, statusCode = 400): ServiceError {
  return new ServiceError({ service, code, message, statusCode, requestId: 'r-1' });
}
