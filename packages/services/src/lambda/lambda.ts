import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type JsonObject } from '@stepyard/asl';
import { ServiceError, type FunctionAnswer, type ServiceAnswer } from '@stepyard/engine';
import { asText } from '../member.ts';
import {
  answer,
  apiError,
  refuseFeature,
  refuseOperation,
  type HostedService,
  type LogSink,
} from '../service.ts';
import { describeFunction, readCreateFunction } from './api.ts';
import { prepareCode, type CodeSource } from './code.ts';
import { checkFunction, functionArn, parseFunctionName, type FunctionConfiguration } from './function.ts';
import { handleLambda } from './http.ts';
import { Pool } from './pool.ts';

/** Payload limits (Lambda quotas): 6 MB for a synchronous invocation, 1 MB for an asynchronous one. */
export const PAYLOAD_BYTES_MAX = { RequestResponse: 6_291_456, Event: 1_048_576 } as const;

/** Lambda tries a failed asynchronous invocation twice more, after one minute and after two. */
const ASYNC_RETRY_DELAYS_MS = [60_000, 120_000];

export interface LambdaOptions {
  /** Unpacked code is kept under `<dataDir>/lambda`; without a data directory under the system's temporary one. */
  readonly dataDir: string | undefined;
  /** Endpoint of every AWS client in a function: asked for when a process starts. */
  readonly gatewayOrigin: () => string;
  readonly log: LogSink;
}

/** A function to create, or to replace under its name. */
export interface FunctionDefinition extends Omit<FunctionConfiguration, 'codeDirectory'> {
  readonly code: CodeSource;
}

/** Lambda as a hosted service, with functions to create. */
export interface LambdaService extends HostedService {
  /**
   * Creates a function or replaces it: running invocations end on the old code. Rejects with ServiceError for a runtime or a setting
   * that cannot be hosted.
   */
  putFunction(definition: FunctionDefinition): Promise<{ readonly functionArn: string }>;
  invokeFunction: NonNullable<HostedService['invokeFunction']>;
}

interface Registered {
  readonly pool: Pool;
  readonly lastModified: string;
}

const OPERATIONS = [
  'Invoke',
  'CreateFunction',
  'GetFunction',
  'GetFunctionConfiguration',
  'ListFunctions',
  'DeleteFunction',
];

/**
 * Lambda: each function in processes of its own (environment.ts), kept warm, one invocation at a time each. No versions, aliases,
 * layers, container images or event source mappings.
 */
export function createLambda(options: LambdaOptions): LambdaService {
  const functions = new Map<string, Registered>();
  const retries = new Set<NodeJS.Timeout>();
  const codeRoot = join(options.dataDir ?? join(tmpdir(), `stepyard-${process.pid}`), 'lambda');
  // Installed beside this package, and in the user's own project.
  const sdkRoots = [dirname(fileURLToPath(import.meta.url)), process.cwd()];

  function find(name: string): Registered {
    const { name: bare, qualifier } = parseFunctionName(name);
    if (qualifier !== undefined && qualifier !== '$LATEST')
      throw refuseFeature('lambda', 'Invoke', `versions and aliases (${qualifier})`);
    const found = functions.get(bare);
    if (found !== undefined) return found;
    throw apiError('lambda', 'ResourceNotFoundException', `Function not found: ${functionArn(bare)}`, 404);
  }

  async function invoke(
    name: string,
    payload: string,
    invocationType: string,
  ): Promise<FunctionAnswer & { readonly logTail: string }> {
    const { pool } = find(name);
    const requestId = randomUUID();
    if (invocationType === 'DryRun') return functionAnswer(204, requestId, '', undefined, '');
    if (invocationType !== 'RequestResponse' && invocationType !== 'Event') {
      throw apiError(
        'lambda',
        'InvalidParameterValueException',
        `There is no invocation type ${invocationType}.`,
      );
    }
    const text = checkPayload(payload, invocationType);
    if (invocationType === 'Event') {
      invokeLater(name, requestId, text, 0);
      return functionAnswer(202, requestId, '', undefined, '');
    }
    const result = await pool.invoke({ requestId, payload: text });
    return functionAnswer(
      200,
      requestId,
      result.payload,
      result.failed ? 'Unhandled' : undefined,
      result.logTail,
    );
  }

  /** An asynchronous invocation; who asked for it has its answer already. */
  function invokeLater(name: string, requestId: string, payload: string, attempt: number): void {
    const again = (): void => {
      const delayMs = ASYNC_RETRY_DELAYS_MS[attempt];
      if (delayMs === undefined) {
        const message = `The asynchronous invocation ${requestId} of ${name} failed ${attempt + 1} times and is given up.`;
        options.log({ source: 'lambda', message });
        return;
      }
      const timer = setTimeout(() => {
        retries.delete(timer);
        invokeLater(name, requestId, payload, attempt + 1);
      }, delayMs).unref();
      retries.add(timer);
    };
    const pool = functions.get(parseFunctionName(name).name)?.pool;
    if (pool === undefined) return;
    pool.invoke({ requestId, payload }).then((result) => {
      if (result.failed) again();
    }, again);
  }

  async function putFunction(definition: FunctionDefinition): Promise<{ readonly functionArn: string }> {
    const { code, ...settings } = definition;
    checkFunction({ ...settings, codeDirectory: '' });
    const codeDirectory = await prepareCode(code, settings.runtime, codeRoot);
    const configuration = { ...settings, codeDirectory };
    functions.get(settings.functionName)?.pool.retire();
    functions.set(settings.functionName, {
      pool: new Pool(configuration, { endpoint: options.gatewayOrigin, sdkRoots }, options.log),
      lastModified: new Date().toISOString().replace('Z', '+0000'),
    });
    return { functionArn: functionArn(settings.functionName) };
  }

  const describe = ({ pool, lastModified }: Registered): JsonObject =>
    describeFunction(pool.configuration, lastModified);

  async function run(operation: string, input: JsonObject): Promise<ServiceAnswer> {
    const name = asText(input['FunctionName']);
    switch (operation) {
      case 'Invoke': {
        const payload = input['Payload'];
        const type =
          typeof input['InvocationType'] === 'string' ? input['InvocationType'] : 'RequestResponse';
        const text =
          payload === undefined ? '{}' : typeof payload === 'string' ? payload : JSON.stringify(payload);
        return invokeAnswer(await invoke(name, text, type));
      }
      case 'CreateFunction': {
        const { settings, code } = readCreateFunction(input);
        if (functions.has(settings.functionName)) {
          throw apiError(
            'lambda',
            'ResourceConflictException',
            `Function already exist: ${settings.functionName}`,
            409,
          );
        }
        await putFunction({ ...settings, code });
        return answer(describe(find(settings.functionName)), { statusCode: 201 });
      }
      case 'GetFunction':
        return answer({ Configuration: describe(find(name)), Code: { RepositoryType: 'S3' } });
      case 'GetFunctionConfiguration':
        return answer(describe(find(name)));
      case 'ListFunctions':
        return answer({ Functions: [...functions.values()].map(describe) });
      case 'DeleteFunction': {
        find(name).pool.retire();
        functions.delete(parseFunctionName(name).name);
        return answer({}, { statusCode: 204 });
      }
      default:
        throw refuseOperation('lambda', operation);
    }
  }

  const service: LambdaService = {
    name: 'lambda',
    operations: new Set(OPERATIONS),
    async call(operation, input) {
      try {
        return await run(operation, input);
      } catch (error) {
        throw toServiceError(error);
      }
    },
    async invokeFunction(functionName, payload, { invocationType }) {
      try {
        return await invoke(functionName, payload, invocationType);
      } catch (error) {
        throw toServiceError(error);
      }
    },
    putFunction,
    handle: (request, response) => handleLambda(service, invoke, request, response),
    close() {
      for (const timer of retries) clearTimeout(timer);
      for (const { pool } of functions.values()) pool.close();
      functions.clear();
      return Promise.resolve();
    },
  };
  return service;
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
): FunctionAnswer & { readonly logTail: string } {
  const headers = {
    'Content-Type': 'application/json',
    'X-Amz-Executed-Version': '$LATEST',
    'x-amzn-RequestId': requestId,
    ...(functionError === undefined ? {} : { 'X-Amz-Function-Error': functionError }),
  };
  return { statusCode, executedVersion: '$LATEST', functionError, payload, requestId, headers, logTail };
}

function invokeAnswer(result: FunctionAnswer): ServiceAnswer {
  return {
    output: {
      StatusCode: result.statusCode,
      ExecutedVersion: result.executedVersion,
      Payload: result.payload,
      ...(result.functionError === undefined ? {} : { FunctionError: result.functionError }),
    },
    statusCode: result.statusCode,
    requestId: result.requestId,
    headers: result.headers,
  };
}

function toServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  return apiError('lambda', 'ServiceException', error instanceof Error ? error.message : String(error), 500);
}
