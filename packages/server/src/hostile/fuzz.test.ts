/** A client that knows the API's model and uses it without sense: 20,000 requests from one seed (STEPYARD_FUZZ_REQUESTS for more). */
import { Agent, request } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Json, JsonObject } from '@stepyard/asl';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startYard, type Yard } from '../yard.ts';
import { randomFrom } from './random.fixture.ts';
import { fuzzRequest, OPERATION_NAMES, Pool, type FuzzRequest } from './requests.fixture.ts';

const REQUESTS = Number(process.env['STEPYARD_FUZZ_REQUESTS'] ?? 20_000);
const SEED = Number(process.env['STEPYARD_FUZZ_SEED'] ?? 1);
const CLIENTS = 24;
/** GetActivityTask waits a minute for a task, StartSyncExecution for an execution: these clients do not. */
const PATIENCE_MS = 400;

interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

const logged: string[] = [];
const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
let yard: Yard;
beforeAll(async () => {
  yard = await startYard({ jobs: 'process', log: ({ message }) => void logged.push(message) });
});
afterAll(async () => {
  agent.destroy();
  await yard.close();
});

/** undefined: the client's patience was over first. */
function send({ operation, body }: FuzzRequest): Promise<Answer | undefined> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AWSStepFunctions.${operation}`,
    };
    const outgoing = request(yard.origin, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () => resolve(undefined));
      response.on('end', () => {
        clearTimeout(patience);
        resolve({
          statusCode: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        });
      });
    });
    let isOver = false;
    const patience = setTimeout(() => {
      isOver = true;
      outgoing.destroy();
    }, PATIENCE_MS);
    outgoing.once('error', (error) => {
      clearTimeout(patience);
      if (isOver) resolve(undefined);
      else reject(error);
    });
    outgoing.end(JSON.stringify(body));
  });
}

/** What is wrong with an answer, in words; undefined: it is as SDKs read it. */
function complaint({ statusCode, headers, text }: Answer): string | undefined {
  if (headers['content-type'] !== 'application/x-amz-json-1.0')
    return `content type ${String(headers['content-type'])}`;
  if (typeof headers['x-amzn-requestid'] !== 'string') return 'no request id';
  let body: Json;
  try {
    body = JSON.parse(text) as Json;
  } catch {
    return `no JSON: ${text.slice(0, 200)}`;
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return `no object: ${text.slice(0, 200)}`;
  if (statusCode === 200) return undefined;
  const { __type: type, message } = body as JsonObject;
  if (statusCode !== 400 && statusCode !== 501) return `status ${statusCode}: ${text.slice(0, 300)}`;
  if (typeof type !== 'string' || !/^[A-Za-z]+$/u.test(type)) return `type ${JSON.stringify(type)}`;
  return typeof message === 'string' && message !== '' ? undefined : `no message with ${type}`;
}

test(
  `${REQUESTS} requests of seed ${SEED}: each is answered with a result or a typed error`,
  { timeout: 3_600_000 },
  async () => {
    const random = randomFrom(SEED);
    const pool = new Pool();
    const complaints: string[] = [];
    const counts: Record<string, number> = {};
    const succeeded = new Set<string>();
    let left = REQUESTS;
    const client = async (): Promise<void> => {
      while (left-- > 0) {
        const asked = fuzzRequest(random, pool);
        const answer = await send(asked);
        if (answer === undefined) continue;
        counts[answer.statusCode] = (counts[answer.statusCode] ?? 0) + 1;
        const wrong = complaint(answer);
        if (wrong !== undefined) {
          complaints.push(`${wrong}\n  ${asked.operation} ${JSON.stringify(asked.body).slice(0, 300)}`);
        } else if (answer.statusCode === 200) {
          succeeded.add(asked.operation);
          pool.learn(JSON.parse(answer.text) as JsonObject);
        }
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
    expect(complaints.slice(0, 10)).toEqual([]);
    expect(logged.filter((line) => line.includes('failed inside') || line.includes('bug'))).toEqual([]);
    // A fuzzer that is refused everything tests the door only.
    expect(counts['200']).toBeGreaterThan(REQUESTS / 5);
    expect(counts['400']).toBeGreaterThan(REQUESTS / 10);
    expect(succeeded.size).toBeGreaterThan(OPERATION_NAMES.length * 0.75);
    const health = await fetch(`${yard.origin}/_stepyard/health`);
    expect(await health.json()).toMatchObject({ status: 'ok' });
  },
);

test('requests that are refused leave nothing behind', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const refusals: readonly FuzzRequest[] = [
    {
      operation: 'CreateStateMachine',
      body: { name: 'x', roleArn: 'r', definition: '{"StartAt":"A","States":{"A":{"Type":"Nope"}}}' },
    },
    {
      operation: 'StartExecution',
      body: {
        stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:none',
        input: `"${'z'.repeat(2000)}"`,
      },
    },
    { operation: 'DescribeExecution', body: { executionArn: 'x'.repeat(300) } },
    { operation: 'SendTaskSuccess', body: { taskToken: 't'.repeat(900), output: '{}' } },
  ];
  const round = async (): Promise<number> => {
    for (let turn = 0; turn < 300; turn++)
      for (const refusal of refusals) expect((await send(refusal))?.statusCode).toBe(400);
    collect();
    return process.memoryUsage().heapUsed;
  };
  // The first rounds fill caches and compile; after that the heap stands still: 1,200 requests of 1 KiB kept would show.
  await round();
  const before = await round();
  const after = await round();
  expect(after - before).toBeLessThan(1024 * 1024);
});
