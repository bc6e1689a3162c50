import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Json } from '@stepyard/asl';
import type { ServiceError } from '@stepyard/engine';
import { asText } from '../member.ts';
import { apiError, refuseOperation, type HostedService } from '../service.ts';
import { parseJsonBody, readBody, sendRestJsonError, sendText } from '../wire/http.ts';
import { serviceFailure } from '../wire/json-service.ts';
import type { Invoker } from './invoke.ts';

/** A zip of 50 MB in base64, and the members around it. */
const REQUEST_BYTES_MAX = 70 * 1024 * 1024;

/** Longer trace headers are none. */
const TRACE_LENGTH_MAX = 256;

interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  /** The member that each group of the pattern is. */
  readonly members: readonly string[];
  readonly operation: string;
  readonly statusCode: number;
}

/** `PUT`, `/2015-03-31/functions/{FunctionName}/code`. A label takes one segment of the path, encoded. */
function routeOf(method: string, path: string, operation: string, statusCode = 200): Route {
  const members = Array.from(path.matchAll(/\{(\w+)\}/gu), ([, member = '']) => member);
  const pattern = new RegExp(`^${path.replaceAll(/\{\w+\}/gu, '([^/]+)')}/?$`, 'u');
  return { method, pattern, members, operation, statusCode };
}

const FUNCTIONS = '/2015-03-31/functions';
const FUNCTION = `${FUNCTIONS}/{FunctionName}`;
const MAPPINGS = '/2015-03-31/event-source-mappings';

/** https://docs.aws.amazon.com/lambda/latest/api/ */
const ROUTES: readonly Route[] = [
  routeOf('POST', `${FUNCTION}/invocations`, 'Invoke'),
  routeOf('POST', FUNCTIONS, 'CreateFunction', 201),
  routeOf('GET', FUNCTIONS, 'ListFunctions'),
  routeOf('GET', FUNCTION, 'GetFunction'),
  routeOf('DELETE', FUNCTION, 'DeleteFunction', 204),
  routeOf('GET', `${FUNCTION}/configuration`, 'GetFunctionConfiguration'),
  routeOf('PUT', `${FUNCTION}/configuration`, 'UpdateFunctionConfiguration'),
  routeOf('PUT', `${FUNCTION}/code`, 'UpdateFunctionCode'),
  routeOf('GET', `${FUNCTION}/versions`, 'ListVersionsByFunction'),
  routeOf('POST', `${FUNCTION}/policy`, 'AddPermission', 201),
  routeOf('GET', `${FUNCTION}/policy`, 'GetPolicy'),
  routeOf('DELETE', `${FUNCTION}/policy/{StatementId}`, 'RemovePermission', 204),
  routeOf('PUT', '/2017-10-31/functions/{FunctionName}/concurrency', 'PutFunctionConcurrency'),
  routeOf('DELETE', '/2017-10-31/functions/{FunctionName}/concurrency', 'DeleteFunctionConcurrency', 204),
  routeOf('GET', '/2019-09-30/functions/{FunctionName}/concurrency', 'GetFunctionConcurrency'),
  routeOf('GET', '/2017-03-31/tags/{Resource}', 'ListTags'),
  routeOf('POST', '/2017-03-31/tags/{Resource}', 'TagResource', 204),
  routeOf('DELETE', '/2017-03-31/tags/{Resource}', 'UntagResource', 204),
  routeOf('POST', MAPPINGS, 'CreateEventSourceMapping', 202),
  routeOf('GET', MAPPINGS, 'ListEventSourceMappings'),
  routeOf('GET', `${MAPPINGS}/{UUID}`, 'GetEventSourceMapping'),
  routeOf('PUT', `${MAPPINGS}/{UUID}`, 'UpdateEventSourceMapping', 202),
  routeOf('DELETE', `${MAPPINGS}/{UUID}`, 'DeleteEventSourceMapping', 202),
];

/** Serves Lambda's REST API for the operations above; refuses any other by method and path. */
export async function handleLambda(
  service: HostedService,
  invoker: Invoker,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const route = ROUTES.find(({ method, pattern }) => method === request.method && pattern.test(pathname));
    if (route === undefined) throw refuseOperation('lambda', `${request.method} ${pathname}`);
    const members = { ...queryMembers(searchParams), ...pathMembers(route, pathname) };
    const body = (await readBody('lambda', request, REQUEST_BYTES_MAX)).toString();
    if (route.operation === 'Invoke') {
      await sendInvocation(invoker, request, response, members, body);
      return;
    }
    const { output } = await service.call(route.operation, { ...parseJsonBody('lambda', body), ...members });
    const text = route.statusCode === 204 ? '' : JSON.stringify(output);
    sendText(response, route.statusCode, { 'content-type': 'application/json' }, text);
  } catch (error) {
    sendRestJsonError(response, toServiceError(error));
  }
}

function toServiceError(error: unknown): ServiceError {
  // A path or a query that cannot be read.
  if (error instanceof URIError || error instanceof TypeError)
    return apiError('lambda', 'ValidationException', error.message);
  return serviceFailure('lambda', error);
}

function pathMembers(route: Route, pathname: string): Record<string, string> {
  const groups = route.pattern.exec(pathname)?.slice(1) ?? [];
  return Object.fromEntries(
    route.members.map((member, index) => [member, decodeURIComponent(groups[index] ?? '')]),
  );
}

function queryMembers(query: URLSearchParams): Record<string, Json> {
  const keys = query.getAll('tagKeys');
  const members = ['Qualifier', 'Marker', 'MaxItems', 'FunctionName', 'EventSourceArn', 'RevisionId'];
  const given = members.flatMap((member) => {
    const value = query.get(member);
    return value === null ? [] : [[member, value] as const];
  });
  return { ...Object.fromEntries(given), ...(keys.length === 0 ? {} : { TagKeys: keys }) };
}

async function sendInvocation(
  invoker: Invoker,
  request: IncomingMessage,
  response: ServerResponse,
  members: Readonly<Record<string, Json>>,
  payload: string,
): Promise<void> {
  const type = request.headers['x-amz-invocation-type'];
  const { FunctionName: name, Qualifier: qualifier } = members;
  const trace = request.headers['x-amzn-trace-id'];
  const answer = await invoker.invoke(
    asText(name),
    payload,
    typeof type === 'string' ? type : 'RequestResponse',
    {
      ...(typeof qualifier === 'string' ? { qualifier } : {}),
      ...(typeof trace === 'string' && trace.length <= TRACE_LENGTH_MAX ? { traceHeader: trace } : {}),
    },
  );
  const tail = request.headers['x-amz-log-type'] === 'Tail';
  sendText(
    response,
    answer.statusCode,
    {
      'content-type': 'application/json',
      'x-amzn-requestid': answer.requestId,
      'x-amz-executed-version': answer.executedVersion,
      ...(answer.functionError === undefined ? {} : { 'x-amz-function-error': answer.functionError }),
      ...(tail ? { 'x-amz-log-result': Buffer.from(answer.logTail).toString('base64') } : {}),
    },
    answer.payload,
  );
}
