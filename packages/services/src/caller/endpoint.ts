import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setOwn, type Json, type JsonObject } from '@stepyard/asl';
import {
  ServiceError,
  type FunctionAnswer,
  type InvocationOptions,
  type ObjectAnswer,
  type ObjectRequest,
  type ServiceAnswer,
  type ServiceCaller,
} from '@stepyard/engine';
import { REGION } from '../service.ts';
import { pause } from './caller.ts';

/** How often a job somewhere else is looked at. */
const POLL_MS = 2000;

/** The part of an AWS SDK client's module that is used here; its classes are found by the operation's name. */
interface SdkClient {
  send(command: unknown, options?: { abortSignal?: AbortSignal }): Promise<Record<string, unknown>>;
  destroy(): void;
}
export type SdkModule = Readonly<Record<string, unknown>>;

/** Services whose SDK package is not `@aws-sdk/client-<service id>`. */
const PACKAGES: Readonly<Record<string, string>> = {
  cloudwatchlogs: 'cloudwatch-logs',
  secretsmanager: 'secrets-manager',
};

/** Sends one operation through the SDK. Rejects with ServiceError. */
type Send = (
  operation: string,
  input: Readonly<Record<string, unknown>>,
  signal: AbortSignal | undefined,
) => Promise<Record<string, unknown>>;

/**
 * A service pointed at another endpoint: the same port as the hosted services, over the AWS SDK client of the service, which is loaded
 * at the first call from this installation or the user's project. A loopback endpoint gets made-up credentials, any other
 * those of the machine.
 */
export function createEndpointCaller(service: string, endpoint: string): ServiceCaller & { close(): void } {
  let loading: Promise<{ module: SdkModule; client: SdkClient }> | undefined;
  let closeClient: (() => void) | undefined;
  const load = async (): Promise<{ module: SdkModule; client: SdkClient }> => {
    loading ??= loadClient(service, endpoint);
    const loaded = await loading;
    closeClient = () => loaded.client.destroy();
    return loaded;
  };

  const send: Send = async (operation, input, signal) => {
    try {
      const { module, client } = await load();
      const Command = module[`${operation}Command`] as (new (input: unknown) => unknown) | undefined;
      if (Command === undefined)
        throw clientError(service, `The AWS SDK has no ${service} operation ${operation}.`);
      return await client.send(new Command(input), signal === undefined ? {} : { abortSignal: signal });
    } catch (error) {
      throw toServiceError(service, error);
    }
  };

  return {
    async call({ operation, input, signal }): Promise<ServiceAnswer> {
      const output = await send(operation, input, signal);
      const metadata = output['$metadata'] as { httpStatusCode?: number; requestId?: string } | undefined;
      return {
        output: await plainObject(output),
        statusCode: metadata?.httpStatusCode ?? 200,
        requestId: metadata?.requestId ?? '',
        headers: {},
      };
    },
    invokeFunction: (functionName, payload, options) => invokeFunction(send, functionName, payload, options),
    readObject: (request) => readObject(send, request),
    jobChanged: (_service, _id, signal) => pause(POLL_MS, signal),
    close() {
      closeClient?.();
    },
  };
}

async function invokeFunction(
  send: Send,
  functionName: string,
  payload: string,
  { invocationType, logType, signal }: InvocationOptions,
): Promise<FunctionAnswer> {
  const input = {
    FunctionName: functionName,
    InvocationType: invocationType,
    ...(logType === undefined ? {} : { LogType: logType }),
    Payload: Buffer.from(payload),
  };
  const output = await send('Invoke', input, signal);
  const answer = output as {
    StatusCode?: number;
    ExecutedVersion?: string;
    FunctionError?: string;
    LogResult?: string;
    Payload?: Uint8Array;
    $metadata: { requestId?: string };
  };
  return {
    statusCode: answer.StatusCode ?? 200,
    executedVersion: answer.ExecutedVersion ?? '$LATEST',
    functionError: answer.FunctionError,
    payload: Buffer.from(answer.Payload ?? []).toString(),
    requestId: answer.$metadata.requestId ?? '',
    ...(answer.LogResult === undefined ? {} : { logResult: answer.LogResult }),
    headers: {},
  };
}

async function readObject(
  send: Send,
  { bucket, key, versionId, expectedBucketOwner, range, signal }: ObjectRequest,
): Promise<ObjectAnswer> {
  const input = {
    Bucket: bucket,
    Key: key,
    ...(versionId === undefined ? {} : { VersionId: versionId }),
    ...(expectedBucketOwner === undefined ? {} : { ExpectedBucketOwner: expectedBucketOwner }),
    ...(range === undefined ? {} : { Range: `bytes=${range.start}-${range.end - 1}` }),
  };
  const output = await send('GetObject', input, signal);
  const {
    Body: body,
    ContentLength: length,
    ContentRange: answered,
  } = output as {
    Body?: AsyncIterable<Uint8Array>;
    ContentLength?: number;
    ContentRange?: string;
  };
  const whole = /\/(\d+)$/u.exec(answered ?? '')?.[1];
  if (body === undefined) throw clientError('s3', 'S3 answered without a body.');
  return { sizeBytes: Number(whole ?? length ?? 0), body };
}

async function loadClient(
  service: string,
  endpoint: string,
): Promise<{ module: SdkModule; client: SdkClient }> {
  const module = await loadSdk(service);
  const [Client] = Object.entries(module).flatMap(([name, value]) =>
    name.endsWith('Client') && name !== '__Client' && typeof value === 'function' ? [value] : [],
  );
  if (Client === undefined) throw clientError(service, `The AWS SDK package of ${service} has no client.`);
  const { hostname } = new URL(endpoint);
  const loopback = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
  const client = new (Client as unknown as new (options: unknown) => SdkClient)({
    endpoint,
    region: process.env['AWS_REGION'] ?? REGION,
    ...(loopback ? { credentials: { accessKeyId: 'test', secretAccessKey: 'test' } } : {}),
    ...(service === 's3' ? { forcePathStyle: true } : {}),
    // The state machine's own Retry decides.
    maxAttempts: 1,
  });
  return { module, client };
}

/** The module of a service's SDK client, from this installation or the user's project. Rejects with ServiceError when neither has it. */
export async function loadSdk(service: string): Promise<SdkModule> {
  const name = `@aws-sdk/client-${PACKAGES[service] ?? service}`;
  for (const parent of [import.meta.url, pathToFileURL(join(process.cwd(), 'package.json')).href]) {
    try {
      const path = createRequire(parent).resolve(name);
      const loaded = (await import(pathToFileURL(path).href)) as { default?: SdkModule } & SdkModule;
      return loaded.default ?? loaded;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  throw clientError(service, `To call ${service} at another endpoint, install ${name} in your project.`);
}

/** SDK values as JSON: bytes and streams as text, dates in ISO 8601; metadata goes. */
async function plainObject(value: Readonly<Record<string, unknown>>): Promise<JsonObject> {
  const object: Record<string, Json> = {};
  for (const [name, inner] of Object.entries(value)) {
    if (name === '$metadata' || inner === undefined) continue;
    setOwn(object, name, await plain(inner));
  }
  return object;
}

async function plain(value: unknown): Promise<Json> {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (Array.isArray(value)) return await Promise.all(value.map(plain));
  if (typeof value !== 'object' || value === null) return value as Json;
  const { transformToString } = value as { transformToString?: () => Promise<string> };
  if (transformToString !== undefined) return await transformToString.call(value);
  return await plainObject(value as Record<string, unknown>);
}

function clientError(service: string, message: string): ServiceError {
  return new ServiceError({ service, code: 'SdkClientException', message, statusCode: 0, unreachable: true });
}

function toServiceError(service: string, error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  const { name, message, $metadata } = error as Error & {
    $metadata?: { httpStatusCode?: number; requestId?: string };
  };
  if ($metadata?.httpStatusCode === undefined) {
    return clientError(service, `Unable to execute HTTP request: ${message}`);
  }
  return new ServiceError({
    service,
    code: name,
    message,
    statusCode: $metadata.httpStatusCode,
    requestId: $metadata.requestId ?? '',
  });
}
