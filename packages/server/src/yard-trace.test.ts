/** An X-Ray trace header on its way: from whoever starts an execution to all that the execution calls. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateConnectionCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
  StartSyncExecutionCommand,
} from '@aws-sdk/client-sfn';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { startYard, type Yard } from './yard.ts';

const TRACE = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';

let yard: Yard;
let sfn: SFNClient;
let settings: {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
};

beforeAll(async () => {
  yard = await startYard({ jobs: 'process' });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  settings = { endpoint: yard.origin, region: 'us-east-1', credentials };
  sfn = new SFNClient({ ...settings, disableHostPrefix: true });
});
afterAll(async () => {
  sfn.destroy();
  await yard.close();
});

async function machine(name: string, state: object): Promise<string> {
  const { stateMachineArn = '' } = await sfn.send(
    new CreateStateMachineCommand({
      name,
      roleArn: 'arn:aws:iam::000000000000:role/x',
      definition: JSON.stringify({ StartAt: 'S', States: { S: { ...state, End: true } } }),
    }),
  );
  return stateMachineArn;
}

async function run(stateMachineArn: string, input = '{}') {
  const started = await sfn.send(new StartExecutionCommand({ stateMachineArn, input, traceHeader: TRACE }));
  return await vi.waitFor(
    async () => {
      const execution = await sfn.send(new DescribeExecutionCommand(started as { executionArn: string }));
      if (execution.status === 'RUNNING') throw new Error('still running');
      return execution;
    },
    { timeout: 20_000 },
  );
}

test('the execution shows it, and a nested one has it too', async () => {
  const child = await machine('child', { Type: 'Pass' });
  const parent = await machine('parent', {
    Type: 'Task',
    Resource: 'arn:aws:states:::states:startExecution.sync:2',
    Parameters: { StateMachineArn: child },
  });
  expect(await run(parent)).toMatchObject({ status: 'SUCCEEDED', traceHeader: TRACE });
  const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn: child }));
  const { executionArn } = executions[0] ?? {};
  expect(await sfn.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
    traceHeader: TRACE,
  });
});

test('a header of the HTTP request goes before the member; one that is too long is refused', async () => {
  const stateMachineArn = await machine('passes', { Type: 'Pass' });
  const start = async (header: string): Promise<Response> =>
    await fetch(yard.origin, {
      method: 'POST',
      headers: { 'x-amz-target': 'AWSStepFunctions.StartExecution', 'x-amzn-trace-id': header },
      body: JSON.stringify({ stateMachineArn, traceHeader: 'Root=1-other' }),
    });
  const { executionArn } = (await (await start(TRACE)).json()) as { executionArn: string };
  expect(await sfn.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
    traceHeader: TRACE,
  });
  expect((await start('x'.repeat(257))).status).toBe(400);
});

test('a message carries it', async () => {
  const sqs = new SQSClient(settings);
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'traced' }));
  await run(
    await machine('sends', {
      Type: 'Task',
      Resource: 'arn:aws:states:::sqs:sendMessage',
      Parameters: { QueueUrl, MessageBody: 'hello' },
    }),
  );
  const { Messages: messages } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['AWSTraceHeader'] }),
  );
  expect(messages).toMatchObject([{ Body: 'hello', Attributes: { AWSTraceHeader: TRACE } }]);
});

test('a function has it as _X_AMZN_TRACE_ID', async () => {
  const { functionArn } = await yard.services.lambda.putFunction({
    functionName: 'traced',
    runtime: 'nodejs24.x',
    handler: 'index.handler',
    code: { kind: 'inline', text: 'exports.handler = async () => process.env._X_AMZN_TRACE_ID;' },
    environment: {},
    timeoutSeconds: 10,
    memoryMb: 128,
    architectures: ['x86_64'],
    roleArn: 'arn:aws:iam::000000000000:role/r',
    description: '',
    reservedConcurrency: undefined,
  });
  expect(await run(await machine('calls', { Type: 'Task', Resource: functionArn }))).toMatchObject({
    output: JSON.stringify(TRACE),
  });
  const invoke = {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: { FunctionName: 'traced' },
    OutputPath: '$.Payload',
  };
  expect(await run(await machine('invokes', invoke))).toMatchObject({ output: JSON.stringify(TRACE) });
});

test('an HTTP Task sends it', async () => {
  const remote = createServer((request, response) => {
    response.end(String(request.headers['x-amzn-trace-id']));
  });
  onTestFinished(() => void remote.close());
  await new Promise<void>((resolve) => {
    remote.listen(0, '127.0.0.1', resolve);
  });
  const { port } = remote.address() as AddressInfo;
  const { ConnectionArn } = await new EventBridgeClient(settings).send(
    new CreateConnectionCommand({
      Name: 'traced',
      AuthorizationType: 'API_KEY',
      AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: 'k', ApiKeyValue: 'v' } },
    }),
  );
  const task = {
    Type: 'Task',
    Resource: 'arn:aws:states:::http:invoke',
    Parameters: {
      ApiEndpoint: `http://127.0.0.1:${port}/`,
      Method: 'GET',
      Authentication: { ConnectionArn },
    },
    OutputPath: '$.ResponseBody',
  };
  expect(await run(await machine('asks', task))).toMatchObject({ output: JSON.stringify(TRACE) });
});

test('an Express execution answers with it', async () => {
  const { stateMachineArn } = await sfn.send(
    new CreateStateMachineCommand({
      name: 'express',
      type: 'EXPRESS',
      roleArn: 'arn:aws:iam::000000000000:role/x',
      definition: '{"StartAt":"S","States":{"S":{"Type":"Succeed"}}}',
    }),
  );
  const sync = new StartSyncExecutionCommand({ stateMachineArn, traceHeader: TRACE });
  expect(await sfn.send(sync)).toMatchObject({ traceHeader: TRACE });
});
