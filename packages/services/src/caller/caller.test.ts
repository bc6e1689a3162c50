import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServiceCaller } from '@stepyard/engine';
import { ServiceError } from '@stepyard/engine';
import { createDynamoDb } from '../dynamodb/dynamodb.ts';
import { createLambda, type LambdaService } from '../lambda/lambda.ts';
import { answer, type HostedService } from '../service.ts';
import { serve } from '../wire/test-server.ts';
import { createServiceCaller } from './caller.ts';
import { createEndpointCaller } from './endpoint.ts';

const TABLE = {
  TableName: 'records',
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  BillingMode: 'PAY_PER_REQUEST',
};

let dynamodb: HostedService;
let lambda: LambdaService;
beforeAll(async () => {
  dynamodb = createDynamoDb({ dataDir: undefined });
  lambda = createLambda({ dataDir: undefined, gatewayOrigin: () => '', log: () => undefined });
  await dynamodb.call('CreateTable', TABLE);
  await lambda.putFunction({
    functionName: 'echo',
    runtime: 'nodejs24.x',
    handler: 'index.handler',
    environment: {},
    timeoutSeconds: 10,
    memoryMb: 128,
    architectures: ['arm64'],
    roleArn: 'arn:aws:iam::000000000000:role/r',
    description: '',
    reservedConcurrency: undefined,
    code: {
      kind: 'inline',
      text: 'exports.handler = async (event) => { if (event.fail) throw new Error("no"); return event; };',
    },
  });
});
afterAll(async () => {
  await dynamodb.close();
  await lambda.close();
});

/** What must hold however the service is reached. */
function contract(callerOf: () => ServiceCaller): void {
  test('an answer', async () => {
    await callerOf().call({
      service: 'dynamodb',
      operation: 'PutItem',
      input: { TableName: 'records', Item: { id: { S: 'a' }, n: { N: '1' } } },
    });
    const got = await callerOf().call({
      service: 'dynamodb',
      operation: 'GetItem',
      input: { TableName: 'records', Key: { id: { S: 'a' } } },
    });
    expect(got.output).toEqual({ Item: { id: { S: 'a' }, n: { N: '1' } } });
    expect(got.statusCode).toBe(200);
    expect(got.requestId).not.toBe('');
  });

  test('an error of the API', async () => {
    const missing = callerOf().call({ service: 'dynamodb', operation: 'Scan', input: { TableName: 'none' } });
    await expect(missing).rejects.toBeInstanceOf(ServiceError);
    await expect(missing).rejects.toMatchObject({
      service: 'dynamodb',
      code: 'ResourceNotFoundException',
      message: 'Requested resource not found',
      statusCode: 400,
      unreachable: false,
    });
  });

  test('a function that returns, one that raises, and none', async () => {
    const options = { invocationType: 'RequestResponse' } as const;
    const echoed = await callerOf().invokeFunction('echo', '{"a": 1}', options);
    expect(echoed).toMatchObject({ statusCode: 200, functionError: undefined, payload: '{"a":1}' });
    const raised = await callerOf().invokeFunction('echo', '{"fail":true}', options);
    expect(raised.functionError).toBe('Unhandled');
    await expect(callerOf().invokeFunction('none', '{}', options)).rejects.toMatchObject({
      service: 'lambda',
      code: 'ResourceNotFoundException',
      statusCode: 404,
    });
  });

  test('waiting for a job ends when nobody waits any more', async () => {
    const gone = new AbortController();
    const changed = callerOf().jobChanged('batch', 'id', gone.signal);
    gone.abort();
    await expect(changed).resolves.toBeUndefined();
  });
}

describe('in process', () => {
  contract(() => createServiceCaller({ services: [dynamodb, lambda] }));

  test('a service that is not hosted is refused by name', async () => {
    const caller = createServiceCaller({ services: [] });
    await expect(
      caller.call({ service: 'kinesis', operation: 'PutRecord', input: {} }),
    ).rejects.toMatchObject({
      statusCode: 501,
      message: expect.stringContaining('kinesis:PutRecord') as string,
    });
  });

  test('Step Functions is called through its handler, by any of its names', async () => {
    const caller = createServiceCaller({
      services: [],
      sfn: (operation, input) => Promise.resolve(answer({ operation, ...input })),
    });
    for (const service of ['sfn', 'states']) {
      const { output } = await caller.call({ service, operation: 'StartExecution', input: { a: 1 } });
      expect(output).toEqual({ operation: 'StartExecution', a: 1 });
    }
  });

  test('a bug in a service is an error of that service', async () => {
    const broken: HostedService = { ...dynamodb, call: () => Promise.reject(new TypeError('bug')) };
    const caller = createServiceCaller({ services: [broken] });
    await expect(caller.call({ service: 'dynamodb', operation: 'Scan', input: {} })).rejects.toMatchObject({
      code: 'InternalFailure',
      statusCode: 500,
    });
  });

  test('a job is waited for where it is hosted', async () => {
    const hosted: HostedService = { ...dynamodb, name: 'batch', whenJobChanged: () => Promise.resolve() };
    const caller = createServiceCaller({ services: [hosted] });
    await expect(caller.jobChanged('batch', 'id', new AbortController().signal)).resolves.toBeUndefined();
  });
});

describe('over the AWS SDK, at another endpoint', () => {
  const servers: Awaited<ReturnType<typeof serve>>[] = [];
  const endpoints = new Map<string, ReturnType<typeof createEndpointCaller>>();
  beforeAll(async () => {
    for (const service of [dynamodb, lambda]) {
      const server = await serve(service);
      servers.push(server);
      endpoints.set(service.name, createEndpointCaller(service.name, server.origin));
    }
    endpoints.set('batch', createEndpointCaller('batch', 'http://127.0.0.1:1'));
  });
  afterAll(async () => {
    for (const caller of endpoints.values()) caller.close();
    for (const server of servers) await server.close();
  });

  contract(() => createServiceCaller({ services: [], endpoints }));

  test('an endpoint that nobody answers at is unreachable', async () => {
    const caller = createEndpointCaller('sqs', 'http://127.0.0.1:1');
    await expect(caller.call({ service: 'sqs', operation: 'ListQueues', input: {} })).rejects.toMatchObject({
      code: 'SdkClientException',
      unreachable: true,
    });
    caller.close();
  });

  test('a service without its SDK package says what to install', async () => {
    const caller = createEndpointCaller('nosuchservice', 'http://127.0.0.1:1');
    await expect(caller.call({ service: 'nosuchservice', operation: 'Do', input: {} })).rejects.toThrow(
      /install @aws-sdk\/client-nosuchservice/u,
    );
  });
});
