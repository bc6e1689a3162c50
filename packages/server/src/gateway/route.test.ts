import type { IncomingHttpHeaders } from 'node:http';
import { expect, test } from 'vitest';
import { accountOf, route } from './route.ts';

const signed = (scope: string): IncomingHttpHeaders => ({
  authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${scope}/aws4_request, SignedHeaders=host, Signature=0`,
});

test.each<[string, string, IncomingHttpHeaders, string, string | undefined]>([
  ['target', '/', { 'x-amz-target': 'AWSStepFunctions.StartExecution' }, 'sfn', 'StartExecution'],
  [
    'target before scope',
    '/',
    { ...signed('s3'), 'x-amz-target': 'AmazonSQS.SendMessage' },
    'sqs',
    'SendMessage',
  ],
  ['a target nobody knows', '/', { 'x-amz-target': 'Nimble_2020.Do' }, 'Nimble_2020', 'Do'],
  ['a target without a dot', '/', { 'x-amz-target': 'Nonsense' }, 'Nonsense', 'Nonsense'],
  ['scope', '/', signed('sns'), 'sns', undefined],
  ['scope with another name', '/', signed('states'), 'sfn', undefined],
  ['scope over path', '/000000000000/queue', signed('s3'), 's3', undefined],
  ['S3 path style', '/bucket/a/key', signed('s3'), 's3', undefined],
  [
    'presigned URL',
    '/bucket/key?X-Amz-Credential=test%2F20260101%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Signature=0',
    {},
    's3',
    undefined,
  ],
  ['Lambda path', '/2015-03-31/functions/f/invocations', {}, 'lambda', undefined],
  ['event source mapping path', '/2015-03-31/event-source-mappings/', {}, 'lambda', undefined],
  [
    'CloudWatch Logs',
    '/',
    { 'x-amz-target': 'Logs_20140328.PutLogEvents' },
    'cloudwatchlogs',
    'PutLogEvents',
  ],
  ['secrets', '/', { 'x-amz-target': 'secretsmanager.GetSecretValue' }, 'secretsmanager', 'GetSecretValue'],
  ['parameters', '/', { 'x-amz-target': 'AmazonSSM.GetParameter' }, 'ssm', 'GetParameter'],
  ['IAM', '/', signed('iam'), 'iam', undefined],
  ['STS', '/', signed('sts'), 'sts', undefined],
  ['STS host', '/', { host: 'sts.us-east-1.amazonaws.com' }, 'sts', undefined],
  ['Batch path', '/v1/submitjob', {}, 'batch', undefined],
  ['queue URL', '/000000000000/my-queue.fifo', {}, 'sqs', undefined],
  ['S3 virtual host', '/key', { host: 'bucket.s3.localhost:4566' }, 's3', undefined],
  ['S3 virtual host on AWS', '/key', { host: 'my.bucket.s3.us-east-1.amazonaws.com' }, 's3', undefined],
  ['service host', '/', { host: 'sqs.us-east-1.amazonaws.com' }, 'sqs', undefined],
  ['sync- prefix', '/', { host: 'sync-states.us-east-1.amazonaws.com' }, 'sfn', undefined],
])('%s', (_, url, headers, service, operation) => {
  expect(route(url, headers)).toEqual({ kind: 'service', service, operation });
});

test('what names no service is the yard itself or unknown', () => {
  expect(route('/_stepyard/health?x=1', { host: 'localhost' })).toEqual({
    kind: 'yard',
    path: '/_stepyard/health',
  });
  expect(route('/', { host: 'localhost:4566' })).toEqual({ kind: 'yard', path: '/' });
  expect(route('/', { host: '127.0.0.1' })).toEqual({ kind: 'yard', path: '/' });
  expect(route('/favicon.ico', { host: 'localhost:4566' })).toEqual({ kind: 'unknown' });
  expect(route('/x', { host: '192.168.1.1' })).toEqual({ kind: 'unknown' });
});

test.each([
  ['/', 'AWS4-HMAC-SHA256 Credential=123456789012/20260101/us-east-1/sqs/aws4_request, X', '123456789012'],
  ['/', 'AWS4-HMAC-SHA256 Credential=1234567890123/20260101/us-east-1/sqs/aws4_request, X', undefined],
  ['/', 'AWS4-HMAC-SHA256 Credential=AKIA123456789012/20260101/us-east-1/sqs/aws4_request, X', undefined],
  ['/b/k?X-Amz-Credential=123456789012%2F20260101%2Fus-east-1%2Fs3%2Faws4_request', '', '123456789012'],
  ['/?a=b', '', undefined],
])('the account of %s with %s', (url, authorization, account) => {
  expect(accountOf(url, { authorization })).toBe(account);
});
