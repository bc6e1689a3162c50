import type { IncomingMessage, ServerResponse } from 'node:http';
import { isObject, type Json, type JsonObject } from '@stepyard/asl';
import { EngineError, ReplayMismatch, StoreError } from '@stepyard/engine';
import { ApiError, refused } from '../protocol/api-error.ts';
import { readBody } from '../protocol/body.ts';
import { parseBody, writeAnswer, writeError } from '../protocol/json-protocol.ts';
import { validateInput } from '../protocol/validate.ts';
import { INPUT_SHAPES } from './model/input-shapes.ts';
import { WrittenAnswer, type Answer, type Caller, type StepFunctionsContext } from './operation.ts';
import { OPERATIONS } from './operations.ts';

/** The Step Functions API in this process: the gateway and nested executions both come through here. */
export interface StepFunctionsApi {
  /** One call in wire form (times are epoch seconds). Rejects with {@link ApiError}, and nothing else on purpose. */
  call(operation: string, input: Json, signal: AbortSignal): Promise<JsonObject>;
  /** One HTTP request in AWS JSON 1.0. */
  handle(request: IncomingMessage, response: ServerResponse, operation: string | undefined): Promise<void>;
}

export function createStepFunctionsApi(context: StepFunctionsContext): StepFunctionsApi {
  const answer: Answering = async (operation, input, caller) => {
    if (!Object.hasOwn(INPUT_SHAPES.operations, operation)) {
      throw new ApiError(
        'UnknownOperationException',
        `Step Functions has no operation '${operation.slice(0, 100)}'`,
      );
    }
    const run = OPERATIONS.get(operation);
    if (run === undefined) {
      throw refused(`states:${operation}`, 'Use AWS Step Functions itself for it.');
    }
    const checked = validateInput(INPUT_SHAPES, operation, input);
    try {
      return await run(context, checked, caller);
    } catch (error) {
      throw toApiError(error);
    }
  };
  return {
    call: async (operation, input, signal) => asObject(await answer(operation, input, { signal })),
    handle: (request, response, operation) => handle(answer, request, response, operation),
  };
}

/** What is thrown on purpose, as the wire has it. When the journal has failed, or is damaged, the caller hears of it, and why. */
function toApiError(error: unknown): unknown {
  if (error instanceof EngineError) return new ApiError(error.code, error.message);
  if (error instanceof StoreError || error instanceof ReplayMismatch)
    return new ApiError('InternalFailure', error.message, { statusCode: 500 });
  return error;
}

type Answering = (operation: string, input: Json, caller: Caller) => Promise<Answer>;

async function handle(
  answer: Answering,
  request: IncomingMessage,
  response: ServerResponse,
  operation: string | undefined,
): Promise<void> {
  try {
    if (operation === undefined || operation === '') {
      throw new ApiError('MissingAction', 'A Step Functions request names its operation in X-Amz-Target');
    }
    const input = traced(operation, parseBody(await readBody(request)), request.headers['x-amzn-trace-id']);
    const output = await answer(operation, input, new HttpCaller(response));
    writeAnswer(response, '1.0', output instanceof WrittenAnswer ? output.chunks : JSON.stringify(output));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    writeError(response, '1.0', error);
  }
}

/** Makes its signal for the few operations that ask for it: a signal costs as much as the rest of a short answer. */
class HttpCaller implements Caller {
  readonly #response: ServerResponse;
  #gone: AbortController | undefined;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  get signal(): AbortSignal {
    const response = this.#response;
    if (this.#gone === undefined) {
      const gone = (this.#gone = new AbortController());
      if (response.closed) gone.abort();
      // Every response closes once it is sent.
      response.once('close', () => {
        if (!response.writableFinished) gone.abort();
      });
    }
    return this.#gone.signal;
  }
}

/** The HTTP header goes before the member of the request (API reference of StartExecution). */
function traced(operation: string, input: Json, header: string | string[] | undefined): Json {
  const starts = operation === 'StartExecution' || operation === 'StartSyncExecution';
  return starts && typeof header === 'string' && isObject(input) ? { ...input, traceHeader: header } : input;
}

/** As a client would read it. */
function asObject(answer: Answer): JsonObject {
  if (answer instanceof WrittenAnswer)
    return JSON.parse(Buffer.concat(answer.chunks).toString()) as JsonObject;
  return Object.fromEntries(Object.entries(answer).filter(([, value]) => value !== undefined)) as JsonObject;
}
