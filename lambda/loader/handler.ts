import { setTimeout as sleep } from 'node:timers/promises';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { BatchWriteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { environment } from '../shared/environment.ts';
import { instrumented, logger, metrics, tracer } from '../shared/instrumented.ts';
import { parseInput } from '../shared/parse-input.ts';
import type { LoadedRecord } from './records.ts';
import { InvalidRecordsError, recordsFromLines, recordsFromValues } from './records.ts';
import type { SendBatch } from './write-records.ts';
import { writeRecords } from './write-records.ts';

const FILE_BYTES_MAX = 64 * 1024 * 1024;

/** Records in the input itself, or a file of JSON Lines in the stack's bucket. */
const LoaderInput = z.object({
  source: z.union([
    z.object({ records: z.array(z.unknown()), key: z.string().min(1).default('id') }),
    z.object({
      bucket: z.string().min(1),
      key: z.string().min(1),
      recordKey: z.string().min(1).default('id'),
    }),
  ]),
});

type Source = z.infer<typeof LoaderInput>['source'];

const dynamodb = tracer.captureAWSv3Client(new DynamoDBClient({}));
const s3 = tracer.captureAWSv3Client(
  // A local endpoint has no DNS name for each bucket.
  new S3Client({ forcePathStyle: process.env['AWS_ENDPOINT_URL'] !== undefined }),
);

/** Checks every record before it writes the first. Result: `{ loaded: <number> }`. */
export const handler = instrumented('loader', async (event: unknown) => {
  const { source } = parseInput(event, LoaderInput);
  const records = await read(source);
  const loaded = await writeRecords(records, sendTo(environment('TABLE_NAME')), (ms) => sleep(ms));
  metrics.addMetric('RecordsLoaded', MetricUnit.Count, loaded);
  logger.info('Records loaded', { loaded });
  return { loaded };
});

async function read(source: Source): Promise<LoadedRecord[]> {
  if ('records' in source) return recordsFromValues(source.records, source.key);
  const expected = environment('BUCKET_NAME');
  if (source.bucket !== expected) {
    throw new InvalidRecordsError(`bucket ${source.bucket}: records are read from ${expected} only`);
  }
  const object = await s3.send(new GetObjectCommand({ Bucket: source.bucket, Key: source.key }));
  const bytes = object.ContentLength ?? 0;
  if (object.Body === undefined || bytes > FILE_BYTES_MAX) {
    throw new InvalidRecordsError(`${source.key}: ${bytes} bytes; a file may have ${FILE_BYTES_MAX}`);
  }
  return recordsFromLines(await object.Body.transformToString(), source.recordKey);
}

function sendTo(tableName: string): SendBatch {
  return async (requests) => {
    const answer = await dynamodb.send(
      new BatchWriteItemCommand({ RequestItems: { [tableName]: requests } }),
    );
    return answer.UnprocessedItems?.[tableName] ?? [];
  };
}
