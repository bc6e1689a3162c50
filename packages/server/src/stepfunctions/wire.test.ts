/** What the API answers on the wire where no SDK would ask: host prefixes, wrong operations and bodies, repeated requests. */
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startYard, type Yard } from '../yard.ts';

const PASS = '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}';
const WAIT = '{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":600,"End":true}}}';
const ROLE = 'arn:aws:iam::000000000000:role/x';

let yard: Yard;
beforeAll(async () => {
  yard = await startYard({ jobs: 'process' });
});
afterAll(() => yard.close());

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Record<string, unknown>;
}

function send(target: string, body: string | Buffer, host = `127.0.0.1:${yard.port}`): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { host, 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.0' };
    const options = { host: '127.0.0.1', port: yard.port, method: 'POST', headers };
    const request = httpRequest(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({
          status: response.statusCode ?? 0,
          type: response.headers['content-type'] ?? '',
          body: JSON.parse(text) as Record<string, unknown>,
        });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

async function call(operation: string, input: object, host?: string): Promise<Record<string, unknown>> {
  return (await send(`AWSStepFunctions.${operation}`, JSON.stringify(input), host)).body;
}

async function machine(name: string, definition: string, type = 'STANDARD'): Promise<string> {
  const created = await call('CreateStateMachine', { name, definition, roleArn: ROLE, type });
  return String(created['stateMachineArn']);
}

test.each(['sync-states.us-east-1.amazonaws.com', 'sync-localhost', 'sync-127.0.0.1'])(
  'StartSyncExecution and TestState answer as %s',
  async (host) => {
    const stateMachineArn = await machine(`express-${host.replaceAll('.', '-')}`, PASS, 'EXPRESS');
    const started = await call('StartSyncExecution', { stateMachineArn, input: '[1]' }, host);
    expect(started).toMatchObject({ status: 'SUCCEEDED', output: '[1]' });
    const tested = await call('TestState', { definition: '{"Type":"Succeed"}' }, host);
    expect(tested).toMatchObject({ status: 'SUCCEEDED' });
  },
);

test.each<[string, string, string | Buffer, string]>([
  ['an operation that there is not', 'AWSStepFunctions.StartEverything', '{}', 'UnknownOperationException'],
  ['one of the prototype', 'AWSStepFunctions.constructor', '{}', 'UnknownOperationException'],
  ['no operation', 'AWSStepFunctions.', '{}', 'MissingAction'],
  ['no JSON', 'AWSStepFunctions.ListStateMachines', '{', 'SerializationException'],
  ['a list', 'AWSStepFunctions.ListStateMachines', '[]', 'SerializationException'],
  ['a text', 'AWSStepFunctions.ListStateMachines', '"x"', 'SerializationException'],
  ['bytes', 'AWSStepFunctions.ListStateMachines', Buffer.from([0x7b, 0xff, 0x7d]), 'SerializationException'],
  ['a wrong type', 'AWSStepFunctions.ListStateMachines', '{"maxResults":"1"}', 'SerializationException'],
  ['nothing that is needed', 'AWSStepFunctions.DescribeExecution', '', 'ValidationException'],
])('%s is a typed error', async (_name, target, body, code) => {
  const answer = await send(target, body);
  expect([answer.status, answer.type]).toEqual([400, 'application/x-amz-json-1.0']);
  expect(answer.body).toMatchObject({ __type: code, message: expect.any(String) as string });
});

test('an empty body asks for everything; members nobody knows and nulls are passed over', async () => {
  expect((await send('AWSStepFunctions.ListActivities', '')).body).toEqual({ activities: [] });
  const answer = await call('ListActivities', { nextToken: null, future: { x: 1 } });
  expect(answer).toEqual({ activities: [] });
});

test('StartExecution again: the same while it runs with the same input, refused otherwise', async () => {
  const stateMachineArn = await machine('repeats', WAIT);
  const start = (input: string): Promise<Record<string, unknown>> =>
    call('StartExecution', { stateMachineArn, name: 'once', input });
  const first = await start('{"a":1}');
  expect(await start('{"a":1}')).toEqual(first);
  const exists = { __type: 'ExecutionAlreadyExists' };
  expect(await start('{"a":2}')).toMatchObject(exists);
  await call('StopExecution', { executionArn: first['executionArn'] });
  expect(await start('{"a":1}')).toMatchObject(exists);
});

test('an Express name is free again at once', async () => {
  const stateMachineArn = await machine('express', PASS, 'EXPRESS');
  const start = (): Promise<Record<string, unknown>> =>
    call('StartExecution', { stateMachineArn, name: 'once' });
  const [first, second] = [await start(), await start()];
  expect(first['executionArn']).not.toBe(second['executionArn']);
});

test.each([
  'a b',
  'a<b',
  'a{b',
  'a[b',
  'a?b',
  'a*b',
  'a"b',
  'a#b',
  'a%b',
  'a\\b',
  'a^b',
  'a|b',
  'a~b',
  'a`b',
  'a$b',
  'a&b',
])('the name %j is refused wherever something is named', async (name) => {
  const invalid = { __type: 'InvalidName' };
  const input = { name, definition: PASS, roleArn: ROLE };
  expect(await call('CreateStateMachine', input)).toMatchObject(invalid);
  expect(await call('CreateActivity', { name })).toMatchObject(invalid);
  const stateMachineArn = await machine('named', PASS);
  expect(await call('StartExecution', { stateMachineArn, name })).toMatchObject(invalid);
});
