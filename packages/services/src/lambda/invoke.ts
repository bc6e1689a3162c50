import { randomUUID } from 'node:crypto';
import type { FunctionAnswer } from '@stepyard/engine';
import { apiError, type LogSink } from '../service.ts';
import type { Invocation } from './environment.ts';
import type { Functions } from './functions.ts';

/** Payload limits (Lambda quotas): 6 MB for a synchronous invocation, 1 MB for an asynchronous one. */
export const PAYLOAD_BYTES_MAX = { RequestResponse: 6_291_456, Event: 1_048_576 } as const;

/** Lambda tries a failed asynchronous invocation twice more, after one minute and after two. */
const ASYNC_RETRY_DELAYS_MS = [60_000, 120_000];

/** An answer with the last 4 KB of the invocation's log. */
export type InvocationAnswer = FunctionAnswer & { readonly logTail: string };

/** Invokes functions: synchronously, asynchronously with Lambda's two retries, or as a dry run. */
export class Invoker {
  readonly #functions: Functions;
  readonly #log: LogSink;
  readonly #retries = new Set<NodeJS.Timeout>();

  constructor(functions: Functions, log: LogSink) {
    this.#functions = functions;
    this.#log = log;
  }

  /** Rejects with ServiceError when the function was not run; what the function itself failed with is an answer. */
  async invoke(
    name: string,
    payload: string,
    invocationType: string,
    { qualifier, traceHeader }: { readonly qualifier?: string; readonly traceHeader?: string } = {},
  ): Promise<InvocationAnswer> {
    const { pool } = this.#functions.get(name, 'Invoke', qualifier);
    const requestId = randomUUID();
    if (invocationType === 'DryRun') return functionAnswer(204, requestId, '', undefined, '');
    if (invocationType !== 'RequestResponse' && invocationType !== 'Event') {
      throw apiError(
        'lambda',
        'InvalidParameterValueException',
        `There is no invocation type ${invocationType}.`,
      );
    }
    const invocation = { requestId, payload: checkPayload(payload, invocationType), traceHeader };
    if (invocationType === 'Event') {
      this.#invokeLater(name, invocation, 0);
      return functionAnswer(202, requestId, '', undefined, '');
    }
    const { payload: output, failed, logTail } = await pool.invoke(invocation);
    return functionAnswer(200, requestId, output, failed ? 'Unhandled' : undefined, logTail);
  }

  close(): void {
    for (const timer of this.#retries) clearTimeout(timer);
    this.#retries.clear();
  }

  /** An asynchronous invocation; who asked for it has its answer already. */
  #invokeLater(name: string, invocation: Invocation, attempt: number): void {
    const again = (): void => {
      this.#retryLater(name, invocation, attempt);
    };
    const pool = this.#functions.find(name)?.pool;
    if (pool === undefined) return;
    pool.invoke(invocation).then(({ failed }) => {
      if (failed) again();
    }, again);
  }

  #retryLater(name: string, invocation: Invocation, attempt: number): void {
    const delayMs = ASYNC_RETRY_DELAYS_MS[attempt];
    if (delayMs === undefined) {
      const message = `The asynchronous invocation ${invocation.requestId} of ${name} failed ${attempt + 1} times and is given up.`;
      this.#log({ source: 'lambda', message });
      return;
    }
    const timer = setTimeout(() => {
      this.#retries.delete(timer);
      this.#invokeLater(name, invocation, attempt + 1);
    }, delayMs).unref();
    this.#retries.add(timer);
  }
}

function checkPayload(payload: string, type: keyof typeof PAYLOAD_BYTES_MAX): string {
  const bytes = Buffer.byteLength(payload);
  const limit = PAYLOAD_BYTES_MAX[type];
  if (bytes > limit) {
    throw apiError(
      'lambda',
      'RequestTooLargeException',
      `${bytes} byte payload is too large for the ${type} invocation type (limit ${limit} bytes)`,
      413,
    );
  }
  if (payload === '') return '{}';
  try {
    JSON.parse(payload);
  } catch (error) {
    throw apiError(
      'lambda',
      'InvalidRequestContentException',
      `Could not parse request body into json: ${(error as Error).message}`,
    );
  }
  return payload;
}

function functionAnswer(
  statusCode: number,
  requestId: string,
  payload: string,
  functionError: string | undefined,
  logTail: string,
): InvocationAnswer {
  const headers = {
    'Content-Type': 'application/json',
    'X-Amz-Executed-Version': '$LATEST',
    'x-amzn-RequestId': requestId,
    ...(functionError === undefined ? {} : { 'X-Amz-Function-Error': functionError }),
  };
  return { statusCode, executedVersion: '$LATEST', functionError, payload, requestId, headers, logTail };
}
