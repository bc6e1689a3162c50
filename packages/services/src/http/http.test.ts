/** HTTP Tasks and API Gateway endpoints against a server on this machine, with EventBridge connections. */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateConnectionCommand,
  DeauthorizeConnectionCommand,
  DeleteConnectionCommand,
  DescribeConnectionCommand,
  EventBridgeClient,
  ListConnectionsCommand,
  UpdateConnectionCommand,
  type CreateConnectionCommandInput,
} from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Json, JsonObject } from '@stepyard/asl';
import type { HttpExchange } from '@stepyard/engine';
import { Connections } from '../events/connections.ts';
import { createEvents, type EventsService } from '../events/events.ts';
import { createSecretsManager } from '../plain/secrets-manager.ts';
import type { HostedService, LogRecord } from '../service.ts';
import { clientOptions, recordOperations, serve } from '../wire/test-server.ts';
import { encodeForm, type ArrayFormat } from './encode.ts';
import { createHttp } from './http-task.ts';
import { isLoopback } from './send.ts';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const SECRET = 'hunter2-hunter2';
const seen: Seen[] = [];
const logs: LogRecord[] = [];
let tokens = 0;
let remote: Server;
let origin: string;
let dataDir: string;
let connections: Connections;
let events: EventsService;
let http: HostedService;
let client: EventBridgeClient;
let called: ReadonlySet<string>;
let closeServer: () => Promise<void>;

beforeAll(async () => {
  remote = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      const json = { 'content-type': 'application/json', 'set-cookie': ['a=1', 'b=2'] };
      const path = url.split('?', 1)[0] ?? '';
      const status = /^\/status\/(\d+)$/u.exec(path)?.[1];
      if (path === '/hang') return;
      if (path === '/token') {
        tokens += 1;
        response.writeHead(200, json).end(JSON.stringify({ access_token: `t${tokens}`, expires_in: 3600 }));
      } else if (path === '/protected') {
        response.writeHead(headers.authorization === 'Bearer t2' ? 200 : 401, json).end('{}');
      } else if (status !== undefined) response.writeHead(Number(status), json).end('{"message":"no"}');
      else if (path === '/text') response.writeHead(200, { 'content-type': 'text/plain' }).end('{"a":1}');
      else if (path === '/image') response.writeHead(200, { 'content-type': 'image/png' }).end('x');
      else if (path === '/binary') response.end(Buffer.from([0xff, 0xfe, 0x80]));
      else if (path === '/large') response.end('x'.repeat(Number(url.split('=')[1])));
      else response.writeHead(200, json).end('{"ok":true}');
    });
  });
  await new Promise<void>((resolve) => {
    remote.listen(0, '127.0.0.1', resolve);
  });
  origin = `http://127.0.0.1:${(remote.address() as AddressInfo).port}`;
  dataDir = mkdtempSync(join(tmpdir(), 'stepyard-http-'));
  connections = new Connections(dataDir, '000000000000', createSecretsManager({ dataDir }));
  events = createEvents({
    dataDir,
    connections,
    caller: () => {
      throw new Error('no rules here');
    },
    log: (record) => logs.push(record),
  });
  http = createHttp({ connections, timeoutMs: 400 });
  const server = await serve(events);
  closeServer = () => server.close();
  client = new EventBridgeClient(clientOptions(server.origin));
  called = recordOperations(client);
});
afterAll(async () => {
  client.destroy();
  await closeServer();
  await events.close();
  remote.close();
  remote.closeAllConnections();
  rmSync(dataDir, { recursive: true, force: true });
});
beforeEach(() => {
  seen.length = 0;
});

let count = 0;
async function connection(input: Partial<CreateConnectionCommandInput>): Promise<string> {
  count += 1;
  const created = await client.send(
    new CreateConnectionCommand({
      Name: `c${count}`,
      AuthorizationType: 'API_KEY',
      AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: 'Apikey', ApiKeyValue: SECRET } },
      ...input,
    }),
  );
  expect(created.ConnectionState).toBe('AUTHORIZED');
  return created.ConnectionArn ?? '';
}

async function invoke(arn: string, parameters: JsonObject): Promise<JsonObject> {
  const input = { ApiEndpoint: `${origin}/path`, Method: 'GET', ...parameters };
  const { output } = await http.call('InvokeHTTPEndpoint', {
    ...input,
    Authentication: { ConnectionArn: arn },
  });
  return output;
}

test('whoever wants to see it is told what was sent, with and without the secrets, and what came back', async () => {
  const arn = await connection({
    AuthorizationType: 'BASIC',
    AuthParameters: {
      BasicAuthParameters: { Username: 'me', Password: SECRET },
      InvocationHttpParameters: {
        HeaderParameters: [{ Key: 'x-key', Value: 'k1' }],
        QueryStringParameters: [{ Key: 'q2', Value: 'two' }],
        BodyParameters: [{ Key: 'b2', Value: 'two' }],
      },
    },
  });
  const told: HttpExchange[] = [];
  const input = {
    ApiEndpoint: `${origin}/status/404`,
    Method: 'POST',
    Authentication: { ConnectionArn: arn },
    Headers: { 'x-own': 'h1' },
    QueryParameters: { q: 'one' },
    RequestBody: { b: 1 },
  };
  const call = http.call('InvokeHTTPEndpoint', input, { onExchange: (exchange) => void told.push(exchange) });
  await expect(call).rejects.toMatchObject({ code: 'States.Http.StatusCode.404' });
  expect(told).toMatchObject([
    {
      request: { method: 'POST', url: `${origin}/status/404?q=one&q2=two`, body: '{"b":1,"b2":"two"}' },
      requestWithoutSecrets: { method: 'POST', url: `${origin}/status/404?q=one`, body: '{"b":1}' },
      response: { statusCode: 404, statusMessage: 'Not Found', body: '{"message":"no"}' },
    },
  ]);
  const [exchange] = told;
  const basic = `Basic ${Buffer.from(`me:${SECRET}`).toString('base64')}`;
  expect(exchange?.request.headers).toContainEqual(['authorization', basic]);
  expect(exchange?.request.headers).toContainEqual(['x-key', 'k1']);
  expect(exchange?.requestWithoutSecrets.headers.map(([name]) => name)).toEqual([
    'x-own',
    'content-type',
    'user-agent',
    'range',
  ]);
  expect(exchange?.response?.headers).toContainEqual(['content-type', 'application/json']);
});

test('the request of a definition, with what the connection puts over it, as the developer guide shows it', async () => {
  const arn = await connection({
    AuthParameters: {
      ApiKeyAuthParameters: { ApiKeyName: 'Apikey', ApiKeyValue: SECRET },
      InvocationHttpParameters: {
        HeaderParameters: [{ Key: 'Header-Param', Value: 'connection_header_param' }],
        QueryStringParameters: [{ Key: 'QueryParam', Value: 'connection query' }],
        BodyParameters: [{ Key: 'BodyParam', Value: 'connection_body_param' }],
      },
    },
  });
  const output = await invoke(arn, {
    Method: 'POST',
    Headers: { 'Request-Id': 'my_request_id', 'Header-Param': 'state_machine', Accept: ['a', 'b'] },
    QueryParameters: { QueryParam: 'state_machine', list: ['1', '2'] },
    RequestBody: { Job: 'Software Engineer', Company: 'AnyCompany', BodyParam: 'state_machine' },
  });
  expect(seen).toMatchObject([
    {
      method: 'POST',
      url: '/path?QueryParam=connection%20query&list=1&list=2',
      headers: {
        apikey: SECRET,
        'content-type': 'application/json; charset=UTF-8',
        'header-param': 'connection_header_param',
        range: 'bytes=0-262144',
        'request-id': 'my_request_id',
        accept: 'a, b',
        'user-agent': 'Amazon|StepFunctions|HttpInvoke|us-east-1',
      },
      body: '{"Job":"Software Engineer","Company":"AnyCompany","BodyParam":"connection_body_param"}',
    },
  ]);
  expect(output).toMatchObject({
    Headers: { 'content-type': ['application/json'], 'set-cookie': ['a=1', 'b=2'] },
    ResponseBody: { ok: true },
    StatusCode: 200,
    StatusText: 'OK',
  });
});

test('InvocationConfig names a connection too; BASIC; a text as body goes as it is', async () => {
  const arn = await connection({
    AuthorizationType: 'BASIC',
    AuthParameters: { BasicAuthParameters: { Username: 'me', Password: SECRET } },
  });
  await http.call('InvokeHTTPEndpoint', {
    ApiEndpoint: `${origin}/path?a=b`,
    Method: 'PUT',
    InvocationConfig: { ConnectionArn: arn },
    RequestBody: 'plain',
    QueryParameters: 'c=d',
  });
  const authorization = `Basic ${Buffer.from(`me:${SECRET}`).toString('base64')}`;
  expect(seen).toMatchObject([
    { method: 'PUT', url: '/path?a=b&c=d', headers: { authorization }, body: 'plain' },
  ]);
});

test.each(['POST', 'GET'] as const)(
  'OAuth by %s: one token for many requests, a new one after 401',
  async (method) => {
    tokens = 0;
    const arn = await connection({
      AuthorizationType: 'OAUTH_CLIENT_CREDENTIALS',
      AuthParameters: {
        OAuthParameters: {
          AuthorizationEndpoint: `${origin}/token`,
          HttpMethod: method,
          ClientParameters: { ClientID: 'id', ClientSecret: SECRET },
          OAuthHttpParameters: {
            HeaderParameters: [{ Key: 'x-tenant', Value: 'acme' }],
            BodyParameters: [{ Key: 'scope', Value: 'read write' }],
          },
        },
      },
    });
    await invoke(arn, {});
    await invoke(arn, {});
    expect(seen.map(({ url }) => url.split('?', 1)[0])).toEqual(['/token', '/path', '/path']);
    const form = `grant_type=client_credentials&client_id=id&client_secret=${SECRET}&scope=read`;
    expect(decodeURIComponent(method === 'GET' ? (seen[0]?.url ?? '') : (seen[0]?.body ?? ''))).toContain(
      form,
    );
    expect(seen[0]?.headers).toMatchObject({ 'x-tenant': 'acme' });
    expect(seen[1]?.headers.authorization).toBe('Bearer t1');
    expect(await invoke(arn, { ApiEndpoint: `${origin}/protected` })).toMatchObject({ StatusCode: 200 });
    expect(tokens).toBe(2);
  },
);

test('a token that cannot be had fails the task without telling the secret', async () => {
  const arn = await connection({
    AuthorizationType: 'OAUTH_CLIENT_CREDENTIALS',
    AuthParameters: {
      OAuthParameters: {
        AuthorizationEndpoint: `${origin}/status/500`,
        HttpMethod: 'POST',
        ClientParameters: { ClientID: 'id', ClientSecret: SECRET },
      },
    },
  });
  await expect(invoke(arn, {})).rejects.toMatchObject({
    code: 'Events.ConnectionResource.InvalidConnectionState',
    message: `The connection cannot be authorized: ${origin} answered 500.`,
  });
});

test.each<[number, string]>([
  [301, 'Moved Permanently'],
  [400, 'Bad Request'],
  [404, 'Not Found'],
  [429, 'Too Many Requests'],
  [503, 'Service Unavailable'],
])('status %i fails with its number and its text', async (status, cause) => {
  const arn = await connection({});
  await expect(invoke(arn, { ApiEndpoint: `${origin}/status/${status}` })).rejects.toMatchObject({
    code: `States.Http.StatusCode.${status}`,
    message: cause,
  });
});

test('answers: text stays text, what is no text is refused, a body may have 262,144 bytes', async () => {
  const arn = await connection({});
  const at = (path: string): Promise<JsonObject> => invoke(arn, { ApiEndpoint: `${origin}${path}` });
  expect(await at('/text')).toMatchObject({ ResponseBody: '{"a":1}' });
  await expect(at('/image')).rejects.toMatchObject({ code: 'States.Runtime' });
  await expect(at('/binary')).rejects.toMatchObject({ code: 'States.Runtime' });
  expect((await at('/large?n=262144'))['ResponseBody']).toHaveLength(262_144);
  await expect(at('/large?n=262145')).rejects.toMatchObject({ code: 'States.DataLimitExceeded' });
});

test('no answer in time, and nobody there, are States.Http.Socket', async () => {
  const arn = await connection({});
  const socket = { code: 'States.Http.Socket' };
  await expect(invoke(arn, { ApiEndpoint: `${origin}/hang` })).rejects.toMatchObject(socket);
  await expect(invoke(arn, { ApiEndpoint: 'http://127.0.0.1:1/' })).rejects.toMatchObject(socket);
});

test.each<[string, JsonObject]>([
  ['plain HTTP to another machine', { ApiEndpoint: 'http://example.com/' }],
  ['another protocol', { ApiEndpoint: 'file:///etc/passwd' }],
  ['credentials in the URL', { ApiEndpoint: 'https://me:secret@example.com/' }],
  ['no URL', { ApiEndpoint: 'x' }],
  ['a method that HTTP has not', { Method: 'FETCH' }],
  ['a forbidden header', { Headers: { Authorization: 'x' } }],
  ['a forbidden prefix', { Headers: { 'X-Amz-Date': 'x' } }],
  ['a header that breaks the request', { Headers: { a: 'b\r\nc: d' } }],
  ['headers that are a text', { Headers: 'a' }],
  ['an encoding nobody knows', { RequestBody: {}, Transform: { RequestBodyEncoding: 'GZIP' } }],
  ['a form of a text', { RequestBody: 'a', Transform: { RequestBodyEncoding: 'URL_ENCODED' } }],
])('%s is refused before anything is sent', async (_name, parameters) => {
  const arn = await connection({});
  await expect(invoke(arn, parameters)).rejects.toMatchObject({ code: 'States.Runtime' });
  expect(seen).toEqual([]);
});

test('a text as body cannot be merged with the connection body; no connection, no task', async () => {
  const BodyParameters = [{ Key: 'a', Value: 'b' }];
  const arn = await connection({
    AuthParameters: {
      ApiKeyAuthParameters: { ApiKeyName: 'k', ApiKeyValue: 'v' },
      InvocationHttpParameters: { BodyParameters },
    },
  });
  const runtime = { code: 'States.Runtime' };
  await expect(invoke(arn, { RequestBody: 'text' })).rejects.toMatchObject(runtime);
  const bare = { ApiEndpoint: origin, Method: 'GET' };
  await expect(http.call('InvokeHTTPEndpoint', bare)).rejects.toMatchObject(runtime);
  const unknown = 'arn:aws:events:us-east-1:000000000000:connection/none/1';
  await expect(invoke(unknown, {})).rejects.toMatchObject({
    code: 'Events.ConnectionResource.ResourceNotFound',
  });
  await expect(http.call('Fetch', {})).rejects.toMatchObject({ code: 'StepyardOperationNotHosted' });
});

test.each<[ArrayFormat, string]>([
  ['INDICES', 'array[0]=a&array[1]=b&m[x]=1 2&n='],
  ['REPEAT', 'array=a&array=b&m[x]=1 2&n='],
  ['COMMAS', 'array=a,b&m[x]=1 2&n='],
  ['BRACKETS', 'array[]=a&array[]=b&m[x]=1 2&n='],
])('a form with %s', (format, expected) => {
  const body: Json = { array: ['a', 'b'], m: { x: '1 2' }, n: null };
  expect(decodeURIComponent(encodeForm(body, format))).toBe(expected);
});

test('a form is sent as the developer guide shows it', async () => {
  const arn = await connection({});
  await invoke(arn, {
    Method: 'POST',
    Headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    RequestBody: { description: 'Monthly subscription', metadata: { order_details: 'monthly report data' } },
    Transform: { RequestBodyEncoding: 'URL_ENCODED' },
  });
  expect(seen[0]).toMatchObject({
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'description=Monthly%20subscription&metadata%5Border_details%5D=monthly%20report%20data',
  });
});

test('connections: described without secrets, updated, deauthorized, deleted; the secret lies in Secrets Manager alone', async () => {
  const Name = 'kept';
  await connection({ Name, Description: 'first' });
  const described = await client.send(new DescribeConnectionCommand({ Name }));
  expect(described).toMatchObject({
    Name,
    Description: 'first',
    AuthorizationType: 'API_KEY',
    ConnectionState: 'AUTHORIZED',
    AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: 'Apikey' } },
  });
  expect(described.SecretArn).toContain(':secret:events!connection/kept/');
  expect(described.CreationTime?.getTime()).toBeGreaterThan(Date.now() - 60_000);
  expect(JSON.stringify([described, logs])).not.toContain(SECRET);
  for (const file of readdirSync(join(dataDir, 'events'))) {
    expect(readFileSync(join(dataDir, 'events', file), 'utf8')).not.toContain(SECRET);
  }
  const update = {
    Name,
    AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: 'Other', ApiKeyValue: 'x' } },
  };
  const { ConnectionArn: arn = '' } = await client.send(new UpdateConnectionCommand(update));
  // Another process finds it again.
  const again = new Connections(dataDir, '000000000000', createSecretsManager({ dataDir }));
  expect((await again.authorize(arn, undefined)).headers).toEqual(new Map([['Other', 'x']]));
  const { Connections: listed } = await client.send(
    new ListConnectionsCommand({ NamePrefix: 'kep', Limit: 1 }),
  );
  expect(listed).toMatchObject([{ Name, ConnectionArn: arn }]);
  await client.send(new DeauthorizeConnectionCommand({ Name }));
  await expect(invoke(arn, {})).rejects.toMatchObject({
    code: 'Events.ConnectionResource.InvalidConnectionState',
  });
  await client.send(new DeleteConnectionCommand({ Name }));
  await expect(client.send(new DescribeConnectionCommand({ Name }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('every listed operation on connections was called above', () => {
  expect([...called].toSorted()).toEqual(Object.keys(connections.operations()).toSorted());
});

test.each<[string, Partial<CreateConnectionCommandInput>, string]>([
  ['a name', { Name: 'a b' }, 'ValidationException'],
  ['a type', { AuthorizationType: 'NONE' as 'BASIC' }, 'ValidationException'],
  ['parameters of another type', { AuthorizationType: 'BASIC' }, 'ValidationException'],
  [
    'an authorization endpoint without TLS',
    {
      AuthorizationType: 'OAUTH_CLIENT_CREDENTIALS',
      AuthParameters: {
        OAuthParameters: {
          AuthorizationEndpoint: 'http://example.com/token',
          HttpMethod: 'POST',
          ClientParameters: { ClientID: 'a', ClientSecret: 'b' },
        },
      },
    },
    'ValidationException',
  ],
  ['a private one', { KmsKeyIdentifier: 'alias/x' }, 'StepyardOperationNotHosted'],
])('CreateConnection refuses %s', async (_name, input, name) => {
  await expect(connection(input)).rejects.toMatchObject({ name });
});

test('CreateConnection refuses a name twice', async () => {
  await connection({ Name: 'twice' });
  await expect(connection({ Name: 'twice' })).rejects.toMatchObject({
    name: 'ResourceAlreadyExistsException',
  });
});

test('an API Gateway endpoint: stage and path, lists as headers, its errors by status with the body', async () => {
  const host = new URL(origin).host;
  const call = async (input: JsonObject): Promise<JsonObject> =>
    (await http.call('InvokeApiGateway', { ApiEndpoint: host, Method: 'POST', ...input })).output;
  const output = await call({
    Stage: 'prod',
    Path: '/orders/1',
    Headers: { custom: ['one', 'two'] },
    QueryParameters: { q: ['a b'] },
    RequestBody: { message: 'hi', nothing: null },
    AuthType: 'IAM_ROLE',
  });
  expect(seen).toMatchObject([
    {
      url: '/prod/orders/1?q=a%20b',
      headers: { custom: 'one, two', 'content-type': 'application/json' },
      body: '{"message":"hi"}',
    },
  ]);
  expect(output).toMatchObject({ ResponseBody: { ok: true }, StatusCode: 200, StatusText: 'OK' });
  await call({ RequestBody: { nothing: null }, AllowNullValues: true });
  expect(seen[1]?.body).toBe('{"nothing":null}');
  await expect(call({ Path: 'status/403' })).rejects.toMatchObject({
    code: 'ApiGateway.403',
    message: '{"message":"no"}',
  });
  const runtime = { code: 'States.Runtime' };
  await expect(call({ Headers: { custom: 'one' } })).rejects.toMatchObject(runtime);
  await expect(call({ ApiEndpoint: `${host}/path` })).rejects.toMatchObject(runtime);
  await expect(call({ AuthType: 'MAYBE' })).rejects.toMatchObject(runtime);
  const signed = { ApiEndpoint: 'x.execute-api.us-east-1.amazonaws.com', AuthType: 'IAM_ROLE' };
  await expect(call(signed)).rejects.toThrow('no credentials to sign');
});

test.each([
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['localhost', true],
  ['api.localhost', true],
  ['[::1]', true],
  ['127.0.0.1.example.com', false],
  ['localhost.example.com', false],
  ['10.0.0.1', false],
])('%s is of this machine: %s', (name, expected) => {
  expect(isLoopback(name)).toBe(expected);
});
