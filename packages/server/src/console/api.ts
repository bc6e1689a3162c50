/** `/_stepyard/api/`: what the console asks of the yard besides the AWS APIs. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../protocol/body.ts';
import { parseBody } from '../protocol/json-protocol.ts';
import { consoleRefusal } from './access.ts';
import { bodyOf, COMMANDS } from './commands.ts';
import type { ConsoleContext, Given } from './context.ts';
import type { Live } from './live.ts';
import { Problem, problemOf } from './problem.ts';
import { QUERIES } from './queries.ts';

export const API_PATH = '/_stepyard/api/';
/** A definition of 1 MB and a payload, with everything escaped. */
const BODY_BYTES_MAX = 8 * 1024 * 1024;

/** Answers one request. Rejects for bugs only. */
export async function answerApi(
  context: ConsoleContext,
  live: Live,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const refusal = consoleRefusal(request.headers);
    if (refusal !== undefined) throw new Problem(403, 'Forbidden', refusal);
    const url = new URL(request.url ?? '/', 'http://localhost');
    const name = url.pathname.slice(API_PATH.length);
    if (name === 'live' && request.method === 'GET') {
      if (live.open(request, response, url.searchParams.get('arn') ?? undefined)) return;
      throw new Problem(503, 'Conflict', 'Too many pages of the console are open.');
    }
    write(response, 200, await resultOf(context, name, request, url.searchParams));
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    write(response, problem.statusCode, problem.body);
  }
}

async function resultOf(
  context: ConsoleContext,
  name: string,
  request: IncomingMessage,
  params: URLSearchParams,
): Promise<unknown> {
  if (request.method === 'GET' && isNameOf(QUERIES, name)) {
    const given: Given = Object.fromEntries(params);
    return await QUERIES[name](context, given);
  }
  if (request.method === 'POST' && isNameOf(COMMANDS, name)) {
    const isJson = (request.headers['content-type'] ?? '').startsWith('application/json');
    if (!isJson) throw new Problem(415, 'InvalidRequest', 'The body of a command is application/json.');
    return await COMMANDS[name](context, bodyOf(parseBody(await readBody(request, BODY_BYTES_MAX))));
  }
  throw new Problem(404, 'NotFound', `The console API has no ${request.method ?? ''} ${name.slice(0, 100)}.`);
}

function isNameOf<T extends object>(table: T, name: string): name is string & keyof T {
  return Object.hasOwn(table, name);
}

function write(response: ServerResponse, statusCode: number, value: unknown): void {
  if (response.headersSent || response.destroyed) return;
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(statusCode, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // A page that somebody makes of it runs nothing.
    'content-security-policy': "default-src 'none'",
  });
  response.end(body);
}
