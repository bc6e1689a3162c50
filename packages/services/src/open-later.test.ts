import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createServices, type Services } from './create-services.ts';
import { LaterFauxqs } from './messaging/later-fauxqs.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'stepyard-later-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const services = (): Promise<Services> =>
  createServices({
    dataDir: directory,
    gatewayOrigin: () => 'http://127.0.0.1:4566',
    caller: () => expect.unreachable(),
    log: () => undefined,
  });

const arnOf = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;

test('services that nobody calls are never opened, and close', async () => {
  const yard = await services();
  expect(yard.messages.queues()).toEqual([]);
  expect(yard.findQueue(arnOf('orders'))).toBeUndefined();
  await yard.close();
  await yard.close();
});

test('the first call opens a service, and calls at once open it once', async () => {
  const yard = await services();
  const created = ['one', 'two'].map((name) => yard.sqs.call('CreateQueue', { QueueName: name }));
  await Promise.all(created);
  expect(yard.messages.queues().map(({ name }) => name)).toEqual(['one', 'two']);
  const tables = await yard.dynamodb.call('ListTables', {});
  expect(tables.output).toEqual({ TableNames: [] });
  await yard.close();
});

test('where queues were kept they are there from the start, without a call', async () => {
  const before = await services();
  await before.sqs.call('CreateQueue', { QueueName: 'orders' });
  await before.close();
  const yard = await services();
  expect(yard.messages.queues().map(({ name }) => name)).toEqual(['orders']);
  expect(yard.findQueue(arnOf('orders'))).toBeDefined();
  await yard.close();
});

test('nothing is opened after the end', async () => {
  const fauxqs = await LaterFauxqs.create(undefined);
  await fauxqs.close();
  await expect(fauxqs.open()).rejects.toThrow('closed');
});
