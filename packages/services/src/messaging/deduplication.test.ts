import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isObject } from '@stepyard/asl';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFauxqs } from './fauxqs.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'stepyard-deduplication-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const URL = 'http://127.0.0.1:4566/000000000000/q.fifo';

/** Sends on a yard of its own; gives the message's id. */
async function send(deduplicationId: string, takesOut = false): Promise<string> {
  const fauxqs = await openFauxqs(directory);
  await fauxqs.sqs('CreateQueue', { QueueName: 'q.fifo', Attributes: { FifoQueue: 'true' } });
  const sent = await fauxqs.sqs('SendMessage', {
    QueueUrl: URL,
    MessageBody: 'm',
    MessageGroupId: 'g',
    MessageDeduplicationId: deduplicationId,
  });
  if (takesOut) await fauxqs.sqs('PurgeQueue', { QueueUrl: URL });
  await fauxqs.close();
  return JSON.stringify(isObject(sent) ? sent['MessageId'] : sent);
}

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-exactly-once-processing.html
test('a FIFO queue knows after a restart what it was sent in the last five minutes, even what was taken out', async () => {
  const first = await send('one', true);
  expect(await send('one')).toBe(first);
  expect(await send('two')).not.toBe(first);
});
