import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createServices, type Services } from '../../create-services.ts';
import { asText } from '../../member.ts';
import { clientOptions, serve } from '../../wire/test-server.ts';

let dataDir: string;
let services: Services;
let client: LambdaClient;
let stop: () => Promise<void>;
const lines: string[] = [];
const ARN = 'arn:aws:sqs:us-east-1:000000000000:work';

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'stepyard-mappings-'));
  await open();
});
afterEach(async () => {
  await stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function open(): Promise<void> {
  lines.length = 0;
  services = await createServices({
    dataDir,
    gatewayOrigin: () => 'http://127.0.0.1:4566',
    caller: () => {
      throw new Error('nothing calls back here');
    },
    log: ({ message }) => lines.push(message),
  });
  const server = await serve(services.lambda);
  client = new LambdaClient(clientOptions(server.origin));
  stop = async () => {
    client.destroy();
    await server.close();
    await services.close();
  };
}

async function putFunction(text: string, timeoutSeconds = 2): Promise<void> {
  await services.lambda.putFunction({
    functionName: 'consumer',
    runtime: 'nodejs24.x',
    handler: 'index.handler',
    environment: {},
    timeoutSeconds,
    memoryMb: 128,
    architectures: ['x86_64'],
    roleArn: 'arn:aws:iam::000000000000:role/r',
    description: '',
    reservedConcurrency: undefined,
    code: { kind: 'inline', text },
  });
}

async function queue(name = 'work', attributes: Record<string, string> = {}): Promise<string> {
  const { output } = await services.sqs.call('CreateQueue', { QueueName: name, Attributes: attributes });
  return asText(output['QueueUrl']);
}

const send = (url: string, body: string): Promise<unknown> =>
  services.sqs.call('SendMessage', { QueueUrl: url, MessageBody: body });

async function left(url: string): Promise<number> {
  const { output } = await services.sqs.call('GetQueueAttributes', {
    QueueUrl: url,
    AttributeNames: ['All'],
  });
  const attributes = output['Attributes'] as Record<string, string>;
  return (
    Number(attributes['ApproximateNumberOfMessages']) +
    Number(attributes['ApproximateNumberOfMessagesNotVisible'])
  );
}

/** What the function said that it has seen. */
const seen = (): string[] => lines.flatMap((line) => /^seen (.*)$/u.exec(line)?.[1]?.split(',') ?? []);
const SEE = `exports.handler = async ({ Records }) => { console.log('seen ' + Records.map(({ body }) => body)); };`;

test('messages go to the function and leave the queue', async () => {
  await putFunction(SEE);
  const url = await queue();
  const created = await client.send(
    new CreateEventSourceMappingCommand({ FunctionName: 'consumer', EventSourceArn: ARN, BatchSize: 5 }),
  );
  expect(created).toMatchObject({
    State: 'Enabled',
    BatchSize: 5,
    FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:consumer',
  });
  for (let index = 0; index < 20; index += 1) await send(url, `m${index}`);
  await expect.poll(() => seen().length, { timeout: 10_000 }).toBe(20);
  expect(new Set(seen()).size).toBe(20);
  await expect.poll(() => left(url)).toBe(0);
});

test('only the messages that the function reports come back, and end in the dead-letter queue', async () => {
  await putFunction(
    `exports.handler = async ({ Records }) => ({
       batchItemFailures: Records.filter(({ body }) => body === 'bad').map(({ messageId }) => ({ itemIdentifier: messageId })),
     });`,
    1,
  );
  const dead = await queue('dead');
  const url = await queue('work', {
    VisibilityTimeout: '1',
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead',
      maxReceiveCount: 2,
    }),
  });
  for (const body of ['good', 'bad', 'good']) await send(url, body);
  await client.send(
    new CreateEventSourceMappingCommand({
      FunctionName: 'consumer',
      EventSourceArn: ARN,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    }),
  );
  await expect.poll(() => left(dead), { timeout: 15_000 }).toBe(1);
  expect(await left(url)).toBe(0);
}, 30_000);

test('a disabled mapping takes nothing until it is enabled, and none after it is deleted', async () => {
  await putFunction(SEE);
  const url = await queue();
  await send(url, 'first');
  const { UUID: uuid, State: state } = await client.send(
    new CreateEventSourceMappingCommand({ FunctionName: 'consumer', EventSourceArn: ARN, Enabled: false }),
  );
  expect(state).toBe('Disabled');
  await new Promise((resolve) => {
    setTimeout(resolve, 300);
  });
  expect(await left(url)).toBe(1);
  await client.send(new UpdateEventSourceMappingCommand({ UUID: uuid, Enabled: true }));
  await expect.poll(seen, { timeout: 5000 }).toEqual(['first']);
  expect((await client.send(new GetEventSourceMappingCommand({ UUID: uuid }))).State).toBe('Enabled');
  const listed = await client.send(new ListEventSourceMappingsCommand({ FunctionName: 'consumer' }));
  expect(listed.EventSourceMappings?.map((mapping) => mapping.UUID)).toEqual([uuid]);
  await client.send(new DeleteEventSourceMappingCommand({ UUID: uuid }));
  await expect(client.send(new GetEventSourceMappingCommand({ UUID: uuid }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  await expect.poll(() => left(url)).toBe(0);
  await send(url, 'second');
  expect(await left(url)).toBe(1);
});

test('a mapping goes on after a restart', async () => {
  await putFunction(SEE);
  await queue();
  await client.send(new CreateEventSourceMappingCommand({ FunctionName: 'consumer', EventSourceArn: ARN }));
  await stop();
  await open();
  await send('http://127.0.0.1:4566/000000000000/work', 'later');
  await expect.poll(seen, { timeout: 5000 }).toEqual(['later']);
});

test('what cannot be hosted is refused by name, what is wrong as Lambda does', async () => {
  await putFunction(SEE, 60);
  await queue();
  const create = (members: object): Promise<unknown> =>
    client.send(
      new CreateEventSourceMappingCommand({ FunctionName: 'consumer', EventSourceArn: ARN, ...members }),
    );
  await expect(create({ EventSourceArn: 'arn:aws:kinesis:us-east-1:1:stream/s' })).rejects.toMatchObject({
    name: 'StepyardOperationNotHosted',
  });
  await expect(create({ DestinationConfig: { OnFailure: { Destination: ARN } } })).rejects.toThrow(
    /DestinationConfig/u,
  );
  await expect(create({ FunctionName: 'nobody' })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  await expect(create({ EventSourceArn: `${ARN}s` })).rejects.toThrow(/NonExistentQueue/u);
  await expect(create({})).rejects.toThrow(
    'Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds',
  );
  await putFunction(SEE);
  await create({});
  await expect(create({})).rejects.toMatchObject({ name: 'ResourceConflictException' });
});
