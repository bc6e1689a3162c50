import type { IncomingMessage, ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { isArray, isObject, type Json, type JsonObject } from '@stepyard/asl';
import type { ServiceError } from '@stepyard/engine';
import { answer, apiError, type AccountOptions, type HostedService, type LogSink } from '../service.ts';
import { unasked } from '../unasked.ts';
import { CborError, decodeCbor, encodeCbor } from '../wire/cbor.ts';
import {
  parseJsonBody,
  readBody,
  sendAwsJson,
  sendQueryError,
  sendText,
  targetOperation,
} from '../wire/http.ts';
import { operationOf, serviceFailure } from '../wire/json-service.ts';
import { queryAnswer, readQuery } from '../wire/query-service.ts';
import { SERVICE } from './input.ts';
import { metricOperations } from './operations.ts';
import { MetricStore, type Measurement } from './store.ts';

/** PutMetricData takes 1 MB; as JSON with everything escaped. */
const REQUEST_BYTES_MAX = 8 * 1024 * 1024;
const FLUSH_MS = 1000;
const EXPIRE_MS = 3_600_000;
const NAMESPACE = 'http://monitoring.amazonaws.com/doc/2010-08-01/';
/** Members that are times: seconds in JSON, tagged in CBOR, ISO 8601 in XML. */
const TIMES: ReadonlySet<string> = new Set(['Timestamp', 'Timestamps']);

/** Codes of the query protocol -> names in the model. */
const MODEL_NAMES: ReadonlyMap<string, string> = new Map([
  ['InvalidParameterCombination', 'InvalidParameterCombinationException'],
  ['InvalidParameterValue', 'InvalidParameterValueException'],
  ['LimitExceeded', 'LimitExceededFault'],
  ['MissingParameter', 'MissingRequiredParameterException'],
]);

/** CloudWatch as a hosted service. */
export interface CloudWatchService extends HostedService {
  /** Adds a measurement of the yard's own. It is there for every call that follows; one of too many metrics is dropped. */
  record(measurement: Measurement): void;
}

/**
 * CloudWatch metrics by the minute: those that Step Functions publishes of its executions, and what PutMetricData brings. Its clients
 * speak CBOR (boto3), JSON (JavaScript) or the query protocol (older ones); all are understood.
 */
export function createCloudWatch({
  dataDir,
  log = () => undefined,
}: AccountOptions & { readonly log?: LogSink }): CloudWatchService {
  const store = new MetricStore(dataDir);
  const operations = metricOperations(store, Date.now);
  const tried = unasked(SERVICE, 'Metrics cannot be written', log);
  const flushing = setInterval(() => {
    tried(() => store.flush());
  }, FLUSH_MS).unref();
  const expiring = setInterval(() => {
    tried(() => store.expire(Date.now()));
  }, EXPIRE_MS).unref();
  const call = async (operation: string, input: JsonObject): Promise<JsonObject> => {
    try {
      return await operationOf(SERVICE, operations, operation)(input);
    } catch (error) {
      throw serviceFailure(SERVICE, error);
    }
  };
  return {
    name: SERVICE,
    operations: new Set(Object.keys(operations)),
    call: async (operation, input) => answer(await call(operation, input)),
    handle: (request, response) => handle(call, request, response),
    record(measurement) {
      tried(() => store.record(measurement));
    },
    close() {
      clearInterval(flushing);
      clearInterval(expiring);
      tried(() => store.close());
      return Promise.resolve();
    },
  };
}

type Call = (operation: string, input: JsonObject) => Promise<JsonObject>;

function handle(call: Call, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const type = request.headers['content-type'] ?? '';
  if (request.headers['smithy-protocol'] === 'rpc-v2-cbor' || type.startsWith('application/cbor')) {
    return handleCbor(call, request, response);
  }
  return type.startsWith('application/x-amz-json')
    ? handleJson(call, request, response, type)
    : handleQuery(call, request, response);
}

/** The body, unpacked where the client has packed it, as SDKs do with long ones. */
async function readUnpacked(request: IncomingMessage): Promise<Buffer> {
  const body = await readBody(SERVICE, request, REQUEST_BYTES_MAX);
  if (request.headers['content-encoding'] !== 'gzip') return body;
  try {
    return gunzipSync(body, { maxOutputLength: REQUEST_BYTES_MAX });
  } catch {
    throw apiError(SERVICE, 'SerializationException', 'The request body cannot be unpacked.');
  }
}

async function handleJson(
  call: Call,
  request: IncomingMessage,
  response: ServerResponse,
  type: string,
): Promise<void> {
  const contentType = type.split(';', 1)[0] ?? type;
  try {
    const input = parseJsonBody(SERVICE, (await readUnpacked(request)).toString());
    sendAwsJson(response, contentType, 200, '', await call(targetOperation(request), input));
  } catch (error) {
    const failure = serviceFailure(SERVICE, error);
    const { code, message, statusCode, requestId } = failure;
    sendText(
      response,
      statusCode,
      {
        'content-type': contentType,
        'x-amzn-requestid': requestId,
        'x-amzn-query-error': queryError(failure),
      },
      JSON.stringify({ __type: modelName(code), message }),
    );
  }
}

async function handleCbor(call: Call, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const headers = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' };
  try {
    const operation = /\/operation\/(\w+)$/u.exec(request.url ?? '')?.[1] ?? '';
    const output = await call(operation, readCbor(await readUnpacked(request)));
    sendText(response, 200, headers, encodeCbor(output, TIMES));
  } catch (error) {
    const failure = serviceFailure(SERVICE, error);
    const { code, message, statusCode, requestId } = failure;
    sendText(
      response,
      statusCode,
      { ...headers, 'x-amzn-requestid': requestId, 'x-amzn-query-error': queryError(failure) },
      encodeCbor({ __type: `com.amazonaws.cloudwatch#${modelName(code)}`, message }),
    );
  }
}

/** What clients of the newer protocols compare with: the code of the query protocol. */
function queryError({ code, statusCode }: ServiceError): string {
  return `${code};${statusCode < 500 ? 'Sender' : 'Receiver'}`;
}

/** The name of an error in the model. */
function modelName(code: string): string {
  return MODEL_NAMES.get(code) ?? code;
}

function readCbor(bytes: Buffer): JsonObject {
  if (bytes.length === 0) return {};
  try {
    const value = decodeCbor(bytes);
    if (isObject(value)) return value;
  } catch (error) {
    if (!(error instanceof CborError)) throw error;
  }
  throw apiError(SERVICE, 'SerializationException', 'The request body is no map in CBOR.');
}

async function handleQuery(call: Call, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const { operation, input } = readQuery((await readUnpacked(request)).toString());
    const output = withIsoTimes(await call(operation, input), false) as JsonObject;
    sendText(response, 200, { 'content-type': 'text/xml' }, queryAnswer(NAMESPACE, operation, output));
  } catch (error) {
    sendQueryError(response, serviceFailure(SERVICE, error));
  }
}

function withIsoTimes(value: Json, isTime: boolean): Json {
  if (isTime && typeof value === 'number') return new Date(value * 1000).toISOString();
  if (isArray(value)) return value.map((item) => withIsoTimes(item, isTime));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, withIsoTimes(item, TIMES.has(name))]),
  );
}
