import { afterEach, expect, test } from 'vitest';
import { asText } from '../member.ts';
import { openFauxqs, type Fauxqs } from './fauxqs.ts';
import { createMessages, type Messages } from './messages.ts';
import { PUBLISHED_MAX, PublishedMessages } from './published.ts';
import { createSns } from './sns.ts';
import { createSqs } from './sqs.ts';

let fauxqs: Fauxqs | undefined;
afterEach(() => fauxqs?.close());

async function opened() {
  fauxqs = await openFauxqs(undefined, '000000000000');
  const published = new PublishedMessages();
  const sns = createSns(fauxqs, published);
  const sqs = createSqs(fauxqs, () => 'http://127.0.0.1:1');
  const messages: Messages = createMessages(() => fauxqs, published);
  const { output: queue } = await sqs.call('CreateQueue', { QueueName: 'q' });
  const { output: topic } = await sns.call('CreateTopic', { Name: 't' });
  return { sns, sqs, messages, url: asText(queue['QueueUrl']), topicArn: asText(topic['TopicArn']) };
}

test('shows what lies in a queue and leaves it there', async () => {
  const { sqs, messages, url } = await opened();
  await sqs.call('SendMessage', { QueueUrl: url, MessageBody: 'one' });
  const attribute = { DataType: 'String', StringValue: 'v' };
  await sqs.call('SendMessage', { QueueUrl: url, MessageBody: 'two', MessageAttributes: { a: attribute } });
  await sqs.call('SendMessage', { QueueUrl: url, MessageBody: 'later', DelaySeconds: 60 });
  await sqs.call('ReceiveMessage', { QueueUrl: url });
  for (let look = 0; look < 2; look++) {
    const [queue] = messages.queues();
    expect(queue?.name).toBe('q');
    expect(queue?.messages.map(({ body, state, receiveCount }) => [body, state, receiveCount])).toEqual([
      ['one', 'inFlight', 1],
      ['two', 'available', 0],
      ['later', 'delayed', 0],
    ]);
    expect(queue?.messages[1]?.attributes).toEqual({ a: 'v' });
  }
});

test('remembers what was published to a topic, one by one and in batches, and to whom', async () => {
  const { sns, messages, topicArn } = await opened();
  const queueArn = 'arn:aws:sqs:us-east-1:000000000000:q';
  await sns.call('Subscribe', { TopicArn: topicArn, Protocol: 'sqs', Endpoint: queueArn });
  const { output } = await sns.call('Publish', { TopicArn: topicArn, Subject: 's', Message: '<b>&' });
  await sns.call('PublishBatch', {
    TopicArn: topicArn,
    PublishBatchRequestEntries: [
      { Id: 'x', Message: 'first' },
      { Id: 'y', Message: 'second' },
    ],
  });
  const [second, first, single] = messages.published(topicArn);
  expect([second?.message, first?.message, single?.message]).toEqual(['second', 'first', '<b>&']);
  expect(single).toMatchObject({ messageId: output['MessageId'], subject: 's', to: [queueArn] });
  expect(messages.publishedCount(topicArn)).toBe(3);
});

test(`keeps the last ${PUBLISHED_MAX} of a topic, and counts them all`, async () => {
  const { sns, messages, topicArn } = await opened();
  for (let number = 0; number <= PUBLISHED_MAX; number++) {
    await sns.call('Publish', { TopicArn: topicArn, Message: String(number) });
  }
  expect(messages.published(topicArn)).toHaveLength(PUBLISHED_MAX);
  expect(messages.published(topicArn).at(-1)?.message).toBe('1');
  expect(messages.publishedCount(topicArn)).toBe(PUBLISHED_MAX + 1);
});
