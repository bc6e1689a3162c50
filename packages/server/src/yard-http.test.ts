/** HTTP Tasks and API Gateway endpoints as states: from the definition to the server and back. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateConnectionCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CreateStateMachineCommand, SFNClient, StartSyncExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startYard, type Yard } from './yard.ts';

let remote: Server;
let host: string;
let yard: Yard;
let sfn: SFNClient;
let ConnectionArn: string;

beforeAll(async () => {
  remote = createServer((request, response) => {
    request.resume();
    const isRefused = request.headers['x-key'] !== 'k' && request.url?.startsWith('/prod') !== true;
    response.writeHead(isRefused ? 403 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ url: request.url }));
  });
  await new Promise<void>((resolve) => {
    remote.listen(0, '127.0.0.1', resolve);
  });
  host = `127.0.0.1:${(remote.address() as AddressInfo).port}`;
  yard = await startYard({ jobs: 'process' });
  const settings = {
    endpoint: yard.origin,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  sfn = new SFNClient({ ...settings, disableHostPrefix: true });
  const events = new EventBridgeClient(settings);
  const created = await events.send(
    new CreateConnectionCommand({
      Name: 'remote',
      AuthorizationType: 'API_KEY',
      AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: 'X-Key', ApiKeyValue: 'k' } },
    }),
  );
  ConnectionArn = created.ConnectionArn ?? '';
});
afterAll(async () => {
  await yard.close();
  remote.close();
  remote.closeAllConnections();
});

async function run(name: string, state: object) {
  const { stateMachineArn } = await sfn.send(
    new CreateStateMachineCommand({
      name,
      type: 'EXPRESS',
      roleArn: 'arn:aws:iam::000000000000:role/x',
      definition: JSON.stringify({
        StartAt: 'S',
        States: {
          S: { Type: 'Task', ...state, End: true },
        },
      }),
    }),
  );
  return await sfn.send(new StartSyncExecutionCommand({ stateMachineArn }));
}

test('http:invoke', async () => {
  const Resource = 'arn:aws:states:::http:invoke';
  const Parameters = { ApiEndpoint: `http://${host}/a`, Method: 'GET', Authentication: { ConnectionArn } };
  const { output = '' } = await run('calls', { Resource, Parameters, OutputPath: '$.ResponseBody' });
  expect(JSON.parse(output)).toEqual({ url: '/a' });
  const Headers = { Authorization: 'x' };
  expect(await run('refused', { Resource, Parameters: { ...Parameters, Headers } })).toMatchObject({
    status: 'FAILED',
    error: 'States.Runtime',
  });
});

test('apigateway:invoke, and its error', async () => {
  const Resource = 'arn:aws:states:::apigateway:invoke';
  const Parameters = { ApiEndpoint: host, Method: 'GET', Stage: 'prod', Path: 'b' };
  const { output = '' } = await run('gateway', { Resource, Parameters, OutputPath: '$.ResponseBody' });
  expect(JSON.parse(output)).toEqual({ url: '/prod/b' });
  expect(await run('forbidden', { Resource, Parameters: { ...Parameters, Stage: 'x' } })).toMatchObject({
    status: 'FAILED',
    error: 'ApiGateway.403',
    cause: '{"url":"/x/b"}',
  });
});
