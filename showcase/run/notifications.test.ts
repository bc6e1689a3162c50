import { expect, test } from 'vitest';
import { Inbox } from './notifications.ts';

const ARN = 'arn:aws:states:us-east-1:000000000000:execution:m:e';
const envelope = (message: unknown): string =>
  JSON.stringify({ Type: 'Notification', Message: JSON.stringify(message) });

test('what the workflow published is found by its execution', () => {
  const inbox = new Inbox();
  inbox.take(envelope({ useCase: 'x', status: 'SUCCEEDED', executionArn: ARN }));
  expect(inbox.statusOf(ARN)).toBe('SUCCEEDED');
  expect(inbox.statusOf(`${ARN}2`)).toBeUndefined();
});

test('so is what EventBridge told', () => {
  const inbox = new Inbox();
  inbox.take(envelope({ source: 'aws.states', detail: { executionArn: ARN, status: 'FAILED' } }));
  expect(inbox.statusOf(ARN)).toBe('FAILED');
});

test('the same execution told twice counts once: the first is kept', () => {
  const inbox = new Inbox();
  inbox.take(envelope({ status: 'FAILED', executionArn: ARN }));
  inbox.take(envelope({ detail: { executionArn: ARN, status: 'ABORTED' } }));
  expect(inbox.statusOf(ARN)).toBe('FAILED');
});

test.each([
  '',
  'no JSON',
  '[]',
  'null',
  '{"Message":"text"}',
  '{"Message":7}',
  envelope([1]),
  envelope({ detail: 'x' }),
])('anything else is passed over: %s', (body) => {
  const inbox = new Inbox();
  expect(() => inbox.take(body)).not.toThrow();
  expect(inbox.statusOf(ARN)).toBeUndefined();
});
