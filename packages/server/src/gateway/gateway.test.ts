import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { ServiceError } from '@stepyard/engine';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startGateway, type Gateway } from './gateway.ts';

let gateway: Gateway;
const logged: string[] = [];

beforeEach(async () => {
  logged.length = 0;
  gateway = await startGateway({
    host: '127.0.0.1',
    port: 0,
    headersTimeoutMs: 300,
    requestTimeoutMs: 600,
    log: (line) => logged.push(line),
  });
});
afterEach(() => gateway.close());

function serve(): void {
  gateway.serve({
    health: () => ({ version: '1' }),
    console: undefined,
    account: (id) =>
      Promise.reject(
        new ServiceError({
          service: 'x',
          code: 'LimitExceededException',
          message: `no ${id}`,
          statusCode: 400,
        }),
      ),
    services: new Map([
      [
        'sfn',
        async (_request, response, operation) => {
          if (operation === 'Break') throw new Error('broken on purpose');
          response.end(operation);
        },
      ],
    ]),
  });
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function send(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  body = '',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port: gateway.port, path, method, headers },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

test('answers 503 until it serves, then the health and the front page', async () => {
  expect((await send('/_stepyard/health')).status).toBe(503);
  serve();
  const health = await send('/_stepyard/health');
  expect(JSON.parse(health.body)).toEqual({ status: 'ok', version: '1' });
  expect(health.status).toBe(200);
  expect((await send('/')).body).toContain('/_stepyard/health');
  expect((await send('/_stepyard/nothing')).status).toBe(404);
});

test('gives a request to its service', async () => {
  serve();
  expect((await send('/', { 'x-amz-target': 'AWSStepFunctions.ListActivities' }, 'POST')).body).toBe(
    'ListActivities',
  );
});

test('refuses a service that is not hosted, by its name and operation', async () => {
  serve();
  const json = await send('/', { 'x-amz-target': 'AWSGlue.StartJobRun' }, 'POST', '{}');
  expect(json.status).toBe(501);
  expect(json.headers['x-amzn-errortype']).toBe('StepyardNotImplemented');
  expect(JSON.parse(json.body)).toMatchObject({
    message: expect.stringContaining('glue:StartJobRun') as string,
  });
  const form = await send(
    '/',
    {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/iam/aws4_request, Signature=0',
    },
    'POST',
    'Action=CreateRole&Version=2010-05-08',
  );
  expect(form.status).toBe(501);
  expect(form.body).toContain('<Code>StepyardNotImplemented</Code>');
  expect(form.body).toContain('iam:CreateRole');
});

test('names nothing it does not know', async () => {
  serve();
  const answer = await send('/favicon.ico');
  expect(answer.status).toBe(404);
  expect(answer.body).toContain('GET /favicon.ico');
});

test('a page from elsewhere and a rebound name are refused; one from this machine gets its CORS headers', async () => {
  serve();
  expect((await send('/', { origin: 'https://evil.example' })).status).toBe(403);
  expect((await send('/', { host: 'evil.example' })).status).toBe(403);
  const preflight = await send(
    '/',
    { origin: 'http://localhost:3000', 'access-control-request-method': 'POST' },
    'OPTIONS',
  );
  expect(preflight.status).toBe(204);
  expect(preflight.headers['access-control-allow-origin']).toBe('http://localhost:3000');
});

test('a handler that breaks answers 500, is logged, and leaves the next request alone', async () => {
  serve();
  const answer = await send('/', { 'x-amz-target': 'AWSStepFunctions.Break' }, 'POST');
  expect(answer.status).toBe(500);
  expect(answer.headers['x-amzn-errortype']).toBe('InternalFailure');
  expect(answer.body).not.toContain('on purpose');
  expect(logged[0]).toContain('broken on purpose');
  expect((await send('/_stepyard/health')).status).toBe(200);
});

test('drops a client that never finishes its headers', async () => {
  serve();
  const started = performance.now();
  const ended = await new Promise<string>((resolve) => {
    let text = '';
    const socket = connect(gateway.port, '127.0.0.1', () =>
      socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n'),
    );
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('close', () => resolve(text));
  });
  expect(ended).toContain('408');
  expect(performance.now() - started).toBeLessThan(5000);
});

test('says which port is taken', async () => {
  await expect(
    startGateway({ host: '127.0.0.1', port: gateway.port, log: () => undefined }),
  ).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});
