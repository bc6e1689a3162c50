import { createHash } from 'node:crypto';
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
  type MessageAttributeValue,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientOptions, serve } from '../wire/test-server.ts';
import { openFauxqs, type Fauxqs } from './fauxqs.ts';
import { createSqs } from './sqs.ts';

let fauxqs: Fauxqs;
let server: Awaited<ReturnType<typeof serve>>;
let client: SQSClient;
let QueueUrl: string;

beforeAll(async () => {
  fauxqs = await openFauxqs(undefined);
  server = await serve(createSqs(fauxqs, () => server.origin));
  client = new SQSClient(clientOptions(server.origin));
  QueueUrl = (await client.send(new CreateQueueCommand({ QueueName: 'checked' }))).QueueUrl ?? '';
});
afterAll(async () => {
  client.destroy();
  await server.close();
  await fauxqs.close();
});

const text = (StringValue: string): MessageAttributeValue => ({ DataType: 'String', StringValue });
const eleven = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`a${index}`, text('x')]));

test.each<[string, Record<string, MessageAttributeValue>, string]>([
  ['a control character', { a: text('b\u0001') }, 'InvalidMessageContents'],
  ['a lone half of a character', { a: text('\uFFFF') }, 'InvalidMessageContents'],
  ['an empty text', { a: text('') }, 'InvalidParameterValue'],
  ['a name with a blank', { 'a b': text('x') }, 'InvalidParameterValue'],
  ['a name that ends in a period', { 'a.': text('x') }, 'InvalidParameterValue'],
  ["a name of Amazon's own", { 'AWS.a': text('x') }, 'InvalidParameterValue'],
  ['a name of 257 characters', { ['a'.repeat(257)]: text('x') }, 'InvalidParameterValue'],
  ['an unknown type', { a: { DataType: 'Text', StringValue: 'x' } }, 'InvalidParameterValue'],
  ['no number', { a: { DataType: 'Number', StringValue: 'x' } }, 'InvalidParameterValue'],
  ['bytes as text', { a: { DataType: 'Binary', StringValue: 'x' } }, 'InvalidParameterValue'],
  ['eleven', eleven, 'InvalidParameterValue'],
])('an attribute is refused: %s', async (_name, MessageAttributes, name) => {
  const message = { MessageBody: 'm', MessageAttributes };
  await expect(client.send(new SendMessageCommand({ QueueUrl, ...message }))).rejects.toMatchObject({ name });
  const Entries = [{ Id: '1', ...message }];
  await expect(client.send(new SendMessageBatchCommand({ QueueUrl, Entries }))).rejects.toMatchObject({
    name,
  });
});

test.each(['\u0000', 'a\u0008', '\uFFFE'])('a body is refused: %j', async (MessageBody) => {
  await expect(client.send(new SendMessageCommand({ QueueUrl, MessageBody }))).rejects.toMatchObject({
    name: 'InvalidMessageContents',
  });
});

test('what SQS takes is delivered as it was sent', async () => {
  const MessageBody = '\t\n\r \u{1F600}é';
  const MessageAttributes: Record<string, MessageAttributeValue> = {
    'a-b_c.d': text('\t\u{1F600}'),
    count: { DataType: 'Number.int', StringValue: '-1.5e3' },
    bytes: { DataType: 'Binary', BinaryValue: Buffer.from([0, 1]) },
  };
  const sent = await client.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageAttributes }));
  expect(sent.MD5OfMessageBody).toBe(createHash('md5').update(MessageBody).digest('hex'));
  const { Messages: messages } = await client.send(
    new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'], VisibilityTimeout: 60 }),
  );
  expect(messages?.[0]?.Body).toBe(MessageBody);
  expect(Object.keys(messages?.[0]?.MessageAttributes ?? {}).toSorted()).toEqual([
    'a-b_c.d',
    'bytes',
    'count',
  ]);
});

test('the trace of a message, alone and in a batch, is shown to who asks; another system attribute is refused', async () => {
  const url = (await client.send(new CreateQueueCommand({ QueueName: 'traced' }))).QueueUrl ?? '';
  const trace = (header: string) => ({ AWSTraceHeader: text(header) });
  const send = (attributes: object): Promise<unknown> =>
    client.send(
      new SendMessageCommand({ QueueUrl: url, MessageBody: 'm', MessageSystemAttributes: attributes }),
    );
  await send(trace('Root=1'));
  const Entries = [
    { Id: 'a', MessageBody: 'm', MessageSystemAttributes: trace('Root=2') },
    { Id: 'b', MessageBody: 'm' },
  ];
  await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
  const received: (string | undefined)[] = [];
  for (let count = 0; count < 3; count += 1) {
    const { Messages: [message] = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl: url, MessageSystemAttributeNames: ['All'] }),
    );
    received.push(message?.Attributes?.['AWSTraceHeader']);
  }
  expect(new Set(received)).toEqual(new Set(['Root=1', 'Root=2', undefined]));
  await expect(send({ Other: text('x') })).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  await expect(send(trace(''))).rejects.toMatchObject({ name: 'InvalidParameterValue' });
});
