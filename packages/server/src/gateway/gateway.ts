import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '@stepyard/asl';
import { ServiceError } from '@stepyard/engine';
import { ApiError } from '../protocol/api-error.ts';
import { writeError } from '../protocol/json-protocol.ts';
import { corsHeaders, refusalReason } from './access.ts';
import { refuse, refuseService } from './refusal.ts';
import { accountOf, route } from './route.ts';

/** Answers one request of one service. A rejection is a bug: the client gets a 500 and the log the stack. */
export type ServiceHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  operation: string | undefined,
) => Promise<void>;

export interface GatewayOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** How long a client may take to send its headers, and its whole request. */
  readonly headersTimeoutMs?: number;
  readonly requestTimeoutMs?: number;
  readonly log: (line: string) => void;
}

/** What stands behind the port once the yard is up. */
export interface Backends {
  /** The SDK's service id in lower case without spaces -> its handler. */
  readonly services: ReadonlyMap<string, ServiceHandler>;
  /** The same for the account that a request's access key id names. Rejects with ServiceError when there is no such account. */
  readonly account: (id: string) => Promise<ReadonlyMap<string, ServiceHandler>>;
  readonly health: () => JsonObject;
  /** Answers everything below `/_stepyard/` but the health; undefined: the yard has no console. */
  readonly console: ((request: IncomingMessage, response: ServerResponse) => Promise<void>) | undefined;
}

/** The one port. It listens before the services exist, because they need to know it: until `serve`, answers are 503. */
export interface Gateway {
  readonly origin: string;
  readonly port: number;
  serve(backends: Backends): void;
  /** Stops listening and drops the connections that are left. */
  close(): Promise<void>;
}

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;
/** Clients keep connections for later calls; Node's 5 s would make them race against the close. */
const KEEP_ALIVE_TIMEOUT_MS = 70_000;
/** How often Node looks for clients that are too slow; its own 30 s would triple the limits. */
const CONNECTIONS_CHECK_MS = 1000;

/** Rejects with the listen error (`EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL`). */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  let backends: Backends | undefined;
  const server = createServer({ connectionsCheckingInterval: CONNECTIONS_CHECK_MS }, (request, response) => {
    response.on('error', ignore);
    answer(request, response, backends).catch((error: unknown) => {
      options.log(
        `a request failed inside the yard: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
      writeError(
        response,
        '1.0',
        new ApiError('InternalFailure', 'Stepyard failed inside; see its log.', { statusCode: 500 }),
      );
    });
  });
  server.headersTimeout = options.headersTimeoutMs ?? HEADERS_TIMEOUT_MS;
  server.requestTimeout = options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://${urlHost(options.host)}:${port}`,
    port,
    serve: (ready) => {
      backends = ready;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The client has gone: there is nobody to tell. */
const ignore = (): void => undefined;

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  backends: Backends | undefined,
): Promise<void> {
  const reason = refusalReason(request.headers);
  if (reason !== undefined) {
    writeError(response, '1.0', new ApiError('AccessDeniedException', reason, { statusCode: 403 }));
    return;
  }
  const where = route(request.url ?? '/', request.headers);
  // The console is used by its own pages only: no other page is told that it may.
  if (where.kind === 'yard' && where.path !== '/') {
    await answerYard(request, response, where.path, backends);
    return;
  }
  if (request.headers.origin !== undefined) {
    for (const [name, value] of Object.entries(corsHeaders(request.headers))) response.setHeader(name, value);
  }
  const isPreflight =
    request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
  if (isPreflight) {
    response.writeHead(204).end();
    return;
  }
  if (backends === undefined) {
    refuseStarting(response);
    return;
  }
  switch (where.kind) {
    case 'yard':
      answerRoot(request, response, backends);
      return;
    case 'service': {
      const account = accountOf(request.url ?? '/', request.headers);
      const services =
        account === undefined ? backends.services : await servicesOf(account, request, response, backends);
      const handler = services?.get(where.service);
      if (services === undefined) return;
      if (handler === undefined) await refuseService(request, response, where.service, where.operation);
      else await handler(request, response, where.operation);
      return;
    }
    case 'unknown':
      writeText(
        response,
        404,
        'text/plain',
        `No AWS service is named by ${request.method ?? 'GET'} ${(request.url ?? '/').slice(0, 200)}: ` +
          'sign the request, or send X-Amz-Target.\n',
      );
  }
}

/** The services of an account besides the main one; undefined when there is none, and the client has been told so. */
async function servicesOf(
  account: string,
  request: IncomingMessage,
  response: ServerResponse,
  backends: Backends,
): Promise<Backends['services'] | undefined> {
  try {
    return await backends.account(account);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const { code, message, statusCode } = error;
    refuse(request, response, new ApiError(code, message, { statusCode }));
    return undefined;
  }
}

function refuseStarting(response: ServerResponse): void {
  const error = new ApiError('ServiceUnavailable', 'Stepyard is starting.', { statusCode: 503 });
  writeError(response, '1.0', error);
}

async function answerYard(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  backends: Backends | undefined,
): Promise<void> {
  if (backends === undefined) refuseStarting(response);
  else if (path === '/_stepyard/health') {
    writeText(response, 200, 'application/json', JSON.stringify({ status: 'ok', ...backends.health() }));
  } else if (backends.console !== undefined) await backends.console(request, response);
  else writeText(response, 404, 'text/plain', `Stepyard has no page ${path.slice(0, 200)}.\n`);
}

/** The address itself: a browser is shown the console, everybody else what this is. */
function answerRoot(request: IncomingMessage, response: ServerResponse, backends: Backends): void {
  const isBrowser = (request.headers.accept ?? '').includes('text/html');
  if (backends.console !== undefined && isBrowser) {
    response.writeHead(302, { location: '/_stepyard/', 'content-length': 0 }).end();
    return;
  }
  const text =
    'Stepyard: AWS Step Functions on this machine.\nUse this address as the AWS endpoint URL (AWS_ENDPOINT_URL).\n';
  writeText(response, 200, 'text/plain', `${text}Health: /_stepyard/health\n`);
}

function writeText(response: ServerResponse, statusCode: number, type: string, body: string): void {
  response.writeHead(statusCode, {
    'content-type': type === 'text/plain' ? 'text/plain; charset=utf-8' : type,
    'content-length': Buffer.byteLength(body),
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}

function listen(server: Server, options: GatewayOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** The host that a client on this machine writes in a URL. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
