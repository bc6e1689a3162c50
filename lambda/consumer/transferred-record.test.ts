import type { SQSRecord } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { receiptFor, transferredRecord } from './transferred-record.ts';

function attribute(stringValue: string): SQSRecord['messageAttributes'][string] {
  return { stringValue, dataType: 'String', stringListValues: [], binaryListValues: [] };
}

function message(fields: { id?: string; version?: string; body?: string } = {}): SQSRecord {
  return {
    messageId: 'm',
    receiptHandle: 'h',
    body: fields.body ?? '{"id":"a"}',
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: 's',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {
      recordId: attribute(fields.id ?? 'a'),
      recordVersion: attribute(fields.version ?? '1'),
    },
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn',
    awsRegion: 'us-east-1',
  };
}

describe('transferredRecord', () => {
  test('reads id, version and payload', () => {
    expect(transferredRecord(message())).toMatchObject({ id: 'a', version: '1', payload: '{"id":"a"}' });
  });

  test('a repeat has the same key; another id, version or payload has another', () => {
    const { key } = transferredRecord(message());
    expect(transferredRecord(message()).key).toBe(key);
    for (const other of [{ id: 'b' }, { version: '2' }, { body: '{"id":"a","changed":true}' }]) {
      expect(transferredRecord(message(other)).key).not.toBe(key);
    }
  });

  test('refuses a message that is none of the transfer', () => {
    expect(() => transferredRecord({ ...message(), messageAttributes: {} })).toThrow('recordId');
    expect(() => transferredRecord(message({ body: '' }))).toThrow('Too small');
  });
});

test('a receipt says what was consumed without repeating it', () => {
  const receipt = receiptFor(transferredRecord(message({ body: '{"é":1}' })));
  expect(receipt).toMatchObject({ id: 'a', version: '1', payloadBytes: 8 });
  expect(receipt.payloadSha256).toMatch(/^[0-9a-f]{64}$/u);
});
