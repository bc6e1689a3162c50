import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HostedService } from '../service.ts';
import { clientOptions, recordOperations, serve } from '../wire/test-server.ts';
import { openFauxqs, type Fauxqs } from './fauxqs.ts';
import { createSqs } from './sqs.ts';

let fauxqs: Fauxqs;
let service: HostedService;
let server: Awaited<ReturnType<typeof serve>>;
let client: SQSClient;
let called: ReadonlySet<string>;

beforeAll(async () => {
  fauxqs = await openFauxqs(undefined);
  service = createSqs(fauxqs, () => server.origin);
  server = await serve(service);
  client = new SQSClient(clientOptions(server.origin));
  called = recordOperations(client);
});
afterAll(async () => {
  client.destroy();
  await server.close();
  await fauxqs.close();
});

async function createQueue(name: string, attributes: Record<string, string> = {}): Promise<string> {
  const { QueueUrl: url } = await client.send(
    new CreateQueueCommand({ QueueName: name, Attributes: attributes }),
  );
  return url ?? '';
}

describe('AWS JSON, as SDK v3 sends it', () => {
  test('queues: create, find, list, change, tag, purge, delete', async () => {
    const url = await createQueue('plain', { VisibilityTimeout: '5' });
    expect(url).toBe(`${server.origin}/000000000000/plain`);
    expect((await client.send(new GetQueueUrlCommand({ QueueName: 'plain' }))).QueueUrl).toBe(url);
    expect((await client.send(new ListQueuesCommand({ QueueNamePrefix: 'pl' }))).QueueUrls).toEqual([url]);
    await client.send(
      new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { VisibilityTimeout: '7' } }),
    );
    const { Attributes: attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
    );
    expect(attributes).toMatchObject({
      QueueArn: 'arn:aws:sqs:us-east-1:000000000000:plain',
      VisibilityTimeout: '7',
    });
    await client.send(new TagQueueCommand({ QueueUrl: url, Tags: { a: '1', b: '2' } }));
    await client.send(new UntagQueueCommand({ QueueUrl: url, TagKeys: ['a'] }));
    expect((await client.send(new ListQueueTagsCommand({ QueueUrl: url }))).Tags).toEqual({ b: '2' });
    await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x' }));
    await client.send(new PurgeQueueCommand({ QueueUrl: url }));
    expect((await client.send(new ReceiveMessageCommand({ QueueUrl: url }))).Messages).toBeUndefined();
    await client.send(new DeleteQueueCommand({ QueueUrl: url }));
    await expect(client.send(new GetQueueUrlCommand({ QueueName: 'plain' }))).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
    });
  });

  test('messages: one by one and in batches, with attributes and any Unicode', async () => {
    const url = await createQueue('messages');
    await client.send(
      new SendMessageCommand({
        QueueUrl: url,
        MessageBody: 'héllo 😀',
        MessageAttributes: { recordId: { DataType: 'String', StringValue: 'a' } },
      }),
    );
    const { Messages: [message] = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      }),
    );
    expect(message).toMatchObject({
      Body: 'héllo 😀',
      MessageAttributes: { recordId: { DataType: 'String', StringValue: 'a' } },
      Attributes: { ApproximateReceiveCount: '1' },
    });
    const handle = message?.ReceiptHandle ?? '';
    await client.send(
      new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: handle, VisibilityTimeout: 0 }),
    );
    const { Messages: [again] = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl: url }));
    expect(again?.MessageAttributes).toBeUndefined();
    await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: again?.ReceiptHandle }));
    const sent = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: [
          { Id: '1', MessageBody: 'one' },
          { Id: '2', MessageBody: 'two' },
        ],
      }),
    );
    expect(sent.Successful?.map(({ Id }) => Id)).toEqual(['1', '2']);
    expect(sent.Failed).toBeUndefined();
    const received = await client.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 }));
    const entries = (received.Messages ?? []).map(({ ReceiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle,
    }));
    expect(entries).toHaveLength(2);
    await client.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: url,
        Entries: entries.map((entry) => ({ ...entry, VisibilityTimeout: 60 })),
      }),
    );
    const deleted = await client.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries: entries }));
    expect(deleted.Successful).toHaveLength(2);
  });

  test('every listed operation was called', () => {
    expect([...called].toSorted()).toEqual([...service.operations].toSorted());
  });

  test('a long poll ends as soon as there is a message', async () => {
    const url = await createQueue('polled');
    const before = Date.now();
    const poll = client.send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 20 }));
    await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'now' }));
    expect((await poll).Messages?.[0]?.Body).toBe('now');
    expect(Date.now() - before).toBeLessThan(5000);
  });

  test('a poll whose client has gone takes no message', async () => {
    const url = await createQueue('abandoned');
    const gone = new AbortController();
    const poll = client.send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 20 }), {
      abortSignal: gone.signal,
    });
    setTimeout(() => gone.abort(), 50);
    await expect(poll).rejects.toThrow(/abort/iu);
    await expect
      .poll(async () => {
        await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'kept' }));
        return (await client.send(new ReceiveMessageCommand({ QueueUrl: url }))).Messages?.[0]?.Body;
      })
      .toBe('kept');
  });

  test('limits: delay, wait, size, attributes', async () => {
    const url = await createQueue('limits');
    await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x', DelaySeconds: 900 }));
    await expect(
      client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x', DelaySeconds: 901 })),
    ).rejects.toThrow(/DelaySeconds/u);
    await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x'.repeat(1_048_576) }));
    await expect(
      client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x'.repeat(1_048_577) })),
    ).rejects.toThrow(/1048576/u);
    await expect(createQueue('unknown', { Colour: 'red' })).rejects.toMatchObject({
      name: 'InvalidAttributeName',
    });
    await expect(createQueue('a'.repeat(81))).rejects.toThrow(/1 to 80 in length/u);
  });

  test('what fauxqs lacks is refused by name', async () => {
    await expect(client.send(new StartMessageMoveTaskCommand({ SourceArn: 'x' }))).rejects.toMatchObject({
      name: 'StepyardOperationNotHosted',
      message: expect.stringContaining('sqs:StartMessageMoveTask') as string,
    });
  });
});

describe('FIFO and dead letters', () => {
  test('deduplication by queue', async () => {
    const url = await createQueue('one.fifo', { FifoQueue: 'true' });
    const send = (group: string, id: string): Promise<unknown> =>
      client.send(
        new SendMessageCommand({
          QueueUrl: url,
          MessageBody: 'b',
          MessageGroupId: group,
          MessageDeduplicationId: id,
        }),
      );
    await send('a', '1');
    await send('b', '1');
    expect(await count(url)).toBe('1');
  });

  test('deduplication by message group, with the ids as they were sent', async () => {
    const url = await createQueue('many.fifo', {
      FifoQueue: 'true',
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
    });
    const send = (group: string, id: string): Promise<unknown> =>
      client.send(
        new SendMessageCommand({
          QueueUrl: url,
          MessageBody: 'b',
          MessageGroupId: group,
          MessageDeduplicationId: id,
        }),
      );
    await send('a', '1');
    await send('a', '1');
    await send('b', '1');
    expect(await count(url)).toBe('2');
    const { Messages: messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ['All'],
      }),
    );
    expect(messages.map(({ Attributes }) => Attributes?.['MessageDeduplicationId'])).toEqual(['1', '1']);
  });

  test('a message received too often goes to the dead-letter queue', async () => {
    const deadUrl = await createQueue('dead');
    const url = await createQueue('source', {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead',
        maxReceiveCount: 1,
      }),
    });
    await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'poison' }));
    await client.send(new ReceiveMessageCommand({ QueueUrl: url, VisibilityTimeout: 0 }));
    await client.send(new ReceiveMessageCommand({ QueueUrl: url, VisibilityTimeout: 0 }));
    expect(await count(deadUrl)).toBe('1');
  });
});

async function count(url: string): Promise<string | undefined> {
  const { output } = await service.call('GetQueueAttributes', { QueueUrl: url, AttributeNames: ['All'] });
  return (output['Attributes'] as Record<string, string>)['ApproximateNumberOfMessages'];
}

async function query(fields: Record<string, string>, path = '/'): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${server.origin}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: new URLSearchParams({ Version: '2012-11-05', ...fields }).toString(),
  });
  return { status: answer.status, text: await answer.text() };
}

describe('the query protocol, as older SDKs send it', () => {
  test('create, send and receive', async () => {
    const created = await query({
      Action: 'CreateQueue',
      QueueName: 'old',
      'Attribute.1.Name': 'VisibilityTimeout',
      'Attribute.1.Value': '11',
    });
    expect(created.text).toContain(
      `<CreateQueueResult><QueueUrl>${server.origin}/000000000000/old</QueueUrl></CreateQueueResult>`,
    );
    const sent = await query(
      {
        Action: 'SendMessage',
        MessageBody: '<a> & "b"',
        'MessageAttribute.1.Name': 'id',
        'MessageAttribute.1.Value.DataType': 'String',
        'MessageAttribute.1.Value.StringValue': '7',
      },
      '/000000000000/old',
    );
    expect(sent.text).toMatch(/<MD5OfMessageBody>[0-9a-f]{32}<\/MD5OfMessageBody>/u);
    const received = await query(
      {
        Action: 'ReceiveMessage',
        'MessageAttributeName.1': 'All',
        'AttributeName.1': 'All',
        MaxNumberOfMessages: '5',
      },
      '/000000000000/old',
    );
    expect(received.text).toContain('<Body>&lt;a&gt; &amp; &quot;b&quot;</Body>');
    expect(received.text).toContain(
      '<MessageAttribute><Name>id</Name><Value><DataType>String</DataType><StringValue>7</StringValue></Value></MessageAttribute>',
    );
    expect(received.text).toContain(
      '<Attribute><Name>ApproximateReceiveCount</Name><Value>1</Value></Attribute>',
    );
    const attributes = await query(
      { Action: 'GetQueueAttributes', 'AttributeName.1': 'VisibilityTimeout' },
      '/000000000000/old',
    );
    expect(attributes.text).toContain(
      '<Attribute><Name>VisibilityTimeout</Name><Value>11</Value></Attribute>',
    );
  });

  test('batches', async () => {
    const url = await createQueue('oldbatch');
    const sent = await query({
      Action: 'SendMessageBatch',
      QueueUrl: url,
      'SendMessageBatchRequestEntry.1.Id': 'a',
      'SendMessageBatchRequestEntry.1.MessageBody': 'one',
      'SendMessageBatchRequestEntry.2.Id': 'b',
      'SendMessageBatchRequestEntry.2.MessageBody': 'two',
    });
    expect(sent.text.match(/<SendMessageBatchResultEntry>/gu)).toHaveLength(2);
    expect(await count(url)).toBe('2');
  });

  test('errors are XML with the old codes', async () => {
    const missing = await query({ Action: 'GetQueueUrl', QueueName: 'nowhere' });
    expect(missing.status).toBe(400);
    expect(missing.text).toContain('<Code>AWS.SimpleQueueService.NonExistentQueue</Code>');
    const refused = await query({ Action: 'AddPermission' });
    expect(refused.status).toBe(501);
    expect(refused.text).toContain('sqs:AddPermission');
  });
});
