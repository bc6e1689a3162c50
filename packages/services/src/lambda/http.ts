import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FunctionAnswer } from '@stepyard/engine';
import { ServiceError } from '@stepyard/engine';
import { apiError, refuseOperation, type HostedService } from '../service.ts';
import { parseJsonBody, readBody, sendRestJsonError, sendText } from '../wire/http.ts';

/** A zip of 50 MB in base64, and the members around it. */
const REQUEST_BYTES_MAX = 70 * 1024 * 1024;

interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly operation: string;
  readonly statusCode: number;
}

/** https://docs.aws.amazon.com/lambda/latest/api/ */
const ROUTES: readonly Route[] = [
  {
    method: 'POST',
    pattern: /^\/2015-03-31\/functions\/([^/]+)\/invocations\/?$/u,
    operation: 'Invoke',
    statusCode: 200,
  },
  { method: 'POST', pattern: /^\/2015-03-31\/functions\/?$/u, operation: 'CreateFunction', statusCode: 201 },
  { method: 'GET', pattern: /^\/2015-03-31\/functions\/?$/u, operation: 'ListFunctions', statusCode: 200 },
  {
    method: 'GET',
    pattern: /^\/2015-03-31\/functions\/([^/]+)\/?$/u,
    operation: 'GetFunction',
    statusCode: 200,
  },
  {
    method: 'GET',
    pattern: /^\/2015-03-31\/functions\/([^/]+)\/configuration\/?$/u,
    operation: 'GetFunctionConfiguration',
    statusCode: 200,
  },
  {
    method: 'DELETE',
    pattern: /^\/2015-03-31\/functions\/([^/]+)\/?$/u,
    operation: 'DeleteFunction',
    statusCode: 204,
  },
];

export type Invoke = (
  name: string,
  payload: string,
  invocationType: string,
) => Promise<FunctionAnswer & { readonly logTail: string }>;

/** Serves Lambda's REST API for the operations above; refuses any other by method and path. */
export async function handleLambda(
  service: HostedService,
  invoke: Invoke,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const route = ROUTES.find(({ method, pattern }) => method === request.method && pattern.test(pathname));
    if (route === undefined) throw refuseOperation('lambda', `${request.method} ${pathname}`);
    const name = decodeURIComponent(route.pattern.exec(pathname)?.[1] ?? '');
    const body = (await readBody('lambda', request, REQUEST_BYTES_MAX)).toString();
    if (route.operation === 'Invoke') {
      await sendInvocation(invoke, request, response, name, body);
      return;
    }
    const input = { ...parseJsonBody('lambda', body), ...(name === '' ? {} : { FunctionName: name }) };
    const { output } = await service.call(route.operation, input);
    const text = route.statusCode === 204 ? '' : JSON.stringify(output);
    sendText(response, route.statusCode, { 'content-type': 'application/json' }, text);
  } catch (error) {
    const known = error instanceof ServiceError || error instanceof URIError || error instanceof TypeError;
    if (!known) throw error;
    sendRestJsonError(
      response,
      error instanceof ServiceError ? error : apiError('lambda', 'ValidationException', error.message),
    );
  }
}

async function sendInvocation(
  invoke: Invoke,
  request: IncomingMessage,
  response: ServerResponse,
  name: string,
  payload: string,
): Promise<void> {
  const type = request.headers['x-amz-invocation-type'];
  const answer = await invoke(name, payload, typeof type === 'string' ? type : 'RequestResponse');
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
