import { isObject, type Json, type JsonObject } from '@stepyard/asl';
import { asText } from '../member.ts';
import {
  exchange,
  putHeader,
  queryOf,
  readBody,
  readHeaders,
  readMethod,
  readResponse,
  runtimeError,
  taskError,
  withQuery,
} from './parts.ts';
import { isLoopback } from './send.ts';

/** API Gateway itself gives up an integration after 29 seconds. */
const TIMEOUT_MS = 30_000;
const AUTH_TYPES: ReadonlySet<string> = new Set(['NO_AUTH', 'IAM_ROLE', 'RESOURCE_POLICY']);

/**
 * `apigateway:invoke`: a request to `https://<ApiEndpoint>/<Stage>/<Path>`, where ApiEndpoint is a host; one on this machine is asked
 * over plain HTTP. With IAM_ROLE and RESOURCE_POLICY the request is not signed: nothing here checks signatures, and there are no
 * credentials that anything else would take, so those ask hosts of this machine only.
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-api-gateway.html
 */
export async function invokeApiGateway(
  input: JsonObject,
  timeoutMs: number = TIMEOUT_MS,
  signal?: AbortSignal,
): Promise<JsonObject> {
  const authType = asText(input['AuthType'] ?? 'NO_AUTH');
  if (!AUTH_TYPES.has(authType)) throw runtimeError(`The value of the field 'AuthType' is not known`);
  const url = endpointOf(input, authType);
  const headers = readHeaders(input['Headers'], { allowAuthorization: authType === 'NO_AUTH', lists: true });
  const body = bodyOf(input['RequestBody'], input['AllowNullValues'] === true);
  if (body !== undefined && !headers.has('content-type')) headers.set('content-type', ['application/json']);
  if (typeof input['TraceHeader'] === 'string') putHeader(headers, 'x-amzn-trace-id', [input['TraceHeader']]);
  const response = await exchange(
    {
      url: withQuery(url, queryOf(input['QueryParameters'])),
      method: readMethod(input['Method']),
      headers: Object.fromEntries(headers),
      body,
    },
    { timeoutMs, socketError: 'ApiGateway.SdkClientException', signal },
  );
  if (response.statusCode < 200 || response.statusCode > 299) {
    throw taskError(`ApiGateway.${response.statusCode}`, asText(readBody(response)));
  }
  return readResponse(response);
}

function endpointOf(input: JsonObject, authType: string): URL {
  const endpoint = asText(input['ApiEndpoint']);
  const base = URL.parse(`https://${endpoint}`);
  if (
    base === null ||
    base.host === '' ||
    base.pathname !== '/' ||
    base.username !== '' ||
    base.search !== ''
  ) {
    throw runtimeError(`The value of the field 'ApiEndpoint' has an invalid format`);
  }
  const isLocal = isLoopback(base.hostname);
  if (!isLocal && authType !== 'NO_AUTH') {
    throw taskError(
      'ApiGateway.StepyardOperationNotHosted',
      `Stepyard has no credentials to sign a request to ${base.host} with (AuthType ${authType}).`,
    );
  }
  const path = [input['Stage'], input['Path']]
    .map((part) => asText(part ?? '').replaceAll(/^\/+|\/+$/gu, ''))
    .filter((part) => part !== '');
  return new URL(`/${path.join('/')}`, isLocal ? `http://${endpoint}` : base);
}

function bodyOf(body: Json | undefined, allowsNull: boolean): string | undefined {
  if (body === undefined) return undefined;
  return JSON.stringify(allowsNull ? body : withoutNulls(body));
}

/** Members that are null are left out unless AllowNullValues says otherwise. */
function withoutNulls(value: Json): Json {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) => (item === null ? [] : [[name, withoutNulls(item)]])),
  );
}
