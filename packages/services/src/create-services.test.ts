import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { JsonObject } from '@stepyard/asl';
import type { ServiceCaller } from '@stepyard/engine';
import { createServiceCaller } from './caller/caller.ts';
import { createServices, type Services } from './create-services.ts';

const TABLE: JsonObject = {
  TableName: 'records',
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  BillingMode: 'PAY_PER_REQUEST',
};
const QUEUE: JsonObject = {
  QueueName: 'transfer.fifo',
  Attributes: {
    FifoQueue: 'true',
    DeduplicationScope: 'messageGroup',
    FifoThroughputLimit: 'perMessageGroupId',
  },
};
const QUEUE_URL = 'http://127.0.0.1:4566/000000000000/transfer.fifo';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function directory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'stepyard-services-'));
  cleanups.push(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function open(dataDir: string | undefined, port = 4566): Promise<Services> {
  const services: Services = await createServices({
    dataDir,
    gatewayOrigin: () => `http://127.0.0.1:${port}`,
    caller: (): ServiceCaller => createServiceCaller({ services: services.all }),
    log: () => undefined,
  });
  cleanups.push(() => services.close());
  return services;
}

test('every service has its own name and operations', async () => {
  const services = await open(undefined);
  expect(services.all.map(({ name }) => name)).toEqual([
    'dynamodb',
    'sqs',
    'sns',
    's3',
    'lambda',
    'eventbridge',
    'cloudwatchlogs',
    'cloudwatch',
    'secretsmanager',
    'ssm',
    'sts',
    'iam',
    'cloudformation',
    'http',
  ]);
  for (const service of services.all) {
    expect(service.operations.size).toBeGreaterThan(0);
    const refusal = service.call('NoSuchOperation', {});
    await expect(refusal).rejects.toMatchObject({
      service: service.name,
      code: 'StepyardOperationNotHosted',
      statusCode: 501,
      message: expect.stringContaining(`--endpoint ${service.name}=URL`) as string,
    });
  }
});

test('queue URLs are those of the gateway, also after a restart on another port', async () => {
  const dataDir = await directory();
  const first = await open(dataDir, 4566);
  expect((await first.sqs.call('CreateQueue', QUEUE)).output).toEqual({ QueueUrl: QUEUE_URL });
  await first.close();
  const second = await open(dataDir, 5000);
  const { output } = await second.sqs.call('GetQueueUrl', { QueueName: 'transfer.fifo' });
  expect(output).toEqual({ QueueUrl: 'http://127.0.0.1:5000/000000000000/transfer.fifo' });
  // A client that still has the old URL is understood.
  await second.sqs.call('GetQueueAttributes', { QueueUrl: QUEUE_URL });
});

test('everything that was acknowledged survives kill -9', async () => {
  const dataDir = await directory();
  const script = join(dataDir, 'writer.ts');
  await writeFile(
    script,
    `import { createServices } from ${JSON.stringify(new URL('./create-services.ts', import.meta.url).href)};
     const services = await createServices({
       dataDir: ${JSON.stringify(join(dataDir, 'data'))},
       gatewayOrigin: () => 'http://127.0.0.1:4566', caller: () => { throw new Error(); }, log: () => undefined,
     });
     await services.dynamodb.call('CreateTable', ${JSON.stringify(TABLE)});
     await services.sqs.call('CreateQueue', ${JSON.stringify(QUEUE)});
     await services.s3.call('CreateBucket', { Bucket: 'kept' });
     for (let index = 0; ; index += 1) {
       const id = String(index);
       await services.dynamodb.call('PutItem', { TableName: 'records', Item: { id: { S: id } } });
       await services.sqs.call('SendMessage', {
         QueueUrl: ${JSON.stringify(QUEUE_URL)}, MessageBody: id, MessageGroupId: id, MessageDeduplicationId: id,
       });
       await services.s3.call('PutObject', { Bucket: 'kept', Key: id, Body: id });
       process.stdout.write(id + '\\n');
     }`,
  );
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await expect.poll(() => output.split('\n').length, { timeout: 20_000 }).toBeGreaterThan(200);
  child.kill('SIGKILL');
  await once(child, 'close');
  const acknowledged = output.split('\n').length - 1;

  const services = await open(join(dataDir, 'data'));
  const { output: scan } = await services.dynamodb.call('Scan', { TableName: 'records', Select: 'COUNT' });
  expect(scan['Count']).toBeGreaterThanOrEqual(acknowledged);
  const received = new Set<string>();
  for (;;) {
    const { output: page } = await services.sqs.call('ReceiveMessage', {
      QueueUrl: QUEUE_URL,
      MaxNumberOfMessages: 10,
    });
    const messages = (page['Messages'] ?? []) as { Body: string }[];
    if (messages.length === 0) break;
    for (const { Body: body } of messages) received.add(body);
  }
  for (let index = 0; index < acknowledged; index += 1) expect(received.has(String(index))).toBe(true);
  const { output: object } = await services.s3.call('GetObject', {
    Bucket: 'kept',
    Key: String(acknowledged - 1),
  });
  expect(object['Body']).toBe(String(acknowledged - 1));
});

test('1,000 records are sent and deleted far faster than a transfer needs', async () => {
  const services = await open(await directory());
  await services.dynamodb.call('CreateTable', TABLE);
  await services.sqs.call('CreateQueue', QUEUE);
  const ids = Array.from({ length: 1000 }, (_, index) => `record-${index}`);
  for (const id of ids)
    await services.dynamodb.call('PutItem', { TableName: 'records', Item: { id: { S: id } } });
  const startMs = Date.now();
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      for (let id = ids.pop(); id !== undefined; id = ids.pop()) {
        await services.sqs.call('SendMessage', {
          QueueUrl: QUEUE_URL,
          MessageBody: 'x'.repeat(500),
          MessageGroupId: id,
          MessageDeduplicationId: id,
        });
        await services.dynamodb.call('DeleteItem', {
          TableName: 'records',
          Key: { id: { S: id } },
          ConditionExpression: 'attribute_exists(id)',
        });
      }
    }),
  );
  // 40 s for 10,000 would be 4 s here; it takes about half a second on two idle cores.
  expect(Date.now() - startMs).toBeLessThan(4000);
  expect((await services.dynamodb.call('Scan', { TableName: 'records' })).output['Count']).toBe(0);
});

test('a directory that cannot be used is an error, not a crash', async () => {
  const dataDir = await directory();
  await writeFile(join(dataDir, 'messaging'), 'a file in the way');
  await expect(open(dataDir)).rejects.toThrow(/EEXIST|ENOTDIR/u);
});
