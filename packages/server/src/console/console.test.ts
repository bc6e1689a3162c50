import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startYard, type Yard } from '../yard.ts';

let yard: Yard;
beforeEach(async () => {
  yard = await startYard({ virtualTime: true, jobs: 'process' });
});
afterEach(() => yard.close());

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function send(
  path: string,
  options: { headers?: Record<string, string>; method?: string; body?: string } = {},
): Promise<Answer> {
  const { method = 'GET', headers = {}, body } = options;
  return new Promise((resolve, reject) => {
    const sent = request(`${yard.origin}${path}`, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const OWN = { 'x-stepyard-console': '1' };

async function get(query: string, given: Record<string, string> = {}): Promise<unknown> {
  const answer = await send(`/_stepyard/api/${query}?${new URLSearchParams(given).toString()}`, {
    headers: OWN,
  });
  return answer.status === 200
    ? JSON.parse(answer.body)
    : { status: answer.status, ...JSON.parse(answer.body) };
}

async function post(command: string, body: unknown): Promise<unknown> {
  const headers = { ...OWN, 'content-type': 'application/json' };
  const answer = await send(`/_stepyard/api/${command}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  return answer.status === 200
    ? JSON.parse(answer.body)
    : { status: answer.status, ...JSON.parse(answer.body) };
}

async function started(definition: object, input = '{"n":1}', type: 'STANDARD' | 'EXPRESS' = 'STANDARD') {
  const { stateMachineArn } = await yard.engine.createStateMachine({
    name: `m-${type}`,
    definition: JSON.stringify(definition),
    roleArn: 'arn:aws:iam::000000000000:role/r',
    type,
  });
  const { executionArn } = await yard.engine.start({ stateMachineArn, input });
  return { stateMachineArn, executionArn };
}

const FAILING = {
  StartAt: 'A',
  States: {
    A: { Type: 'Pass', Assign: { v: '<b>' }, Next: 'B' },
    B: { Type: 'Pass', Parameters: { 'x.$': '$.n' }, Next: 'F' },
    F: { Type: 'Fail', Error: 'Bad', Cause: 'very' },
  },
};

describe('who may ask', () => {
  test.each<[string, Record<string, string>]>([
    ['without the header', {}],
    ['with another value of it', { 'x-stepyard-console': '0' }],
    ['from another origin', { ...OWN, origin: 'http://localhost:1' }],
    ['from another site', { ...OWN, 'sec-fetch-site': 'same-site' }],
  ])('a request %s is refused', async (_what, headers) => {
    const answer = await send('/_stepyard/api/overview', { headers });
    expect(answer.status).toBe(403);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  test('a page of this machine may not even ask whether it may', async () => {
    const headers = {
      origin: 'http://localhost:3000',
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'x-stepyard-console',
    };
    const answer = await send('/_stepyard/api/overview', { method: 'OPTIONS', headers });
    expect(answer.status).toBe(403);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  test('a name of an attacker that leads here is refused', async () => {
    const answer = await send('/_stepyard/api/overview', { headers: { ...OWN, host: 'evil.example' } });
    expect(answer.status).toBe(403);
  });

  test('its own page may', async () => {
    const headers = { ...OWN, origin: yard.origin, 'sec-fetch-site': 'same-origin' };
    expect((await send('/_stepyard/api/overview', { headers })).status).toBe(200);
  });
});

describe('queries', () => {
  test('an execution, from its list to the way of its data', async () => {
    const { stateMachineArn, executionArn: arn } = await started(FAILING);
    await yard.engine.whenEnded(arn);
    expect(await get('overview')).toMatchObject({
      isVirtualTime: true,
      account: '000000000000',
      machines: [
        { name: 'm-STANDARD', counts: { FAILED: 1, RUNNING: 0 }, lastExecution: { executionArn: arn } },
      ],
    });
    expect(await get('executions', { machine: stateMachineArn, status: 'FAILED' })).toMatchObject({
      items: [{ executionArn: arn, error: 'Bad', type: 'STANDARD' }],
      next: null,
    });
    expect(await get('execution', { arn })).toMatchObject({
      status: 'FAILED',
      cause: 'very',
      transitions: 3,
      input: { text: '{"n":1}', length: 7 },
      cost: { standardUsd: 0.000075 },
      gauges: { events: { used: 7, max: 25_000 }, payloadBytes: { used: 7, max: 262_144 } },
      forkOf: null,
      startingPoint: null,
    });
    expect(await get('visits', { arn })).toMatchObject({
      names: ['A', 'B', 'F'],
      types: ['Pass', 'Pass', 'Fail'],
      id: [2, 2, 2],
      name: [1, 2, 3],
      statuses: ['succeeded', 'failed'],
      visitStatus: [1, 1, 2],
      exit: [1, 1, 0],
      errors: ['Bad'],
      failures: { row: [3], error: [1] },
    });
    expect(await get('visit', { arn, visit: '6' })).toMatchObject({
      status: 'FAILED',
      visit: { id: 6, stateName: 'F', status: 'failed', error: 'Bad', cause: 'very' },
      number: 1,
      of: 1,
      previous: 0,
      next: 0,
    });
    expect(await get('visit', { arn, visit: '4', at: '4' })).toMatchObject({
      status: 'RUNNING',
      visit: { status: 'running', endedMs: null },
    });
    expect(await get('visit', { arn, visit: '6', at: '4' })).toMatchObject({ visit: null });
    expect(await get('graph', { arn })).toMatchObject({
      status: 'FAILED',
      eventCount: 7,
      states: [{ stateName: 'A' }, { stateName: 'B' }, { stateName: 'F', counts: { failed: 1 } }],
      ways: [
        { from: null, to: 'A', isCatch: false },
        { from: 'A', to: 'B' },
        { from: 'B', to: 'F' },
      ],
      failed: { id: 6, stateName: 'F' },
      latest: 'F',
    });
    expect(await get('graph', { arn, at: '4' })).toMatchObject({
      status: 'RUNNING',
      states: [{ stateName: 'A' }, { stateName: 'B', counts: { running: 1 } }],
      failed: null,
      latest: 'B',
    });
    expect(await get('snapshot', { arn, event: '4' })).toMatchObject({
      status: 'RUNNING',
      lines: [{ stateName: 'B', visit: 4, variables: { text: '{"v":"<b>"}' } }],
    });
    expect(await get('dataFlow', { arn, visit: '4' })).toMatchObject({
      input: { text: '{"n":1}' },
      output: { text: '{"x":1}' },
      steps: [{ station: 'afterInputPath' }, { station: 'afterParameters' }, {}, {}, {}],
    });
    const index = (await get('eventIndex', { arn })) as { types: string[]; type: number[]; visit: number[] };
    expect(index.type.map((type) => index.types[type - 1])[1]).toBe('PassStateEntered');
    expect(index.visit.map((back, at) => at + 1 - back)).toEqual([0, 2, 2, 4, 4, 6, 0]);
    expect(await get('events', { arn, from: '2', count: '1' })).toMatchObject({
      total: 7,
      events: [{ id: 2, type: 'PassStateEntered', details: { name: 'A', input: '{"n":1}' } }],
    });
  });

  test('an execution outlives its machine', async () => {
    const { stateMachineArn, executionArn: arn } = await started(FAILING);
    await yard.engine.whenEnded(arn);
    await yard.engine.deleteStateMachine(stateMachineArn);
    expect(await get('execution', { arn })).toMatchObject({ status: 'FAILED', forks: [] });
    expect(await get('activities')).toEqual([]);
  });

  test('what waits for somebody is shown with its token, which the API of AWS takes', async () => {
    // Virtual time would let it time out at once.
    await yard.close();
    yard = await startYard({ jobs: 'process' });
    const { activityArn } = await yard.engine.createActivity('a');
    const { executionArn: arn } = await started({
      StartAt: 'T',
      States: { T: { Type: 'Task', Resource: activityArn, TimeoutSeconds: 3000, End: true } },
    });
    await expect.poll(() => get('pending', { arn })).toMatchObject([{ kind: 'activity', isTaken: false }]);
    const [work] = (await get('pending', { arn })) as { taskToken: string }[];
    const taskToken = work?.taskToken ?? '';
    expect(await get('activities')).toMatchObject([
      { name: 'a', waiting: [{ executionArn: arn, taskToken }] },
    ]);
    await yard.engine.sendTaskSuccess({ taskToken, output: '7' });
    expect((await yard.engine.whenEnded(arn)).output).toBe('7');
  });

  test('Express executions, which AWS does not list, are listed and looked at', async () => {
    const { stateMachineArn, executionArn: arn } = await started(FAILING, '{"n":2}', 'EXPRESS');
    await yard.engine.whenEnded(arn);
    expect(await get('executions', { machine: stateMachineArn })).toMatchObject({
      items: [{ executionArn: arn, type: 'EXPRESS' }],
    });
    expect(await get('execution', { arn })).toMatchObject({ gauges: { events: { max: null } } });
    expect(await get('samples', { machine: stateMachineArn })).toMatchObject([
      { source: 'execution', input: '{"n":2}' },
    ]);
  });

  test.each<[string, Record<string, string>, number, string]>([
    ['nothing', {}, 404, 'NotFound'],
    ['__proto__', {}, 404, 'NotFound'],
    ['constructor', {}, 404, 'NotFound'],
    ['execution', {}, 400, 'InvalidRequest'],
    ['execution', { arn: 'no' }, 400, 'InvalidArn'],
    ['graph', { arn: 'arn:aws:states:us-east-1:000000000000:execution:m:x', at: '0' }, 400, 'InvalidRequest'],
    [
      'execution',
      { arn: 'arn:aws:states:us-east-1:000000000000:execution:m:x' },
      404,
      'ExecutionDoesNotExist',
    ],
    [
      'executions',
      { machine: 'arn:aws:states:us-east-1:0:stateMachine:m', limit: '1001' },
      400,
      'InvalidRequest',
    ],
    ['job', { service: 'x', id: '1' }, 400, 'InvalidRequest'],
    ['queue', { url: 'http://x/q' }, 404, 'NotFound'],
  ])('%s %j is an error that says so', async (query, given, status, error) => {
    expect(await get(query, given)).toMatchObject({ status, error });
  });
});

describe('commands', () => {
  test('a fork is a new execution, and both know of each other', async () => {
    const { executionArn } = await started(FAILING);
    await yard.engine.whenEnded(executionArn);
    const fork = (await post('fork', {
      executionArn,
      stateName: 'B',
      input: '{"n":9}',
      variables: '{"v":2}',
    })) as {
      executionArn: string;
    };
    await yard.engine.whenEnded(fork.executionArn);
    expect(await get('execution', { arn: fork.executionArn })).toMatchObject({
      forkOf: executionArn,
      startingPoint: { stateName: 'B', around: [], input: { text: '{"n":9}' }, hasOwnDefinition: false },
    });
    expect(await get('execution', { arn: executionArn })).toMatchObject({ forks: [fork.executionArn] });
  });

  test('a fork at a state within a Map begins with the iteration of that visit', async () => {
    const { executionArn } = await started(
      {
        StartAt: 'M',
        States: {
          M: {
            Type: 'Map',
            ItemProcessor: { StartAt: 'I', States: { I: { Type: 'Pass', End: true } } },
            End: true,
          },
        },
      },
      '[1,2,3]',
    );
    await yard.engine.whenEnded(executionArn);
    const { id, index } = (await get('visits', { arn: executionArn })) as { id: number[]; index: number[] };
    // Each id is given since the one before, an iteration is counted from 1.
    const second = id.slice(0, index.indexOf(2) + 1).reduce((sum, one) => sum + one, 0);
    const body = { executionArn, stateName: 'I', input: '"edited"' };
    expect(await post('fork', { ...body, visit: '5' })).toMatchObject({ error: 'InvalidRequest' });
    expect(await post('fork', body)).toMatchObject({ error: 'ValidationException' });
    const fork = (await post('fork', { ...body, visit: second })) as { executionArn: string };
    expect((await yard.engine.whenEnded(fork.executionArn)).output).toBe('[1,"edited",3]');
    expect(await get('execution', { arn: fork.executionArn })).toMatchObject({
      startingPoint: { stateName: 'I', around: [{ stateName: 'M', index: 1 }] },
    });
  });

  test('virtual time is advanced; a yard on the system time says that it cannot', async () => {
    const { nowMs } = (await get('overview')) as { nowMs: number };
    expect(await post('advanceClock', { byMs: 60_000 })).toEqual({ nowMs: nowMs + 60_000 });
    expect(await post('advanceClock', { byMs: -1 })).toMatchObject({ status: 400 });
    await yard.close();
    yard = await startYard({ jobs: 'process' });
    expect(await post('advanceClock', { byMs: 1 })).toMatchObject({ status: 409, error: 'Conflict' });
  });

  test.each([
    [{ language: 'JSONPath', expression: '$.a[1]', input: '{"a":[1,2]}' }, '2'],
    [
      { language: 'JSONPath', expression: "States.Format('{}', $v)", input: '1', variables: '{"v":"x"}' },
      '"x"',
    ],
    [
      {
        language: 'JSONPath',
        expression: '{"b.$":"$$.Execution.Id"}',
        input: '1',
        context: '{"Execution":{"Id":"i"}}',
      },
      '{"b":"i"}',
    ],
    [{ language: 'JSONata', expression: '{% $states.input.a %}', input: '{"a":1}' }, '1'],
    [
      {
        language: 'JSONata',
        expression: '$sum($v) + $states.result',
        input: '0',
        variables: '{"v":[1,2]}',
        result: '3',
      },
      '6',
    ],
    [
      {
        language: 'JSONata',
        expression: '{"r": "{% $states.errorOutput.Error %}"}',
        input: '0',
        errorOutput: '{"Error":"E"}',
      },
      '{"r":"E"}',
    ],
  ])('evaluates %j', async (body, text) => {
    expect(await post('evaluate', body)).toMatchObject({ kind: 'value', value: { text } });
  });

  test.each([
    [{ language: 'JSONPath', expression: '$.b', input: '{}' }, 'States.Runtime', "The JSONPath '$.b'"],
    [{ language: 'JSONPath', expression: '$.[', input: '{}' }, 'InvalidDefinition', ''],
    [
      { language: 'JSONata', expression: '$states.input.b', input: '{}' },
      'States.QueryEvaluationError',
      'returned nothing',
    ],
    [{ language: 'JSONata', expression: '1 +', input: '{}' }, 'InvalidDefinition', ''],
  ])('says of %j what Step Functions would', async (body, error, cause) => {
    expect(await post('evaluate', body)).toMatchObject({
      kind: 'error',
      error,
      cause: expect.stringContaining(cause),
    });
  });

  test.each([
    ['fork', { stateName: 'x', input: '{}' }],
    ['fork', []],
    ['evaluate', { language: 'SQL', expression: '1', input: '1' }],
    ['evaluate', { language: 'JSONata', expression: '1', input: '{' }],
  ])('%s %j is refused', async (command, body) => {
    expect(await post(command, body)).toMatchObject({ status: 400, error: 'InvalidRequest' });
  });

  test('a body that is no JSON in name is refused: a form of another page could send it', async () => {
    const headers = { ...OWN, 'content-type': 'text/plain' };
    const answer = await send('/_stepyard/api/evaluate', { method: 'POST', headers, body: '{}' });
    expect(answer.status).toBe(415);
  });
});
