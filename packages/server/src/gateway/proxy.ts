import { request as requestHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { ApiError } from '../protocol/api-error.ts';
import { writeError } from '../protocol/json-protocol.ts';

/** Headers of one connection, not of the request. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'expect',
]);

/**
 * A handler that passes requests on to another endpoint as they are, and its answers back. The signature stays that of this
 * endpoint: emulators do not check it. An endpoint that does not answer is told of with a 502.
 */
export function proxyTo(url: string): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const base = new URL(url);
  // Not imported: TLS takes a good part of the start of a yard, and most need none.
  const send = base.protocol === 'https:' ? process.getBuiltinModule('node:https').request : requestHttp;
  return (request, response) =>
    new Promise((resolve) => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).filter(([name]) => !HOP_BY_HOP.has(name) && name !== 'host'),
      );
      const path = `${base.pathname.replace(/\/$/u, '')}${request.url ?? '/'}`;
      const onward = send(
        {
          protocol: base.protocol,
          hostname: base.hostname.replace(/^\[|\]$/gu, ''),
          port: base.port,
          path,
          method: request.method,
          headers,
        },
        (answer) => {
          const kept = Object.entries(answer.headers).filter(([name]) => !HOP_BY_HOP.has(name));
          response.writeHead(answer.statusCode ?? 502, Object.fromEntries(kept));
          answer.pipe(response);
          answer.once('error', () => response.destroy());
        },
      );
      onward.once('error', (error) => {
        const message = `The endpoint ${base.origin} does not answer: ${error.message}`;
        writeError(response, '1.1', new ApiError('ServiceUnavailable', message, { statusCode: 502 }));
        resolve();
      });
      response.once('close', () => {
        onward.destroy();
        resolve();
      });
      request.pipe(onward);
    });
}
