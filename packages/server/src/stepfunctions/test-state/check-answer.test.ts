import { loadSdk } from '@stepyard/services';
import type { Json } from '@stepyard/asl';
import { describe, expect, test } from 'vitest';
import { checkAnswer } from './check-answer.ts';
import { answerModel, type Model } from './service-models.ts';

async function model(service: string, operation: string): Promise<Model> {
  const found = answerModel(await loadSdk(service), operation);
  if (found === undefined) throw new Error(`no ${service}:${operation}`);
  return found;
}

// Recordings test_state/field-validation-mode*.
describe('checkAnswer', () => {
  test.each<[string, string, Json, string]>([
    ['sfn', 'StartExecution', {}, "Required field 'ExecutionArn' is missing"],
    ['sfn', 'StartExecution', { ExecutionArn: 'a', StartDate: 1 }, "Field 'StartDate' must be a string"],
    ['eventbridge', 'PutEvents', { Entries: 'x' }, "Field 'Entries' must be an array"],
    ['eventbridge', 'PutEvents', { Entries: [{}, { EventId: [] }] }, "Field 'EventId' must be a string"],
    [
      'dynamodb',
      'PutItem',
      { ConsumedCapacity: { CapacityUnits: '1' } },
      "Field 'CapacityUnits' must be a number",
    ],
    ['dynamodb', 'GetItem', { Item: { a: { BOOL: 'x' } } }, "Field 'BOOL' must be a boolean"],
    ['s3', 'GetObject', { StorageClass: 'Papyrus' }, "Field 'StorageClass' is not an expected value"],
    ['s3', 'GetObject', { Metadata: [] }, "Field 'Metadata' must be an object"],
    [
      'lambda',
      'GetFunction',
      { Configuration: { MemorySize: 127 } },
      "Field 'MemorySize' is less than the minimum value",
    ],
    [
      'lambda',
      'GetFunction',
      { Configuration: { MemorySize: 10_241 } },
      "Field 'MemorySize' exceeds the maximum value",
    ],
    ['kms', 'Encrypt', { CiphertextBlob: 123 }, "Field 'CiphertextBlob' must be a string"],
    ['kms', 'Encrypt', { CiphertextBlob: '' }, "Field 'CiphertextBlob' is smaller than the minimum length"],
    [
      'kms',
      'Encrypt',
      { CiphertextBlob: Buffer.alloc(6145).toString('base64') },
      "Field 'CiphertextBlob' exceeds the maximum length",
    ],
    ['s3', 'GetObject', [], 'Result must be an object'],
  ])('refuses %s:%s %j', async (service, operation, value, text) => {
    const found = await model(service, operation);
    expect(() => checkAnswer(found, value, 'STRICT')).toThrow(
      expect.objectContaining({
        code: 'ValidationException',
        message: `Mock result schema validation error: ${text}`,
      }) as Error,
    );
  });

  test.each<[string, string, Json]>([
    ['sfn', 'StartExecution', { ExecutionArn: 'a', StartDate: '2026-01-01T00:00:00Z', More: 1 }],
    ['kms', 'Encrypt', { CiphertextBlob: Buffer.alloc(6144).toString('base64') }],
    ['s3', 'GetObject', { StorageClass: 'STANDARD', Body: 'text', ContentLength: 4, LastModified: 'x' }],
    ['dynamodb', 'GetItem', { Item: { a: { L: [{ M: { b: { NULL: true } } }] } } }],
    ['lambda', 'GetFunction', { Configuration: { MemorySize: 128, Runtime: 'nodejs24.x' } }],
    ['lambda', 'GetFunction', { Configuration: { MemorySize: 10_240, Timeout: 1 } }],
  ])('accepts %s:%s %j', async (service, operation, value) => {
    const found = await model(service, operation);
    expect(() => checkAnswer(found, value, 'STRICT')).not.toThrow();
  });

  test('PRESENT asks only that what is there is right', async () => {
    const found = await model('sfn', 'StartExecution');
    expect(() => checkAnswer(found, {}, 'PRESENT')).not.toThrow();
    expect(() => checkAnswer(found, { ExecutionArn: 1 }, 'PRESENT')).toThrow('must be a string');
  });

  test('a client knows its own operations only', async () => {
    expect(answerModel(await loadSdk('sqs'), 'StartExecution')).toBeUndefined();
    expect(answerModel(await loadSdk('sqs'), '__proto__')).toBeUndefined();
  });
});
