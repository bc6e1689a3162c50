/** What HTTP Tasks and API Gateway endpoints have in common: which headers may be sent, and how an answer is read. */
import { isArray, isObject, type Json, type JsonObject } from '@stepyard/asl';
import { asText } from '../member.ts';
import { apiError } from '../service.ts';
import { BodyTooLargeError, send, type InboundResponse, type OutboundRequest } from './send.ts';

export const SERVICE = 'http';

/** The payload quota of Step Functions. */
const BODY_BYTES_MAX = 262_144;
const METHODS: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD']);

/** Headers that a definition may not set: https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html */
const FORBIDDEN: ReadonlySet<string> = new Set(
  (
    'a-im accept-charset accept-datetime accept-encoding authorization cache-control connection content-encoding content-md5 ' +
    'date expect forwarded from host http2-settings if-match if-modified-since if-none-match if-range if-unmodified-since ' +
    'max-forwards origin pragma proxy-authorization referer server te trailer transfer-encoding upgrade via warning'
  ).split(' '),
);
const FORBIDDEN_PREFIXES = ['x-forwarded-', 'x-amz-', 'x-amzn-'];
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/u;
// eslint-disable-next-line no-control-regex -- what may not be in a header is told by what may
const HEADER_VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/u;

/** An error that a state sees under exactly this name. */
export function taskError(name: string, cause: string): Error {
  return apiError(SERVICE, name, cause);
}

export function runtimeError(cause: string): Error {
  return taskError('States.Runtime', cause);
}

/** Throws States.Runtime for anything but one of HTTP's methods. */
export function readMethod(value: Json | undefined): string {
  if (typeof value === 'string' && METHODS.has(value)) return value;
  throw runtimeError(`The value of the field 'Method' is not one of ${[...METHODS].join(', ')}`);
}

/** The headers of a definition, by their names in lower case. Throws States.Runtime. */
export function readHeaders(
  value: Json | undefined,
  { allowAuthorization = false, lists = false }: { allowAuthorization?: boolean; lists?: boolean } = {},
): Map<string, readonly string[]> {
  const headers = new Map<string, readonly string[]>();
  if (value === undefined || value === null) return headers;
  if (!isObject(value)) throw runtimeError(`The value of the field 'Headers' has an invalid format`);
  for (const [given, item] of Object.entries(value)) {
    if (lists && !isArray(item)) throw runtimeError(`The value of the field 'Headers' has an invalid format`);
    const name = given.toLowerCase();
    const isForbidden = FORBIDDEN.has(name) && !(allowAuthorization && name === 'authorization');
    if (isForbidden || FORBIDDEN_PREFIXES.some((prefix) => name.startsWith(prefix))) {
      throw runtimeError(`The header '${given}' may not be set`);
    }
    putHeader(headers, name, isArray(item) ? item.map(asText) : [asText(item)]);
  }
  return headers;
}

/** Replaces a header. Throws States.Runtime for what no header may be. */
export function putHeader(
  headers: Map<string, readonly string[]>,
  name: string,
  values: readonly string[],
): void {
  if (!HEADER_NAME.test(name) || !values.every((value) => HEADER_VALUE.test(value))) {
    throw runtimeError(`The value of the header '${name}' has an invalid format`);
  }
  headers.set(name.toLowerCase(), values);
}

/** Sends a request as a task does: what goes wrong on the way is `socketError`. */
export async function exchange(
  request: OutboundRequest,
  options: {
    readonly timeoutMs: number;
    readonly socketError: string;
    readonly signal: AbortSignal | undefined;
  },
): Promise<InboundResponse> {
  try {
    return await send(request, { ...options, bodyBytesMax: BODY_BYTES_MAX });
  } catch (error) {
    if (error instanceof BodyTooLargeError) {
      throw taskError(
        'States.DataLimitExceeded',
        'The HTTP response has a size exceeding the maximum number of bytes service limit.',
      );
    }
    const { name, code } = error as NodeJS.ErrnoException;
    const timedOut = name === 'TimeoutError' || name === 'AbortError' || code === 'ABORT_ERR';
    const reason = timedOut
      ? `no answer within ${options.timeoutMs / 1000} seconds`
      : error instanceof Error
        ? error.message
        : String(error);
    throw taskError(options.socketError, `Unable to reach ${request.url.origin}: ${reason}`);
  }
}

/** `{ Headers, ResponseBody, StatusCode, StatusText }`. Throws States.Runtime for a body that is no text. */
export function readResponse(
  response: InboundResponse,
  spell: (name: string) => string = (name) => name,
): JsonObject {
  const { rawHeaders, statusCode, statusText } = response;
  const headers = new Map<string, string[]>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = spell(rawHeaders[index] ?? '');
    const values = headers.get(name) ?? [];
    values.push(rawHeaders[index + 1] ?? '');
    headers.set(name, values);
  }
  return {
    Headers: Object.fromEntries(headers),
    ResponseBody: readBody(response),
    StatusCode: statusCode,
    StatusText: statusText,
  };
}

/** The body as JSON where it says that it is, else as text. */
export function readBody({ rawHeaders, body }: InboundResponse): Json {
  const at = rawHeaders.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'content-type');
  const type = at === -1 ? '' : (rawHeaders[at + 1] ?? '').toLowerCase();
  if (/^(?:application\/octet-stream|image\/|video\/|audio\/)/u.test(type)) {
    throw runtimeError(`The response has the unsupported content type ${type.split(';', 1)[0] ?? ''}`);
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw runtimeError('The response body could not be read as a string');
  }
  if (!/^application\/(?:[\w.-]+\+)?json\b/u.test(type)) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** `a=1&b=2` of an object whose members are texts or lists of texts; a text is taken as it is. */
export function queryOf(value: Json | undefined): URLSearchParams {
  const query = new URLSearchParams();
  if (value === undefined || value === null) return query;
  if (typeof value === 'string') return new URLSearchParams(value);
  if (!isObject(value)) throw runtimeError(`The value of the field 'QueryParameters' has an invalid format`);
  for (const [name, item] of Object.entries(value)) {
    for (const one of isArray(item) ? item : [item]) query.append(name, one === null ? '' : asText(one));
  }
  return query;
}

/** A URL with a query, written with `%20` for a space, as AWS does. */
export function withQuery(url: URL, query: URLSearchParams): URL {
  const added = Array.from(
    query,
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  const result = new URL(url);
  result.search = [result.search.slice(1), ...added].filter((part) => part !== '').join('&');
  return result;
}
