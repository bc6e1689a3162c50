import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateEventBusCommand,
  DeleteRuleCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '@stepyard/asl';
import type { ServiceCaller } from '@stepyard/engine';
import { createServiceCaller } from '../caller/caller.ts';
import { openFauxqs, type Fauxqs } from '../messaging/fauxqs.ts';
import { createSns } from '../messaging/sns.ts';
import { createSqs } from '../messaging/sqs.ts';
import { answer, apiError, type HostedService, type LogRecord } from '../service.ts';
import { clientOptions, serve } from '../wire/test-server.ts';
import { createEvents, type EventsService } from './events.ts';

const ACCOUNT = 'us-east-1:000000000000';
const logs: LogRecord[] = [];
const started: JsonObject[] = [];
let fauxqs: Fauxqs;
let sqs: HostedService;
let caller: ServiceCaller;
let events: EventsService;
let server: Awaited<ReturnType<typeof serve>>;
let client: EventBridgeClient;

beforeAll(async () => {
  fauxqs = await openFauxqs(undefined);
  sqs = createSqs(fauxqs, () => 'http://127.0.0.1:4566');
  caller = createServiceCaller({
    services: [sqs, createSns(fauxqs)],
    sfn: (_operation, input) => {
      started.push(input);
      return Promise.resolve(answer({ executionArn: 'arn' }));
    },
  });
  events = createEvents({ dataDir: undefined, caller: () => caller, log: (record) => logs.push(record) });
  server = await serve(events);
  client = new EventBridgeClient(clientOptions(server.origin));
});
afterAll(async () => {
  client.destroy();
  await server.close();
  await events.close();
  await fauxqs.close();
});

async function queue(name: string): Promise<{ arn: string; bodies: () => Promise<string[]> }> {
  const { output } = await sqs.call('CreateQueue', { QueueName: name });
  return {
    arn: `arn:aws:sqs:${ACCOUNT}:${name}`,
    async bodies() {
      await events.settled();
      const input = { QueueUrl: output['QueueUrl'] ?? '', MaxNumberOfMessages: 10 };
      const received = await sqs.call('ReceiveMessage', input);
      return ((received.output['Messages'] ?? []) as { Body: string }[]).map(({ Body }) => Body);
    },
  };
}

function statusChange(status: string): JsonObject {
  return {
    version: '0',
    id: 'e1',
    'detail-type': 'Step Functions Execution Status Change',
    source: 'aws.states',
    account: '000000000000',
    time: '2026-01-01T00:00:00Z',
    region: 'us-east-1',
    resources: [`arn:aws:states:${ACCOUNT}:execution:m:e`],
    detail: {
      status,
      stateMachineArn: `arn:aws:states:${ACCOUNT}:stateMachine:m`,
      error: 'Job"Failed',
      stopDate: 5,
    },
  };
}

test('every listed operation, as SDK v3 calls it', async () => {
  const { arn, bodies } = await queue('custom');
  const pattern = JSON.stringify({ source: ['my.app'], detail: { a: [{ numeric: ['>', 1] }] } });
  const { RuleArn: ruleArn } = await client.send(
    new PutRuleCommand({ Name: 'custom', EventPattern: pattern }),
  );
  expect(ruleArn).toBe(`arn:aws:events:${ACCOUNT}:rule/custom`);
  await client.send(new PutTargetsCommand({ Rule: 'custom', Targets: [{ Id: 'q', Arn: arn }] }));
  expect(await client.send(new DescribeRuleCommand({ Name: 'custom' }))).toMatchObject({
    State: 'ENABLED',
    EventPattern: pattern,
  });
  expect((await client.send(new ListRulesCommand({ NamePrefix: 'cus' }))).Rules).toHaveLength(1);
  expect((await client.send(new ListTargetsByRuleCommand({ Rule: 'custom' }))).Targets).toEqual([
    { Id: 'q', Arn: arn },
  ]);
  const put = (a: number): Promise<{ FailedEntryCount?: number | undefined }> =>
    client.send(
      new PutEventsCommand({
        Entries: [{ Source: 'my.app', DetailType: 'thing', Detail: JSON.stringify({ a }), Resources: ['r'] }],
      }),
    );
  await put(1);
  expect((await put(2)).FailedEntryCount).toBe(0);
  const [body, ...more] = await bodies();
  expect(more).toEqual([]);
  expect(JSON.parse(body ?? '')).toMatchObject({
    source: 'my.app',
    'detail-type': 'thing',
    detail: { a: 2 },
    resources: ['r'],
  });
  await client.send(new DisableRuleCommand({ Name: 'custom' }));
  await put(3);
  expect(await bodies()).toEqual([]);
  await client.send(new EnableRuleCommand({ Name: 'custom' }));
  await expect(client.send(new DeleteRuleCommand({ Name: 'custom' }))).rejects.toThrow(/has targets/u);
  await client.send(new RemoveTargetsCommand({ Rule: 'custom', Ids: ['q'] }));
  await client.send(new DeleteRuleCommand({ Name: 'custom' }));
  await expect(client.send(new DescribeRuleCommand({ Name: 'custom' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  expect([...events.operations].toSorted()).toEqual(
    [
      'DeleteRule',
      'DescribeRule',
      'DisableRule',
      'EnableRule',
      'ListRules',
      'ListTargetsByRule',
      'PutEvents',
      'PutRule',
      'PutTargets',
      'RemoveTargets',
    ].toSorted(),
  );
});

test('an entry may fail on its own', async () => {
  const { Entries: entries, FailedEntryCount: failed } = await client.send(
    new PutEventsCommand({
      Entries: [
        { Source: 'a', DetailType: 'b', Detail: '{}' },
        { Source: 'a', DetailType: 'b', Detail: '[1' },
        { DetailType: 'b', Detail: '{}' },
      ],
    }),
  );
  expect(failed).toBe(2);
  expect(entries?.[0]?.EventId).toBeDefined();
  expect(entries?.[1]).toMatchObject({ ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' });
  expect(entries?.[2]).toMatchObject({ ErrorCode: 'InvalidArgument' });
});

test('a status change reaches SQS, SNS and Step Functions, each with its own input', async () => {
  const whole = await queue('whole');
  const topic = await queue('via-topic');
  const topicArn = `arn:aws:sns:${ACCOUNT}:failures`;
  await caller.call({ service: 'sns', operation: 'CreateTopic', input: { Name: 'failures' } });
  await caller.call({
    service: 'sns',
    operation: 'Subscribe',
    input: {
      TopicArn: topicArn,
      Protocol: 'sqs',
      Endpoint: topic.arn,
      Attributes: { RawMessageDelivery: 'true' },
    },
  });
  await events.call('PutRule', {
    Name: 'failed',
    EventPattern: JSON.stringify({ source: ['aws.states'], detail: { status: ['FAILED', 'TIMED_OUT'] } }),
  });
  await events.call('PutTargets', {
    Rule: 'failed',
    Targets: [
      { Id: '1', Arn: whole.arn },
      {
        Id: '2',
        Arn: topicArn,
        InputTransformer: {
          InputPathsMap: {
            status: '$.detail.status',
            error: '$.detail.error',
            detail: '$.detail',
            arn: '$.resources[0]',
          },
          InputTemplate:
            '{"text": "<arn> is <status>: <error>", "status": <status>, "detail": <detail>, "rule": <aws.events.rule-name>}',
        },
      },
      { Id: '3', Arn: `arn:aws:states:${ACCOUNT}:stateMachine:repair`, InputPath: '$.detail' },
    ],
  });
  events.publish(statusChange('SUCCEEDED'));
  events.publish(statusChange('FAILED'));
  expect((await whole.bodies()).map((body) => JSON.parse(body) as unknown)).toEqual([statusChange('FAILED')]);
  const [text = ''] = await topic.bodies();
  expect(JSON.parse(text)).toEqual({
    text: `arn:aws:states:${ACCOUNT}:execution:m:e is FAILED: Job"Failed`,
    status: 'FAILED',
    detail: statusChange('FAILED')['detail'],
    rule: 'failed',
  });
  expect(started).toEqual([
    {
      stateMachineArn: `arn:aws:states:${ACCOUNT}:stateMachine:repair`,
      input: JSON.stringify(statusChange('FAILED')['detail']),
    },
  ]);
});

test('what cannot be delivered goes to the dead-letter queue, and the log says so', async () => {
  const dead = await queue('dead-events');
  await events.call('PutRule', { Name: 'lost', EventPattern: '{"source":["lost"]}' });
  await events.call('PutTargets', {
    Rule: 'lost',
    Targets: [
      {
        Id: '1',
        Arn: `arn:aws:sqs:${ACCOUNT}:nowhere`,
        DeadLetterConfig: { Arn: dead.arn },
        Input: '{"a":1}',
      },
    ],
  });
  events.publish({ source: 'lost', detail: {} });
  expect(await dead.bodies()).toEqual(['{"a":1}']);
  expect(logs.at(-1)?.message).toMatch(/rule lost could not reach .*nowhere.*dead-letter queue/u);
});

test('a failure that may pass is tried again', async () => {
  let calls = 0;
  const flaky: ServiceCaller = {
    ...caller,
    call: () => {
      calls += 1;
      return calls < 3
        ? Promise.reject(apiError('sqs', 'ServiceUnavailable', 'later', 503))
        : Promise.resolve(answer({}));
    },
  };
  const own = createEvents({ dataDir: undefined, caller: () => flaky, log: (record) => logs.push(record) });
  await own.call('PutRule', { Name: 'flaky', EventPattern: '{"source":["x"]}' });
  await own.call('PutTargets', { Rule: 'flaky', Targets: [{ Id: '1', Arn: `arn:aws:sqs:${ACCOUNT}:q` }] });
  own.publish({ source: 'x' });
  await own.settled();
  expect(calls).toBe(3);
  await own.close();
});

test('what is not hosted is refused by name', async () => {
  await expect(client.send(new CreateEventBusCommand({ Name: 'b' }))).rejects.toThrow(
    /eventbridge:CreateEventBus/u,
  );
  await expect(
    client.send(new PutRuleCommand({ Name: 'r', EventPattern: '{"a":["b"]}', EventBusName: 'other' })),
  ).rejects.toThrow(/event bus/u);
  await events.call('PutRule', { Name: 'targets', EventPattern: '{"a":["b"]}' });
  const put = (target: JsonObject): Promise<unknown> =>
    events.call('PutTargets', { Rule: 'targets', Targets: [{ Id: '1', ...target }] });
  await expect(put({ Arn: `arn:aws:kinesis:${ACCOUNT}:stream/s` })).rejects.toThrow(/kinesis/u);
  await expect(put({ Arn: 'nonsense' })).rejects.toMatchObject({ code: 'ValidationException' });
  await expect(put({ Arn: `arn:aws:sqs:${ACCOUNT}:q`, Input: '{' })).rejects.toThrow(/Input/u);
  await expect(put({ Arn: `arn:aws:sqs:${ACCOUNT}:q`, InputPath: '$..a' })).rejects.toThrow(/path/u);
});

test('rules survive a restart', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'stepyard-events-'));
  try {
    const first = createEvents({ dataDir, caller: () => caller, log: () => undefined });
    await first.call('PutRule', { Name: 'kept', ScheduleExpression: 'rate(5 minutes)' });
    await first.close();
    const second = createEvents({ dataDir, caller: () => caller, log: () => undefined });
    expect((await second.call('DescribeRule', { Name: 'kept' })).output).toMatchObject({
      ScheduleExpression: 'rate(5 minutes)',
    });
    await second.close();
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});
