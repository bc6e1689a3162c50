import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TagResourceCommand,
  TransactWriteItemsCommand,
  UntagResourceCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '@stepyard/asl';
import type { HostedService } from '../service.ts';
import { clientOptions, recordOperations, serve } from '../wire/test-server.ts';
import { createDynamoDb } from './dynamodb.ts';

const TABLE: JsonObject = {
  TableName: 'records',
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  BillingMode: 'PAY_PER_REQUEST',
};

function nested(levels: number): JsonObject {
  let value: JsonObject = { S: 'x' };
  for (let level = 1; level < levels; level += 1) value = { L: [value] };
  return { TableName: 'records', Item: { id: { S: 'deep' }, value } };
}

describe('in process', () => {
  let service: HostedService;
  beforeAll(async () => {
    service = createDynamoDb({ dataDir: undefined });
    await service.call('CreateTable', TABLE);
  });
  afterAll(() => service.close());

  test('a table can be used as soon as CreateTable has answered', async () => {
    await service.call('PutItem', { TableName: 'records', Item: { id: { S: 'a' }, version: { N: '1' } } });
    const { output } = await service.call('GetItem', { TableName: 'records', Key: { id: { S: 'a' } } });
    expect(output).toEqual({ Item: { id: { S: 'a' }, version: { N: '1' } } });
  });

  test('an answer holds no undefined members', async () => {
    const { output } = await service.call('PutItem', { TableName: 'records', Item: { id: { S: 'a' } } });
    expect(Object.keys(output)).toEqual([]);
  });

  test('a failed condition is ConditionalCheckFailedException, with the item when asked for', async () => {
    await service.call('PutItem', { TableName: 'records', Item: { id: { S: 'c' }, version: { N: '2' } } });
    const condition = {
      TableName: 'records',
      Key: { id: { S: 'c' } },
      ConditionExpression: '#v = :v',
      ExpressionAttributeNames: { '#v': 'version' },
      ExpressionAttributeValues: { ':v': { N: '1' } },
    };
    await expect(service.call('DeleteItem', condition)).rejects.toMatchObject({
      code: 'ConditionalCheckFailedException',
      statusCode: 400,
      message: 'The conditional request failed',
      members: {},
    });
    await expect(
      service.call('DeleteItem', { ...condition, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
    ).rejects.toMatchObject({ members: { Item: { id: { S: 'c' }, version: { N: '2' } } } });
  });

  test('the input is not written to', async () => {
    const item = Object.freeze({ id: Object.freeze({ S: 'frozen' }) });
    const input = Object.freeze({ TableName: 'records', Item: item });
    await service.call('PutItem', input);
    expect(input).toEqual({ TableName: 'records', Item: { id: { S: 'frozen' } } });
  });

  test('operations and members that dynalite lacks are refused by name', async () => {
    await expect(service.call('TransactWriteItems', {})).rejects.toMatchObject({
      statusCode: 501,
      message: expect.stringContaining('dynamodb:TransactWriteItems') as string,
    });
    const stream = { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' };
    await expect(
      service.call('CreateTable', { ...TABLE, TableName: 'streamed', StreamSpecification: stream }),
    ).rejects.toMatchObject({
      statusCode: 501,
      message: expect.stringContaining('StreamSpecification') as string,
    });
    const dangerous = JSON.parse(
      '{"TableName":"records","Item":{"id":{"S":"p"},"__proto__":{"S":"x"}}}',
    ) as JsonObject;
    await expect(service.call('PutItem', dangerous)).rejects.toMatchObject({ statusCode: 501 });
  });

  test('nesting has a limit', async () => {
    await service.call('PutItem', nested(32));
    await expect(service.call('PutItem', nested(100))).rejects.toMatchObject({ code: 'ValidationException' });
    await expect(service.call('PutItem', nested(20_000))).rejects.toMatchObject({
      code: 'ValidationException',
    });
  });

  test('a table that is protected against deletion stays', async () => {
    await service.call('CreateTable', { ...TABLE, TableName: 'kept', DeletionProtectionEnabled: true });
    await expect(service.call('DeleteTable', { TableName: 'kept' })).rejects.toMatchObject({
      code: 'ValidationException',
    });
    await service.call('UpdateTable', { TableName: 'kept', DeletionProtectionEnabled: false });
    await service.call('DeleteTable', { TableName: 'kept' });
  });
});

describe('over the wire', () => {
  let service: HostedService;
  let server: Awaited<ReturnType<typeof serve>>;
  let client: DynamoDBClient;
  let called: ReadonlySet<string>;
  beforeAll(async () => {
    service = createDynamoDb({ dataDir: undefined });
    server = await serve(service);
    client = new DynamoDBClient(clientOptions(server.origin));
    called = recordOperations(client);
  });
  afterAll(async () => {
    client.destroy();
    await server.close();
    await service.close();
  });

  test('tables', async () => {
    const input = { TableName: 'orders', BillingMode: 'PAY_PER_REQUEST' } as const;
    const created = await client.send(
      new CreateTableCommand({
        ...input,
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: 'abc' },
        Tags: [{ Key: 'stage', Value: 'dev' }],
      }),
    );
    expect(created.TableDescription?.TableStatus).toBe('CREATING');
    const { Table: table } = await client.send(new DescribeTableCommand({ TableName: 'orders' }));
    expect(table).toMatchObject({
      TableStatus: 'ACTIVE',
      TableArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/orders',
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      SSEDescription: { Status: 'ENABLED', KMSMasterKeyArn: 'arn:aws:kms:us-east-1:000000000000:key/abc' },
    });
    const arn = table?.TableArn ?? '';
    expect((await client.send(new ListTagsOfResourceCommand({ ResourceArn: arn }))).Tags).toEqual([
      { Key: 'stage', Value: 'dev' },
    ]);
    await client.send(new TagResourceCommand({ ResourceArn: arn, Tags: [{ Key: 'a', Value: 'b' }] }));
    await client.send(new UntagResourceCommand({ ResourceArn: arn, TagKeys: ['stage'] }));
    expect((await client.send(new ListTagsOfResourceCommand({ ResourceArn: arn }))).Tags).toEqual([
      { Key: 'a', Value: 'b' },
    ]);
    expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual(['orders']);
    await client.send(
      new UpdateTableCommand({
        TableName: 'orders',
        BillingMode: 'PROVISIONED',
        ProvisionedThroughput: { ReadCapacityUnits: 2, WriteCapacityUnits: 3 },
      }),
    );
    await expect
      .poll(async () => (await client.send(new DescribeTableCommand({ TableName: arn }))).Table)
      .toMatchObject({ TableStatus: 'ACTIVE', ProvisionedThroughput: { ReadCapacityUnits: 2 } });
    await client.send(
      new UpdateTimeToLiveCommand({
        TableName: 'orders',
        TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
      }),
    );
    expect(
      (await client.send(new DescribeTimeToLiveCommand({ TableName: 'orders' }))).TimeToLiveDescription,
    ).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' });
    await client.send(new DeleteTableCommand({ TableName: 'orders' }));
    await expect(client.send(new ScanCommand({ TableName: 'orders' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('items', async () => {
    await client.send(
      new CreateTableCommand({
        TableName: 'items',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'N' },
        ],
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
      }),
    );
    await client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          items: Array.from({ length: 25 }, (_, index) => ({
            PutRequest: { Item: { pk: { S: 'p' }, sk: { N: String(index) }, text: { S: `é${index}` } } },
          })),
        },
      }),
    );
    const key = { pk: { S: 'p' }, sk: { N: '3' } };
    const updated = await client.send(
      new UpdateItemCommand({
        TableName: 'items',
        Key: key,
        UpdateExpression: 'SET visits = if_not_exists(visits, :zero) + :one',
        ExpressionAttributeValues: { ':zero': { N: '0' }, ':one': { N: '1' } },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    expect(updated.Attributes).toEqual({ visits: { N: '1' } });
    const query = await client.send(
      new QueryCommand({
        TableName: 'items',
        KeyConditionExpression: 'pk = :p AND sk BETWEEN :a AND :b',
        ExpressionAttributeValues: { ':p': { S: 'p' }, ':a': { N: '9' }, ':b': { N: '11' } },
      }),
    );
    expect(query.Items?.map((item) => item['sk'])).toEqual([{ N: '9' }, { N: '10' }, { N: '11' }]);
    const batch = await client.send(
      new BatchGetItemCommand({ RequestItems: { items: { Keys: [key], ProjectionExpression: 'visits' } } }),
    );
    expect(batch.Responses?.['items']).toEqual([{ visits: { N: '1' } }]);
    const seen: string[] = [];
    let start: Record<string, { S: string } | { N: string }> | undefined;
    do {
      const page = await client.send(
        new ScanCommand({ TableName: 'items', Limit: 10, ConsistentRead: true, ExclusiveStartKey: start }),
      );
      seen.push(...(page.Items ?? []).map((item) => item['sk']?.N ?? ''));
      start = page.LastEvaluatedKey as typeof start;
    } while (start !== undefined);
    expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => String(index)));
    await client.send(new DeleteItemCommand({ TableName: 'items', Key: key }));
    expect((await client.send(new GetItemCommand({ TableName: 'items', Key: key }))).Item).toBeUndefined();
    await expect(
      client.send(
        new PutItemCommand({
          TableName: 'items',
          Item: { pk: { S: 'p' }, sk: { N: '4' } },
          ConditionExpression: 'attribute_not_exists(pk)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      ),
    ).rejects.toMatchObject({ name: 'ConditionalCheckFailedException', Item: { text: { S: 'é4' } } });
  });

  test('every listed operation was called', () => {
    expect([...called].toSorted()).toEqual([...service.operations].toSorted());
  });

  test('a refusal is an error that the SDK shows by name', async () => {
    await expect(client.send(new TransactWriteItemsCommand({ TransactItems: [] }))).rejects.toMatchObject({
      name: 'StepyardOperationNotHosted',
      $metadata: { httpStatusCode: 501 },
    });
  });
});

test('tables survive a restart', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'stepyard-dynamodb-'));
  try {
    const first = createDynamoDb({ dataDir });
    await first.call('CreateTable', TABLE);
    await first.call('PutItem', { TableName: 'records', Item: { id: { S: 'a' } } });
    await first.close();
    const second = createDynamoDb({ dataDir });
    expect((await second.call('Scan', { TableName: 'records' })).output).toMatchObject({ Count: 1 });
    await second.close();
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});

test('calls that are under way when it closes come to their end, later ones are refused', async () => {
  const service = createDynamoDb({ dataDir: undefined });
  await service.call('CreateTable', TABLE);
  for (let index = 0; index < 100; index++)
    await service.call('PutItem', { TableName: 'records', Item: { id: { S: `${index}` } } });
  const calls = Array.from({ length: 20 }, () => service.call('Scan', { TableName: 'records' }));
  const closed = service.close();
  await expect(service.call('Scan', { TableName: 'records' })).rejects.toMatchObject({
    code: 'ServiceUnavailable',
  });
  const answers = await Promise.all(calls);
  expect(answers.map(({ output }) => output['Count'])).toEqual(Array(20).fill(100));
  await closed;
});
