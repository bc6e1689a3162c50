import { isObject, type Json, type JsonObject } from '@stepyard/asl';
import type { HttpRequestSeen, HttpResponseSeen } from '@stepyard/engine';
import type { Connections } from '../events/connections.ts';
import { asText } from '../member.ts';
import { answer, REGION, refuseOperation, type CallContext, type HostedService } from '../service.ts';
import { serviceFailure } from '../wire/json-service.ts';
import { invokeApiGateway } from './api-gateway.ts';
import type { ConnectionParameters } from './authorize.ts';
import { ARRAY_FORMATS, encodeForm, type ArrayFormat } from './encode.ts';
import {
  exchange,
  putHeader,
  queryOf,
  readHeaders,
  readMethod,
  readResponse,
  runtimeError,
  SERVICE,
  taskError,
  withQuery,
} from './parts.ts';
import { isLoopback, type InboundResponse, type OutboundRequest } from './send.ts';

/** An HTTP Task ends after 60 seconds (developer guide). */
const TIMEOUT_MS = 60_000;

export interface HttpOptions {
  readonly connections: Connections;
  /** Only tests have less patience than AWS. */
  readonly timeoutMs?: number;
}

/**
 * Requests to servers outside, for `http:invoke` and `apigateway:invoke`. Not an API of AWS: it has no wire protocol. HTTPS, and plain
 * HTTP on this machine alone.
 */
export function createHttp(options: HttpOptions): HostedService {
  return {
    name: SERVICE,
    operations: new Set(['InvokeHTTPEndpoint', 'InvokeApiGateway']),
    async call(operation, input, context) {
      try {
        if (operation === 'InvokeHTTPEndpoint') return answer(await invoke(options, input, context));
        if (operation === 'InvokeApiGateway') {
          return answer(await invokeApiGateway(input, options.timeoutMs, context?.signal));
        }
        throw refuseOperation(SERVICE, operation);
      } catch (error) {
        throw serviceFailure(SERVICE, error);
      }
    },
    close: () => Promise.resolve(),
  };
}

async function invoke(
  { connections, timeoutMs = TIMEOUT_MS }: HttpOptions,
  input: JsonObject,
  { signal, onExchange }: CallContext = {},
): Promise<JsonObject> {
  const url = endpointOf(input['ApiEndpoint']);
  const arn = connectionArn(input);
  const request = async (parameters: ConnectionParameters): Promise<InboundResponse> => {
    const outbound = requestOf(url, input, parameters);
    let inbound: InboundResponse | undefined;
    try {
      inbound = await exchange(outbound, { timeoutMs, socketError: 'States.Http.Socket', signal });
      return inbound;
    } finally {
      onExchange?.({
        request: requestSeen(outbound),
        requestWithoutSecrets: requestSeen(requestOf(url, input, NO_PARAMETERS)),
        response: inbound === undefined ? undefined : responseSeen(inbound),
      });
    }
  };
  let response = await request(await connections.authorize(arn, signal));
  // A token may have been withdrawn: once more with a new one.
  if (response.statusCode === 401 && connections.forget(arn)) {
    response = await request(await connections.authorize(arn, signal));
  }
  if (response.statusCode < 200 || response.statusCode > 299) {
    throw taskError(`States.Http.StatusCode.${response.statusCode}`, response.statusText);
  }
  return readResponse(response, (name) => name.toLowerCase());
}

const NO_PARAMETERS: ConnectionParameters = { headers: new Map(), query: new Map(), body: new Map() };

function requestSeen({ method, url, headers, body }: OutboundRequest): HttpRequestSeen {
  const pairs = Object.entries(headers).flatMap(([name, given]) =>
    [given].flat().map((value) => [name, value] as const),
  );
  return { method, url: url.href, headers: pairs, body };
}

function responseSeen({ statusCode, statusText, rawHeaders, body }: InboundResponse): HttpResponseSeen {
  const headers = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name.toLowerCase(), rawHeaders[index + 1] ?? ''] as const] : [],
  );
  return { statusCode, statusMessage: statusText, headers, body: body.toString() };
}

function endpointOf(value: Json | undefined): URL {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  const isAllowed = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (url === null || !isAllowed) {
    throw runtimeError(`The value of the field 'ApiEndpoint' is not an HTTPS URL: ${asText(value)}`);
  }
  if (url.username !== '' || url.password !== '') {
    throw runtimeError(`The value of the field 'ApiEndpoint' may not hold credentials`);
  }
  return url;
}

function connectionArn(input: JsonObject): string {
  for (const member of ['InvocationConfig', 'Authentication']) {
    const value = input[member];
    if (isObject(value) && typeof value['ConnectionArn'] === 'string') return value['ConnectionArn'];
  }
  throw runtimeError(`The field 'ConnectionArn' is required but was missing`);
}

/** The request of a definition, and over it what the connection says. */
function requestOf(url: URL, input: JsonObject, connection: ConnectionParameters): OutboundRequest {
  const headers = readHeaders(input['Headers']);
  for (const [name, value] of connection.headers) putHeader(headers, name, [value]);
  const query = queryOf(input['QueryParameters']);
  for (const [name, value] of connection.query) query.set(name, value);
  const body = bodyOf(input, connection.body);
  if (body !== undefined && !headers.has('content-type')) {
    headers.set('content-type', ['application/json; charset=UTF-8']);
  }
  headers.set('user-agent', [`Amazon|StepFunctions|HttpInvoke|${REGION}`]);
  headers.set('range', ['bytes=0-262144']);
  if (typeof input['TraceHeader'] === 'string') putHeader(headers, 'x-amzn-trace-id', [input['TraceHeader']]);
  return {
    url: withQuery(url, query),
    method: readMethod(input['Method']),
    headers: Object.fromEntries(headers),
    body,
  };
}

function bodyOf(input: JsonObject, added: ReadonlyMap<string, string>): string | undefined {
  let body = input['RequestBody'];
  if (added.size > 0) {
    if (body !== undefined && !isObject(body)) {
      throw runtimeError('The request body cannot be merged with the body parameters of the connection');
    }
    body = { ...body, ...Object.fromEntries(added) };
  }
  if (body === undefined) return undefined;
  const format = formFormat(input['Transform']);
  if (format === undefined) return asText(body);
  if (!isObject(body)) throw runtimeError('Only a JSON object can be URL-encoded as a request body');
  return encodeForm(body, format);
}

/** How a form is written; undefined where the body stays JSON. */
function formFormat(transform: Json | undefined): ArrayFormat | undefined {
  if (!isObject(transform)) return undefined;
  const encoding = transform['RequestBodyEncoding'] ?? 'NONE';
  if (encoding === 'NONE') return undefined;
  if (encoding !== 'URL_ENCODED')
    throw runtimeError(`The value of the field 'RequestBodyEncoding' is not known`);
  const options = transform['RequestEncodingOptions'];
  const format = isObject(options) ? (options['ArrayFormat'] ?? 'INDICES') : 'INDICES';
  if (typeof format !== 'string' || !ARRAY_FORMATS.has(format)) {
    throw runtimeError(`The value of the field 'ArrayFormat' is not one of ${[...ARRAY_FORMATS].join(', ')}`);
  }
  return format as ArrayFormat;
}
