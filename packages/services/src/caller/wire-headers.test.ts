import { expect, test } from 'vitest';
import type { JsonObject } from '@stepyard/asl';
import type { ServiceAnswer } from '@stepyard/engine';
import { invocationHeaders, wireHeaders } from './wire-headers.ts';

const UUID = '01234567-89ab-cdef-0123-456789abcdef';

function headersOf(service: string, operation: string, output: JsonObject): Readonly<Record<string, string>> {
  const answer: ServiceAnswer = { output, statusCode: 200, requestId: UUID, headers: {} };
  return wireHeaders(service, operation, answer);
}

test('a service of the AWS JSON protocol: names in their order (recording services/sqs-task-service--send-message)', () => {
  const headers = headersOf('sqs', 'SendMessage', { MD5OfMessageBody: 'a'.repeat(32), MessageId: UUID });
  expect(Object.keys(headers).join()).toBe('x-amzn-RequestId,connection,Content-Length,Date,Content-Type');
  expect(headers).toMatchObject({ 'Content-Length': '106', 'Content-Type': 'application/x-amz-json-1.0' });
});

test('Step Functions writes its dates as Java writes doubles', () => {
  const executionArn = 'x'.repeat(100);
  const length = (startDate: number): string | undefined =>
    headersOf('sfn', 'StartExecution', { executionArn, startDate })['Content-Length'];
  const rest = JSON.stringify({ executionArn, startDate: 0 }).length - 1;
  expect(length(1_762_432_530.123)).toBe(String(rest + '1.762432530123E9'.length));
  expect(length(1_762_432_530)).toBe(String(rest + '1.762432530E9'.length));
});

test('SNS answers in XML (recording services/sns-task-service--publish-base)', () => {
  const headers = headersOf('sns', 'Publish', { MessageId: UUID });
  expect(headers).toMatchObject({ 'Content-Length': '294', 'Content-Type': 'text/xml' });
});

test('DynamoDB has a checksum and a Server (recording services/dynamodb-task-service--base)', () => {
  const headers = headersOf('dynamodb', 'PutItem', {});
  expect(headers).toMatchObject({ Server: 'Server', 'Content-Length': '2', 'x-amz-crc32': '2745614147' });
});

test('a function: its version, its error and its log', () => {
  const answer = {
    statusCode: 200,
    executedVersion: '$LATEST',
    functionError: undefined,
    payload: '"ü"',
    requestId: UUID,
    headers: {},
  };
  expect(invocationHeaders(answer)).toMatchObject({
    'X-Amz-Executed-Version': '$LATEST',
    'x-amzn-Remapped-Content-Length': '0',
    'Content-Length': '4',
    'X-Amzn-Trace-Id': 'root=1-01234567-89abcdef0123456789abcdef;parent=0123456789abcdef;sampled=0',
  });
  const failed = { ...answer, functionError: 'Unhandled', logResult: 'bG9n' };
  expect(Object.keys(invocationHeaders(failed)).slice(0, 2).join()).toBe(
    'X-Amz-Function-Error,X-Amz-Log-Result',
  );
});
