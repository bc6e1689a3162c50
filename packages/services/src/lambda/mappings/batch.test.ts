import { describe, expect, test } from 'vitest';
import type { JsonObject } from '@stepyard/asl';
import { recordFilter, sqsRecord, succeededIds } from './batch.ts';
import { readSettings, type Mapping } from './mapping.ts';

const ARN = 'arn:aws:sqs:us-east-1:000000000000:work';
const IDS = ['a', 'b', 'c'];

describe('what a function answers', () => {
  test.each([
    ['{"batchItemFailures":[]}', IDS],
    ['{}', IDS],
    ['null', IDS],
    ['', IDS],
    ['{"batchItemFailures":null}', IDS],
    ['{"batchItemFailures":[{"itemIdentifier":"b"}]}', ['a', 'c']],
    // AWS takes the whole batch for failed when it cannot make sense of the answer.
    ['{"batchItemFailures":[{"itemIdentifier":"z"}]}', []],
    ['{"batchItemFailures":[{"itemIdentifier":""}]}', []],
    ['{"batchItemFailures":[{}]}', []],
    ['{"batchItemFailures":"b"}', []],
    ['not JSON', []],
  ])('%s', (payload, expected) => {
    expect(succeededIds(IDS, payload, true)).toEqual(expected);
  });

  test('is of no interest without ReportBatchItemFailures', () => {
    expect(succeededIds(IDS, '{"batchItemFailures":[{"itemIdentifier":"b"}]}', false)).toEqual(IDS);
  });
});

test('a message becomes a record with its attributes', () => {
  const record = sqsRecord(
    {
      MessageId: 'm',
      ReceiptHandle: 'r',
      Body: '{}',
      MD5OfBody: 'd',
      Attributes: { SentTimestamp: '1' },
      MessageAttributes: { __proto__x: { DataType: 'String', StringValue: 'v' } },
    },
    ARN,
  );
  expect(record).toEqual({
    messageId: 'm',
    receiptHandle: 'r',
    body: '{}',
    md5OfBody: 'd',
    attributes: { SentTimestamp: '1' },
    messageAttributes: {
      __proto__x: { stringValue: 'v', stringListValues: [], binaryListValues: [], dataType: 'String' },
    },
    eventSource: 'aws:sqs',
    eventSourceARN: ARN,
    awsRegion: 'us-east-1',
  });
});

test('filters see the body as JSON, and as text where it is none', () => {
  const of = (filters: readonly string[]): ((record: JsonObject) => boolean) =>
    recordFilter({ filters } as unknown as Mapping);
  const isWanted = of(['{"body":{"kind":["order"]}}', '{"body":["plain"]}']);
  expect(isWanted({ body: '{"kind":"order"}' })).toBe(true);
  expect(isWanted({ body: '{"kind":"other"}' })).toBe(false);
  expect(isWanted({ body: 'plain' })).toBe(true);
  expect(of([])({ body: 'anything' })).toBe(true);
});

describe('settings', () => {
  const read = (input: JsonObject, isFifo = false): unknown =>
    readSettings('CreateEventSourceMapping', input, isFifo);
  test('have the defaults of Lambda', () => {
    expect(read({})).toEqual({
      enabled: true,
      batchSize: 10,
      windowSeconds: 0,
      maximumConcurrency: undefined,
      reportsFailures: false,
      filters: [],
    });
  });
  test.each<[string, JsonObject, boolean]>([
    ['a batch over 10 without a window', { BatchSize: 11 }, false],
    ['a batch over the limit', { BatchSize: 10_001, MaximumBatchingWindowInSeconds: 1 }, false],
    ['a batch over 10 of a FIFO queue', { BatchSize: 11, MaximumBatchingWindowInSeconds: 1 }, true],
    ['a window over 300 s', { MaximumBatchingWindowInSeconds: 301 }, false],
    ['a concurrency of one', { ScalingConfig: { MaximumConcurrency: 1 } }, false],
    ['a filter that is no pattern', { FilterCriteria: { Filters: [{ Pattern: '{' }] } }, false],
  ])('refuse %s', (_, input, isFifo) => {
    expect(() => read(input, isFifo)).toThrow(
      expect.objectContaining({ code: 'InvalidParameterValueException' }) as Error,
    );
  });
  test('take the limits themselves', () => {
    expect(read({ BatchSize: 10_000, MaximumBatchingWindowInSeconds: 300 })).toMatchObject({
      batchSize: 10_000,
    });
  });
});
