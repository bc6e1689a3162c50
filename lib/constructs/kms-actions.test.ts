import { expect, test } from 'vitest';
import { kmsActionsFor } from './kms-actions.ts';

test('gives what an action on an encrypted resource needs on its key, once, in order', () => {
  expect(kmsActionsFor(['sns:Publish', 'sqs:SendMessage'])).toEqual(['kms:Decrypt', 'kms:GenerateDataKey']);
  expect(kmsActionsFor(['sqs:ReceiveMessage'])).toEqual(['kms:Decrypt']);
  expect(kmsActionsFor(['dynamodb:Scan'])).toEqual(['kms:Decrypt', 'kms:DescribeKey']);
  expect(kmsActionsFor(['dynamodb:DeleteItem'])).toContain('kms:ReEncryptFrom');
});

test('gives nothing for an action that needs no key', () => {
  expect(kmsActionsFor(['lambda:InvokeFunction', 'sqs:GetQueueAttributes'])).toEqual([]);
});

test('never gives a wildcard', () => {
  const actions = [
    'sns:Publish',
    'sqs:SendMessage',
    'dynamodb:PutItem',
    's3:PutObject',
    'states:StartExecution',
  ];
  expect(kmsActionsFor(actions).filter((action) => action.includes('*'))).toEqual([]);
});
