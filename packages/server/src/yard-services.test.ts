/** What stands behind the one port besides Step Functions, and how executions reach it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeJobQueuesCommand, BatchClient } from '@aws-sdk/client-batch';
import { CloudFormationClient, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ECSClient, ListTaskDefinitionsCommand, ListTasksCommand } from '@aws-sdk/client-ecs';
import {
  EventBridgeClient,
  ListRulesCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Json } from '@stepyard/asl';
import type { ExecutionDescription } from '@stepyard/engine';
import { text } from './stepfunctions/operation.ts';
import { startYard, type Yard, type YardOptions } from './yard.ts';

const ROLE = 'arn:aws:iam::000000000000:role/test';
const PREFIX = 'arn:aws:states:us-east-1:000000000000';

async function runMachine(
  yard: Yard,
  name: string,
  definition: Json,
  input: Json = {},
): Promise<ExecutionDescription> {
  const { output } = await yard.caller.call({
    service: 'sfn',
    operation: 'CreateStateMachine',
    input: { name, definition: JSON.stringify(definition), roleArn: ROLE },
  });
  const started = await yard.engine.start({
    stateMachineArn: text(output, 'stateMachineArn'),
    input: JSON.stringify(input),
  });
  return await yard.engine.whenEnded(started.executionArn);
}

const task = (Resource: string, Parameters: Json, more: object = {}): Json => ({
  StartAt: 'Call',
  States: { Call: { Type: 'Task', Resource, Parameters, ...more, End: true } as Json },
});

describe('one port', () => {
  let yard: Yard;
  const get = (path: string, headers: Record<string, string>): Promise<string> =>
    new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port: yard.port, path, headers }, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () => resolve(body));
      })
        .on('error', reject)
        .end();
    });
  const options = (): {
    endpoint: string;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
  } => ({
    endpoint: yard.origin,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  beforeAll(async () => {
    yard = await startYard({ jobs: 'process' });
  });
  afterAll(() => yard.close());

  test('serves every hosted service to its own client', async () => {
    expect((await new DynamoDBClient(options()).send(new ListTablesCommand({}))).TableNames).toEqual([]);
    expect((await new SNSClient(options()).send(new ListTopicsCommand({}))).Topics ?? []).toEqual([]);
    expect((await new LambdaClient(options()).send(new ListFunctionsCommand({}))).Functions).toEqual([]);
    expect((await new EventBridgeClient(options()).send(new ListRulesCommand({}))).Rules).toEqual([]);
    expect((await new BatchClient(options()).send(new DescribeJobQueuesCommand({}))).jobQueues).toEqual([]);
    const missing = new ECSClient(options()).send(new ListTasksCommand({ cluster: 'none' }));
    await expect(missing).rejects.toMatchObject({ name: 'ClusterNotFoundException' });
  });

  test('S3 by path and by virtual host', async () => {
    const byPath = new S3Client({ ...options(), forcePathStyle: true });
    await byPath.send(new CreateBucketCommand({ Bucket: 'bucket' }));
    await byPath.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'a/key', Body: 'text' }));
    const read = await byPath.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'a/key' }));
    expect(await read.Body?.transformToString()).toBe('text');
    const scope = 'Credential=test/20260101/us-east-1/s3/aws4_request';
    const headers = {
      host: `bucket.s3.localhost:${yard.port}`,
      authorization: `AWS4-HMAC-SHA256 ${scope}, Signature=0`,
    };
    expect(await get('/a/key', headers)).toBe('text');
  });

  test('a queue is reached by its URL', async () => {
    const sqs = new SQSClient(options());
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'q' }));
    expect(QueueUrl).toBe(`${yard.origin}/000000000000/q`);
    // As older clients do: the query protocol, at the queue's own URL.
    const body = new URLSearchParams({ Action: 'SendMessage', Version: '2012-11-05', MessageBody: 'hello' });
    expect((await fetch(QueueUrl ?? '', { method: 'POST', body })).status).toBe(200);
    const received = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(received.Messages?.[0]?.Body).toBe('hello');
  });

  test('what is not hosted is refused by service and operation, in the protocol of the client', async () => {
    const operation = new ECSClient(options()).send(new ListTaskDefinitionsCommand({}));
    await expect(operation).rejects.toMatchObject({
      message: expect.stringContaining('ListTaskDefinitions') as string,
    });
    const change = new CloudFormationClient(options()).send(new DeleteStackCommand({ StackName: 's' }));
    await expect(change).rejects.toMatchObject({
      name: 'StepyardOperationNotHosted',
      message: expect.stringContaining('cloudformation:DeleteStack') as string,
    });
    const authorization =
      'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/autoscaling/aws4_request, Signature=0';
    const service = await fetch(yard.origin, {
      method: 'POST',
      headers: { authorization },
      body: new URLSearchParams({ Action: 'DescribePolicies', Version: '2011-01-01' }),
    });
    expect(service.status).toBe(501);
    const xml = await service.text();
    expect(xml).toContain('<Code>StepyardNotImplemented</Code>');
    expect(xml).toContain('autoscaling:DescribePolicies');
  });

  test('an execution starts another, waits for it, and fails as it fails', async () => {
    const child = { StartAt: 'C', States: { C: { Type: 'Pass', Result: { done: true }, End: true } } };
    await runMachine(yard, 'child', child);
    const sync = task('arn:aws:states:::states:startExecution.sync:2', {
      StateMachineArn: `${PREFIX}:stateMachine:child`,
      Input: {},
    });
    const parent = await runMachine(yard, 'parent', sync);
    expect(parent.status).toBe('SUCCEEDED');
    expect(JSON.parse(parent.output ?? '')).toMatchObject({ Status: 'SUCCEEDED', Output: { done: true } });
    await runMachine(yard, 'bad-child', { StartAt: 'F', States: { F: { Type: 'Fail', Error: 'E' } } });
    const failing = task('arn:aws:states:::states:startExecution.sync:2', {
      StateMachineArn: `${PREFIX}:stateMachine:bad-child`,
    });
    expect(await runMachine(yard, 'bad-parent', failing)).toMatchObject({
      status: 'FAILED',
      error: 'States.TaskFailed',
    });
    const orphan = task('arn:aws:states:::states:startExecution', {
      StateMachineArn: `${PREFIX}:stateMachine:none`,
    });
    expect(await runMachine(yard, 'orphan', orphan)).toMatchObject({
      error: 'StepFunctions.StateMachineDoesNotExistException',
    });
  });

  test('a status change reaches the targets of a rule', async () => {
    const sqs = new SQSClient(options());
    const events = new EventBridgeClient(options());
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'changes' }));
    const pattern = { source: ['aws.states'], detail: { status: ['FAILED'] } };
    await events.send(new PutRuleCommand({ Name: 'failed', EventPattern: JSON.stringify(pattern) }));
    await events.send(
      new PutTargetsCommand({
        Rule: 'failed',
        Targets: [{ Id: 'q', Arn: 'arn:aws:sqs:us-east-1:000000000000:changes' }],
      }),
    );
    const failed = await runMachine(yard, 'fails', {
      StartAt: 'F',
      States: { F: { Type: 'Fail', Error: 'E' } },
    });
    const received = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
    expect(JSON.parse(received.Messages?.[0]?.Body ?? '')).toMatchObject({
      'detail-type': 'Step Functions Execution Status Change',
      detail: { executionArn: failed.executionArn, status: 'FAILED' },
    });
  });
});

describe('options', () => {
  const directory = mkdtempSync(join(tmpdir(), 'stepyard-yard-'));
  let yard: Yard | undefined;
  afterEach(async () => {
    await yard?.close();
    yard = undefined;
  });
  afterAll(() => rmSync(directory, { recursive: true }));
  const open = async (options: YardOptions): Promise<Yard> => {
    yard = await startYard({ jobs: 'process', ...options });
    return yard;
  };

  test('a mocks file answers the executions of its test cases', async () => {
    const mocksFile = join(directory, 'mocks.json');
    const mocks = {
      StateMachines: { m: { TestCases: { Flaky: { Call: 'R' } } } },
      MockedResponses: {
        R: { '0': { Throw: { Error: 'Lambda.Oops', Cause: 'c' } }, '1-3': { Return: { n: 1 } } },
      },
    };
    writeFileSync(mocksFile, JSON.stringify(mocks));
    const mockedYard = await open({ mocksFile });
    const definition = task(
      'arn:aws:lambda:us-east-1:000000000000:function:none',
      {},
      {
        Retry: [{ ErrorEquals: ['Lambda.Oops'], IntervalSeconds: 1, MaxAttempts: 1 }],
      },
    );
    expect((await runMachine(mockedYard, 'm', definition)).status).toBe('FAILED');
    const call = async (stateMachineArn: string): Promise<string> => {
      const { output } = await mockedYard.caller.call({
        service: 'sfn',
        operation: 'StartExecution',
        input: { stateMachineArn },
      });
      return text(output, 'executionArn');
    };
    const mocked = await mockedYard.engine.whenEnded(await call(`${PREFIX}:stateMachine:m#Flaky`));
    expect(mocked).toMatchObject({ status: 'SUCCEEDED', output: '{"n":1}' });
    await expect(call(`${PREFIX}:stateMachine:m#Other`)).rejects.toThrow("no test case 'Other'");
  });

  test('virtual time: a wait of a year is over at once', async () => {
    const wait = { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 31_536_000, End: true } } };
    const started = performance.now();
    expect((await runMachine(await open({ virtualTime: true }), 'waits', wait)).status).toBe('SUCCEEDED');
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('data stays where it was put', async () => {
    const dataDir = join(directory, 'data');
    const first = await open({ dataDir });
    await first.caller.call({ service: 'sqs', operation: 'CreateQueue', input: { QueueName: 'kept' } });
    await first.close();
    const second = await open({ dataDir });
    const { output } = await second.caller.call({ service: 'sqs', operation: 'ListQueues', input: {} });
    expect(output['QueueUrls']).toEqual([`${second.origin}/000000000000/kept`]);
  });

  test('closing twice is closing once, and frees the port', async () => {
    const first = await open({});
    await Promise.all([first.close(), first.close()]);
    const second = await open({ port: first.port });
    expect(second.origin).toBe(first.origin);
  });
});
