/** Clients that misuse connections: slow ones, impatient ones, many of them, and those that hide one request in another. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway } from '../gateway/gateway.ts';
import { readBody } from '../protocol/body.ts';
import { startYard, type Yard } from '../yard.ts';
import { rawRequest, sendRaw } from './raw-client.fixture.ts';

const logged: string[] = [];
let yard: Yard;
beforeAll(async () => {
  yard = await startYard({ jobs: 'process', log: ({ message }) => void logged.push(message) });
});
afterAll(() => yard.close());

async function activityNames(): Promise<string[]> {
  const { activities } = await yard.caller
    .call({ service: 'sfn', operation: 'ListActivities', input: {} })
    .then(({ output }) => output as { activities: readonly { name: string }[] });
  return activities.map(({ name }) => name).toSorted();
}

test('headers that are too large are refused with 431', async () => {
  const many = Array.from({ length: 1500 }, (_, index) => `X-${index}: ${'v'.repeat(20)}`);
  for (const headers of [[`X-Large: ${'v'.repeat(40_000)}`], many]) {
    const { statuses } = await sendRaw(yard.port, [rawRequest('ListActivities', '{}', headers)]);
    expect(statuses).toEqual([431]);
  }
});

test('pipelined requests are answered in their order', async () => {
  const names = Array.from({ length: 50 }, (_, index) => `piped-${String(index).padStart(2, '0')}`);
  const requests = names.map((name) => rawRequest('CreateActivity', JSON.stringify({ name })));
  const { statuses, text } = await sendRaw(yard.port, [Buffer.concat(requests)], { answers: 50 });
  expect(statuses).toEqual(names.map(() => 200));
  expect([...text.matchAll(/activity:(piped-\d\d)"/gu)].map(([, name]) => name)).toEqual(names);
});

test('aborted requests are forgotten: before, within and after the body', async () => {
  const whole = rawRequest('ListActivities', `{"maxResults":${' '.repeat(5000)}10}`);
  const cuts = [1, 20, 100, 400, whole.length - 1, whole.length];
  const rounds = Array.from({ length: 40 }, () => cuts).flat();
  await Promise.all(rounds.map((cut) => sendRaw(yard.port, [whole.subarray(0, cut)], { waitMs: 20 })));
  expect((await sendRaw(yard.port, [rawRequest('ListActivities', '{}')], { answers: 1 })).statuses).toEqual([
    200,
  ]);
});

const HIDDEN = Buffer.from(rawRequest('CreateActivity', '{"name":"smuggled"}')).toString('latin1');
const HEAD = 'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Amz-Target: AWSStepFunctions.ListActivities\r\n';

/** Requests that two readers could end at different places, the hidden one after where the lenient one ends them. */
const SMUGGLING: readonly (readonly [string, string])[] = [
  [
    'length and chunks',
    `${HEAD}Content-Length: ${HIDDEN.length + 5}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${HIDDEN}`,
  ],
  ['two lengths', `${HEAD}Content-Length: 2\r\nContent-Length: ${HIDDEN.length + 2}\r\n\r\n{}${HIDDEN}`],
  ['a list of lengths', `${HEAD}Content-Length: 2, 2\r\n\r\n{}${HIDDEN}`],
  ['a signed length', `${HEAD}Content-Length: +2\r\n\r\n{}${HIDDEN}`],
  ['a negative length', `${HEAD}Content-Length: -1\r\n\r\n{}${HIDDEN}`],
  ['a hexadecimal length', `${HEAD}Content-Length: 0x2\r\n\r\n{}${HIDDEN}`],
  ['a length that is no integer', `${HEAD}Content-Length: 99999999999999999999999\r\n\r\n{}${HIDDEN}`],
  [
    'a space before the colon',
    `${HEAD}Transfer-Encoding : chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n${HIDDEN}`,
  ],
  [
    'a folded header',
    `${HEAD}X-A: b\r\n Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}${HIDDEN.replace('POST', 'P\u0000ST')}`,
  ],
  ['chunks that are not last', `${HEAD}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${HIDDEN}`],
  ['unknown encoding', `${HEAD}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${HIDDEN}`],
  [
    'a chunk size that is too large',
    `${HEAD}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n${HIDDEN}`,
  ],
  ['a chunk size with a sign', `${HEAD}Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n${HIDDEN}`],
  ['a bare carriage return in a header', `${HEAD}X-A: b\rContent-Length: 2\r\n\r\n{}${HIDDEN}`],
  ['NUL in a header', `${HEAD}X-A: b\u0000\r\nContent-Length: 2\r\n\r\n{}${HIDDEN}`],
];

test.each(SMUGGLING)('%s: refused, and nothing hidden runs', async (_, bytes) => {
  const { statuses } = await sendRaw(yard.port, [Buffer.from(bytes, 'latin1')], { waitMs: 2000 });
  expect(statuses.filter((status) => status !== 400)).toEqual([]);
  expect(statuses.length).toBeLessThanOrEqual(1);
  expect(await activityNames()).not.toContain('smuggled');
});

test('headers and bodies that never end are cut off when their time is over', async () => {
  const gateway = await startGateway({
    host: '127.0.0.1',
    port: 0,
    headersTimeoutMs: 300,
    requestTimeoutMs: 600,
    log: () => undefined,
  });
  try {
    gateway.serve({
      services: new Map([['sfn', async (request) => void (await readBody(request).catch(() => undefined))]]),
      account: () => Promise.resolve(new Map()),
      health: () => ({}),
      console: undefined,
    });
    const slow = [`${HEAD}X-Slow: `, `${HEAD}Content-Length: 100\r\n\r\n{`];
    const answers = await Promise.all(slow.map((part) => sendRaw(gateway.port, [part], { waitMs: 60_000 })));
    expect(answers.map(({ statuses }) => statuses)).toEqual([[408], [408]]);
    // One that sends nothing at all is told nothing, or the same.
    const silent = await sendRaw(gateway.port, [], { waitMs: 60_000 });
    expect(silent.statuses.filter((status) => status !== 408)).toEqual([]);
  } finally {
    await gateway.close();
  }
});

test('nothing of all that broke the yard', () => {
  expect(logged.filter((line) => line.includes('failed inside'))).toEqual([]);
});
