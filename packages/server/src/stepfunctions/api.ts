import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Json, JsonObject } from '@stepyard/asl';
import { EngineError } from '@stepyard/engine';
import { ApiError, refused } from '../protocol/api-error.ts';
import { readBody } from '../protocol/body.ts';
import { parseBody, writeAnswer, writeError } from '../protocol/json-protocol.ts';
import { validateInput } from '../protocol/validate.ts';
import { INPUT_SHAPES } from './model/input-shapes.ts';
import type { StepFunctionsContext } from './operation.ts';
import { OPERATIONS } from './operations.ts';

/** The Step Functions API in this process: the gateway and nested executions both come through here. */
export interface StepFunctionsApi {
  /** One call in wire form (times are epoch seconds). Rejects with {@link ApiError}, and nothing else on purpose. */
  call(operation: string, input: Json, signal: AbortSignal): Promise<JsonObject>;
  /** One HTTP request in AWS JSON 1.0. */
  handle(request: IncomingMessage, response: ServerResponse, operation: string | undefined): Promise<void>;
}

export function createStepFunctionsApi(context: StepFunctionsContext): StepFunctionsApi {
  const call = async (operation: string, input: Json, signal: AbortSignal): Promise<JsonObject> => {
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
      return withoutAbsent(await run(context, checked, signal));
    } catch (error) {
      throw error instanceof EngineError ? new ApiError(error.code, error.message) : error;
    }
  };
  return { call, handle: (request, response, operation) => handle(call, request, response, operation) };
}

async function handle(
  call: StepFunctionsApi['call'],
  request: IncomingMessage,
  response: ServerResponse,
  operation: string | undefined,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    if (operation === undefined || operation === '') {
      throw new ApiError('MissingAction', 'A Step Functions request names its operation in X-Amz-Target');
    }
    writeAnswer(response, '1.0', await call(operation, parseBody(await readBody(request)), gone.signal));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    writeError(response, '1.0', error);
  }
}

function withoutAbsent(output: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(output).filter(([, value]) => value !== undefined)) as JsonObject;
}
