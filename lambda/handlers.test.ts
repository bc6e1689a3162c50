import { CreateTableCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Yard } from '@stepyard/server';
import { startYard } from '@stepyard/server';
import type { Context, SQSRecord } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

// The handlers as Lambda would load them, against the yard in place of AWS.
const TABLE = 'records';
const LEDGER = 'ledger';
const BUCKET = 'files';

const context: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'handler',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:handler',
  memoryLimitInMB: '512',
  awsRequestId: 'request',
  logGroupName: 'group',
  logStreamName: 'stream',
  getRemainingTimeInMillis: () => 30_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
};

let yard: Yard;
let dynamodb: DynamoDBClient;
let s3: S3Client;

beforeAll(async () => {
  yard = await startYard({ jobs: 'process' });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: yard.origin,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    POWERTOOLS_SERVICE_NAME: 'test',
    POWERTOOLS_METRICS_NAMESPACE: 'Stepyard',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
    TABLE_NAME: TABLE,
    BUCKET_NAME: BUCKET,
    LEDGER_TABLE_NAME: LEDGER,
    LEDGER_SECONDS: '3600',
  });
  dynamodb = new DynamoDBClient({});
  s3 = new S3Client({ forcePathStyle: true });
  for (const TableName of [TABLE, LEDGER]) {
    await dynamodb.send(
      new CreateTableCommand({
        TableName,
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
  }
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
});

afterAll(async () => {
  dynamodb.destroy();
  s3.destroy();
  await yard.close();
});

async function idsIn(TableName: string): Promise<string[]> {
  const { Items: items = [] } = await dynamodb.send(new ScanCommand({ TableName }));
  return items.map((item) => item['id']?.S ?? '').toSorted();
}

describe('the loader', () => {
  test('loads records from the input', async () => {
    const { handler } = await import('./loader/handler.ts');
    const source = { records: [{ sku: 'a' }, { sku: 'b' }], key: 'sku' };
    expect(await handler({ source }, context)).toEqual({ loaded: 2 });
    expect(await idsIn(TABLE)).toEqual(['a', 'b']);
  });

  test('loads a file of lines from the bucket', async () => {
    const { handler } = await import('./loader/handler.ts');
    const Body = Array.from({ length: 60 }, (_, index) => `{"id":"line-${index}"}`).join('\n');
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'good.jsonl', Body }));
    expect(await handler({ source: { bucket: BUCKET, key: 'good.jsonl' } }, context)).toEqual({ loaded: 60 });
    expect(await idsIn(TABLE)).toHaveLength(62);
  });

  test('writes nothing when one line is wrong, and says which', async () => {
    const { handler } = await import('./loader/handler.ts');
    const before = await idsIn(TABLE);
    const Body = '{"id":"new-1"}\n{"id":"new-2"}\n{"id":"new-1"}\n';
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'bad.jsonl', Body }));
    const loading = handler({ source: { bucket: BUCKET, key: 'bad.jsonl' } }, context);
    await expect(loading).rejects.toThrow('line 3: the key "new-1" is already that of line 1');
    await expect(loading).rejects.toMatchObject({ name: 'InvalidRecordsError' });
    expect(await idsIn(TABLE)).toEqual(before);
  });

  test('reads from its own bucket only, and understands nothing but a source', async () => {
    const { handler } = await import('./loader/handler.ts');
    await expect(handler({ source: { bucket: 'other', key: 'x' } }, context)).rejects.toThrow(
      'bucket other: records are read from files only',
    );
    await expect(handler({}, context)).rejects.toMatchObject({ name: 'InvalidInputError' });
  });
});

describe('the consumer', () => {
  test('consumes a record once however often it is delivered, and gives back only what failed', async () => {
    const { handler } = await import('./consumer/handler.ts');
    const event = { Records: [message('1', 'a'), message('2', 'b'), { ...message('3', 'c'), body: '' }] };
    const failed = { batchItemFailures: [{ itemIdentifier: '3' }] };
    expect(await handler(event, context)).toEqual(failed);
    const ledger = await idsIn(LEDGER);
    expect(ledger).toHaveLength(2);
    // Delivered again, under other message ids.
    const again = { Records: [message('4', 'a'), message('5', 'b')] };
    expect(await handler(again, context)).toEqual({ batchItemFailures: [] });
    expect(await idsIn(LEDGER)).toEqual(ledger);
  });

  test('takes a new version of a record as a new record', async () => {
    const { handler } = await import('./consumer/handler.ts');
    const before = await idsIn(LEDGER);
    await handler({ Records: [message('6', 'a', '2')] }, context);
    expect(await idsIn(LEDGER)).toHaveLength(before.length + 1);
  });
});

function message(messageId: string, id: string, version = '1'): SQSRecord {
  return {
    messageId,
    receiptHandle: messageId,
    body: `{"id":"${id}"}`,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: 'sender',
      ApproximateFirstReceiveTimestamp: '0',
      MessageGroupId: id,
    },
    messageAttributes: {
      recordId: { dataType: 'String', stringValue: id },
      recordVersion: { dataType: 'String', stringValue: version },
    },
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:records.fifo',
    awsRegion: 'us-east-1',
  };
}
