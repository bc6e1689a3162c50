import {
  CheckIfPhoneNumberIsOptedOutCommand,
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  PublishBatchCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
  TagResourceCommand,
  UnsubscribeCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '@stepyard/asl';
import type { HostedService } from '../service.ts';
import { clientOptions, recordOperations, serve } from '../wire/test-server.ts';
import { openFauxqs, type Fauxqs } from './fauxqs.ts';
import { createSns } from './sns.ts';
import { createSqs } from './sqs.ts';

let fauxqs: Fauxqs;
let sns: HostedService;
let sqs: HostedService;
let server: Awaited<ReturnType<typeof serve>>;
let client: SNSClient;
let called: ReadonlySet<string>;

beforeAll(async () => {
  fauxqs = await openFauxqs(undefined);
  sns = createSns(fauxqs);
  sqs = createSqs(fauxqs, () => 'http://127.0.0.1:4566');
  server = await serve(sns);
  client = new SNSClient(clientOptions(server.origin));
  called = recordOperations(client);
});
afterAll(async () => {
  client.destroy();
  await server.close();
  await fauxqs.close();
});

async function queue(name: string): Promise<{ arn: string; bodies: () => Promise<string[]> }> {
  const { output } = await sqs.call('CreateQueue', { QueueName: name });
  return {
    arn: `arn:aws:sqs:us-east-1:000000000000:${name}`,
    async bodies() {
      const answer = await sqs.call('ReceiveMessage', {
        QueueUrl: output['QueueUrl'] ?? '',
        MaxNumberOfMessages: 10,
      });
      return ((answer.output['Messages'] ?? []) as { Body: string }[]).map(({ Body }) => Body);
    },
  };
}

test('in process: members in, members out', async () => {
  const { arn, bodies } = await queue('inbox');
  const created = await sns.call('CreateTopic', { Name: 'news', Attributes: { DisplayName: 'A <b> & c' } });
  expect(created.output).toEqual({ TopicArn: 'arn:aws:sns:us-east-1:000000000000:news' });
  const topic = { TopicArn: created.output['TopicArn'] ?? '' };
  expect((await sns.call('ListSubscriptionsByTopic', topic)).output).toEqual({ Subscriptions: [] });
  await sns.call('Subscribe', {
    ...topic,
    Protocol: 'sqs',
    Endpoint: arn,
    Attributes: { RawMessageDelivery: 'true' },
  });
  const attributes = await sns.call('GetTopicAttributes', topic);
  expect(attributes.output['Attributes']).toMatchObject({ DisplayName: 'A <b> & c' });
  const published = await sns.call('Publish', { ...topic, Message: '{"a":1}', Subject: 'Hello' });
  expect(Object.keys(published.output)).toEqual(['MessageId']);
  expect(await bodies()).toEqual(['{"a":1}']);
});

test('in process: errors by their codes on the wire', async () => {
  await expect(
    sns.call('Publish', { TopicArn: 'arn:aws:sns:us-east-1:000000000000:none', Message: 'x' }),
  ).rejects.toMatchObject({ code: 'NotFound', statusCode: 404 });
  const { output } = await sns.call('CreateTopic', { Name: 'subjects' });
  const publish = (subject: string): Promise<unknown> =>
    sns.call('Publish', { TopicArn: output['TopicArn'] ?? '', Message: 'x', Subject: subject });
  await publish('x'.repeat(100));
  await expect(publish('x'.repeat(101))).rejects.toMatchObject({ code: 'InvalidParameter' });
  await expect(publish('ünicode')).rejects.toMatchObject({ code: 'InvalidParameter' });
});

describe('over the wire', () => {
  test('a notification in its envelope, with attributes and a filter', async () => {
    const { arn, bodies } = await queue('envelopes');
    const { TopicArn: topicArn } = await client.send(new CreateTopicCommand({ Name: 'filtered' }));
    const { SubscriptionArn: subscriptionArn } = await client.send(
      new SubscribeCommand({
        TopicArn: topicArn,
        Protocol: 'sqs',
        Endpoint: arn,
        Attributes: { FilterPolicy: JSON.stringify({ status: ['FAILED'] }) },
        ReturnSubscriptionArn: true,
      }),
    );
    const publish = (status: string): Promise<unknown> =>
      client.send(
        new PublishCommand({
          TopicArn: topicArn,
          Message: `it ${status}`,
          Subject: 'Job',
          MessageAttributes: { status: { DataType: 'String', StringValue: status } },
        }),
      );
    await publish('SUCCEEDED');
    await publish('FAILED');
    const [body, ...more] = await bodies();
    expect(more).toEqual([]);
    expect(JSON.parse(body ?? '') as JsonObject).toMatchObject({
      Type: 'Notification',
      TopicArn: topicArn,
      Subject: 'Job',
      Message: 'it FAILED',
      MessageAttributes: { status: { Type: 'String', Value: 'FAILED' } },
    });
    const subscription = { SubscriptionArn: subscriptionArn };
    await client.send(
      new SetSubscriptionAttributesCommand({
        ...subscription,
        AttributeName: 'RawMessageDelivery',
        AttributeValue: 'true',
      }),
    );
    const attributes = await client.send(new GetSubscriptionAttributesCommand(subscription));
    expect(attributes.Attributes).toMatchObject({ RawMessageDelivery: 'true', Endpoint: arn });
    expect(
      (await client.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn }))).Subscriptions,
    ).toHaveLength(1);
    expect((await client.send(new ListSubscriptionsCommand({}))).Subscriptions?.length).toBeGreaterThan(0);
    const batch = await client.send(
      new PublishBatchCommand({
        TopicArn: topicArn,
        PublishBatchRequestEntries: [
          {
            Id: '1',
            Message: 'b',
            MessageAttributes: { status: { DataType: 'String', StringValue: 'FAILED' } },
          },
        ],
      }),
    );
    expect(batch.Successful?.[0]?.Id).toBe('1');
    expect(await bodies()).toEqual(['b']);
    await client.send(new UnsubscribeCommand(subscription));
    await publish('FAILED');
    expect(await bodies()).toEqual([]);
  });

  test('topics and tags', async () => {
    const { TopicArn: arn = '' } = await client.send(new CreateTopicCommand({ Name: 'tagged' }));
    await client.send(
      new SetTopicAttributesCommand({ TopicArn: arn, AttributeName: 'KmsMasterKeyId', AttributeValue: 'k' }),
    );
    const { Attributes: attributes } = await client.send(new GetTopicAttributesCommand({ TopicArn: arn }));
    expect(attributes).toMatchObject({ KmsMasterKeyId: 'k' });
    await client.send(new TagResourceCommand({ ResourceArn: arn, Tags: [{ Key: 'a', Value: '1' }] }));
    expect((await client.send(new ListTagsForResourceCommand({ ResourceArn: arn }))).Tags).toEqual([
      { Key: 'a', Value: '1' },
    ]);
    await client.send(new UntagResourceCommand({ ResourceArn: arn, TagKeys: ['a'] }));
    expect((await client.send(new ListTopicsCommand({}))).Topics).toContainEqual({ TopicArn: arn });
    await client.send(new DeleteTopicCommand({ TopicArn: arn }));
    await expect(client.send(new PublishCommand({ TopicArn: arn, Message: 'x' }))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
  });

  test('every listed operation was called', () => {
    expect([...called].toSorted()).toEqual([...sns.operations].toSorted());
  });

  test('what would not be delivered is refused', async () => {
    const { TopicArn: arn } = await client.send(new CreateTopicCommand({ Name: 'refusals' }));
    await expect(
      client.send(new SubscribeCommand({ TopicArn: arn, Protocol: 'email', Endpoint: 'a@example.com' })),
    ).rejects.toMatchObject({
      name: 'StepyardOperationNotHosted',
      message: expect.stringContaining('email') as string,
    });
    await expect(
      client.send(new PublishCommand({ TopicArn: arn, MessageStructure: 'json', Message: '{}' })),
    ).rejects.toThrow(/MessageStructure/u);
    await expect(client.send(new CheckIfPhoneNumberIsOptedOutCommand({ phoneNumber: '1' }))).rejects.toThrow(
      /sns:CheckIfPhoneNumberIsOptedOut/u,
    );
  });
});
