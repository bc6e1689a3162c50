/** A service at another endpoint: state machines and clients of the yard both reach it there. */
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { CreateStateMachineCommand, SFNClient, StartSyncExecutionCommand } from '@aws-sdk/client-sfn';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startYard, type Yard } from './yard.ts';

let elsewhere: Server;
let yard: Yard;
let settings: {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
};

beforeAll(async () => {
  elsewhere = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify({ TableNames: [String(request.headers['x-amz-target'])] }));
  });
  await new Promise<void>((resolve) => {
    elsewhere.listen(0, '127.0.0.1', resolve);
  });
  const { port } = elsewhere.address() as AddressInfo;
  yard = await startYard({ jobs: 'process', endpoints: { dynamodb: `http://127.0.0.1:${port}` } });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  settings = { endpoint: yard.origin, region: 'us-east-1', credentials };
});
afterAll(async () => {
  await yard.close();
  elsewhere.close();
  elsewhere.closeAllConnections();
});

test('a client of the yard is passed on', async () => {
  const client = new DynamoDBClient(settings);
  const { TableNames } = await client.send(new ListTablesCommand({}));
  expect(TableNames).toEqual(['DynamoDB_20120810.ListTables']);
  client.destroy();
});

test('a Task calls the service there', async () => {
  const client = new SFNClient({ ...settings, disableHostPrefix: true });
  const task = {
    Type: 'Task',
    Resource: 'arn:aws:states:::aws-sdk:dynamodb:listTables',
    Parameters: {},
    End: true,
  };
  const { stateMachineArn } = await client.send(
    new CreateStateMachineCommand({
      name: 'lists',
      type: 'EXPRESS',
      roleArn: 'arn:aws:iam::000000000000:role/x',
      definition: JSON.stringify({ StartAt: 'L', States: { L: task } }),
    }),
  );
  const answer = await client.send(new StartSyncExecutionCommand({ stateMachineArn }));
  expect(answer).toMatchObject({ status: 'SUCCEEDED' });
  expect(JSON.parse(answer.output ?? '')).toMatchObject({ TableNames: ['DynamoDB_20120810.ListTables'] });
  client.destroy();
});
