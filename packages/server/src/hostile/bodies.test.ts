/** Bodies that no client of good will sends, to every hosted service that reads JSON, forms or XML. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startYard, type Yard } from '../yard.ts';
import { rawRequest, sendRaw } from './raw-client.fixture.ts';

const MEBIBYTE = 1024 * 1024;

const logged: string[] = [];
let yard: Yard;
beforeAll(async () => {
  yard = await startYard({ jobs: 'process', log: ({ message }) => void logged.push(message) });
});
afterAll(() => yard.close());

/** A service's name, what its protocol's headers are, with an operation of it, and its path where the operation is in that. */
const SERVICES: readonly {
  readonly service: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly path?: string;
}[] = [
  { service: 'sfn', headers: target('AWSStepFunctions.CreateActivity') },
  { service: 'dynamodb', headers: target('DynamoDB_20120810.PutItem') },
  { service: 'sqs', headers: target('AmazonSQS.CreateQueue') },
  { service: 'eventbridge', headers: target('AWSEvents.PutEvents') },
  { service: 'logs', headers: target('Logs_20140328.CreateLogGroup') },
  { service: 'secretsmanager', headers: target('secretsmanager.CreateSecret') },
  { service: 'ssm', headers: target('AmazonSSM.PutParameter') },
  { service: 'ecs', headers: target('AmazonEC2ContainerServiceV20141113.RunTask') },
  { service: 'sns', headers: form('sns') },
  { service: 'sts', headers: form('sts') },
  { service: 'iam', headers: form('iam') },
  { service: 'lambda', headers: scope('lambda', 'application/json'), path: '/2015-03-31/functions' },
  { service: 'batch', headers: scope('batch', 'application/json'), path: '/v1/submitjob' },
  { service: 's3', headers: scope('s3', 'application/xml'), path: '/bucket?delete' },
];

function target(name: string): Record<string, string> {
  return { 'x-amz-target': name, 'content-type': 'application/x-amz-json-1.0' };
}
function scope(service: string, contentType: string): Record<string, string> {
  const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  return { authorization, 'content-type': contentType };
}
function form(service: string): Record<string, string> {
  return scope(service, 'application/x-www-form-urlencoded');
}

const BODIES: readonly (readonly [string, string | Uint8Array])[] = [
  ['nothing', ''],
  ['half an object', '{"name":'],
  ['a list', '[]'],
  ['null', 'null'],
  ['100,000 levels of lists', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ['100,000 levels of objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
  ['100,000 levels inside a member', `{"name":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ['100,000 levels never closed', '['.repeat(100_000)],
  ['__proto__', '{"__proto__":{"name":"n","polluted":true},"constructor":{"prototype":{"polluted":true}}}'],
  ['a number out of range', '{"name":1e999999}'],
  ['a number of a million digits', `{"name":${'9'.repeat(1_000_000)}}`],
  ['lone surrogates', String.raw`{"name":"\ud800","tags":[{"key":"\udfff","value":"\ud800\ud800"}]}`],
  ['NUL and control characters', String.raw`{"name":"a\u0000b\u001b[31m"}`],
  ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0xc0, 0x80, 0x22, 0x3a, 0x31, 0x7d])],
  [
    'an overlong string of UTF-8',
    Buffer.concat([Buffer.from('{"name":"'), Buffer.alloc(1000, 0xf8), Buffer.from('"}')]),
  ],
  ['UTF-16', Buffer.from('{"name":"n"}', 'utf16le')],
  ['a byte order mark', '\ufeff{"name":"n"}'],
  ['100,000 members', `{${Array.from({ length: 100_000 }, (_, index) => `"k${index}":0`).join(',')}}`],
  ['a member 100,000 times', `{${'"name":"n",'.repeat(100_000)}"name":"n"}`],
  [
    '100,000 list entries that are wrong',
    `{"name":"n","tags":[${'{"key":"","value":1},'.repeat(100_000)}{}]}`,
  ],
  ['a form of 100,000 fields', `Action=Publish&${'a=b&'.repeat(100_000)}`],
  [
    'a form that nests',
    `Action=Publish&${Array.from({ length: 2000 }, (_, depth) => `M${'.member.1'.repeat(depth % 200)}=x`).join('&')}`,
  ],
  ['percent signs', `Action=%&%ff=%fe&Version=%zz`],
  [
    'XML entities',
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>',
  ],
];

describe.each(SERVICES)('$service', ({ service, headers, path = '/' }) => {
  test.each(BODIES)('answers %s', async (_name, body) => {
    const answer = await fetch(`${yard.origin}${path}`, { method: 'POST', headers, body: Buffer.from(body) });
    const text = await answer.text();
    expect(answer.status, text.slice(0, 300)).not.toBe(500);
    expect(text.length).toBeLessThan(2 * MEBIBYTE);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  // An object may be as large as that.
  test.skipIf(service === 's3')('refuses 100 MB without reading it all', async () => {
    const lines = [
      `POST ${path} HTTP/1.1`,
      'Host: 127.0.0.1',
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ];
    const head = `${lines.join('\r\n')}\r\nContent-Length: ${100 * MEBIBYTE}\r\n\r\n`;
    const { statuses, sentBytes } = await sendRaw(yard.port, megabytes(head, 100), {
      answers: 1,
      waitMs: 30_000,
    });
    expect(statuses.filter((status) => status >= 400 && status < 500)).toHaveLength(1);
    // The code of a function may be 50 MB in a zip, which is 67 in base64; the rest is on its way in the system's buffers.
    expect(sentBytes).toBeLessThan((service === 'lambda' ? 95 : 60) * MEBIBYTE);
  });
});

test('100 MB in chunks of no announced length are refused too', async () => {
  const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(0x1_00_00, 0x20), Buffer.from('\r\n')]);
  const head =
    'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Amz-Target: AWSStepFunctions.ListActivities\r\nTransfer-Encoding: chunked\r\n\r\n';
  const parts = function* (): Generator<string | Uint8Array> {
    yield head;
    for (let index = 0; index < 1600; index++) yield chunk;
  };
  const { statuses, text, sentBytes } = await sendRaw(yard.port, parts(), { answers: 1, waitMs: 30_000 });
  expect(statuses).toEqual([413]);
  expect(text).toContain('RequestEntityTooLargeException');
  expect(sentBytes).toBeLessThan(60 * MEBIBYTE);
});

test('a wrong content type, an encoding, a method or a path is no way around', async () => {
  const odd = [
    rawRequest('ListActivities', '{}', ['Content-Type: text/html']),
    rawRequest('ListActivities', Buffer.from([0x1f, 0x8b, 0x08]), ['Content-Encoding: gzip']),
    rawRequest('ListActivities', '{}', ['Expect: 100-continue']),
    rawRequest('../../etc/passwd', '{}'),
    rawRequest('__proto__', '{}'),
    rawRequest('constructor', '{}'),
  ];
  for (const request of odd) {
    const { statuses } = await sendRaw(yard.port, [request], { answers: 1 });
    expect(statuses.every((status) => status !== 500) && statuses.length > 0).toBe(true);
  }
  for (const line of [
    'GET //../../etc/passwd',
    'GET /%2e%2e/%00',
    `GET /${'a'.repeat(8000)}`,
    'DELETE *',
    'TRACE /',
    'GET http://evil.example/',
  ]) {
    const { statuses } = await sendRaw(yard.port, [`${line} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`], {
      answers: 1,
    });
    expect(statuses).toHaveLength(1);
    expect(statuses[0]).not.toBe(500);
  }
});

function* megabytes(head: string, count: number): Generator<string | Uint8Array> {
  yield head;
  const block = Buffer.alloc(MEBIBYTE, 0x20);
  for (let index = 0; index < count; index++) yield block;
}

test('nothing of all that broke the yard', async () => {
  expect(logged.filter((line) => line.includes('failed inside'))).toEqual([]);
  expect((await fetch(`${yard.origin}/_stepyard/health`)).status).toBe(200);
});
