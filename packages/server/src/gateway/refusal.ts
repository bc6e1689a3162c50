import type { IncomingMessage, ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import { refused, type ApiError } from '../protocol/api-error.ts';
import { readBody } from '../protocol/body.ts';
import { writeError } from '../protocol/json-protocol.ts';

/** Enough to find `Action=` in a form; nothing more of a refused request is read. */
const FORM_BYTES_MAX = 64 * 1024;

/** Refuses a request for a service that the yard does not host, by service and operation, in the protocol it came in. */
export async function refuseService(
  request: IncomingMessage,
  response: ServerResponse,
  service: string,
  operation: string | undefined,
): Promise<void> {
  const isForm = isQuery(request);
  const named = operation ?? (isForm ? await formAction(request) : undefined);
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  const what = `${service}:${named ?? `${request.method ?? 'GET'} ${path}`}`.slice(0, 200);
  const error = refused(
    what,
    `Point the service at an endpoint that has it: stepyard start --endpoint ${service.slice(0, 50)}=URL.`,
  );
  refuse(request, response, error);
}

/** Answers with an error in the protocol that the request came in; what is left of its body is not read. */
export function refuse(request: IncomingMessage, response: ServerResponse, error: ApiError): void {
  if (isQuery(request)) writeQueryError(response, error);
  else writeError(response, '1.1', error);
}

function isQuery(request: IncomingMessage): boolean {
  return (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
}

async function formAction(request: IncomingMessage): Promise<string | undefined> {
  try {
    const form = new URLSearchParams((await readBody(request, FORM_BYTES_MAX)).toString('latin1'));
    return form.get('Action') ?? undefined;
  } catch {
    return undefined;
  }
}

/** The query protocol's error answer. */
function writeQueryError(response: ServerResponse, error: ApiError): void {
  if (response.headersSent || response.destroyed) return;
  const body =
    `<ErrorResponse><Error><Type>Sender</Type><Code>${escapeXml(error.code)}</Code>` +
    `<Message>${escapeXml(error.message)}</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`;
  response.writeHead(error.statusCode, {
    'content-type': 'text/xml',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
