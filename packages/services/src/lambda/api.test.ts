import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
  ListTagsCommand,
  ListVersionsByFunctionCommand,
  PutFunctionConcurrencyCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionActiveV2,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientOptions, recordOperations, serve } from '../wire/test-server.ts';
import { createLambda, type LambdaService } from './lambda.ts';
import { zipOf } from './zip.fixture.ts';

let directory: string;
let service: LambdaService;
let client: LambdaClient;
let called: ReadonlySet<string>;
let stop: () => Promise<void>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stepyard-lambda-api-'));
  await open();
  called = recordOperations(client);
});
afterAll(async () => {
  await stop();
  await rm(directory, { recursive: true, force: true });
});

async function open(): Promise<void> {
  service = createLambda({
    dataDir: directory,
    gatewayOrigin: () => 'http://127.0.0.1:4566',
    log: () => undefined,
  });
  const server = await serve(service);
  client = new LambdaClient(clientOptions(server.origin));
  stop = async () => {
    client.destroy();
    await server.close();
    await service.close();
  };
}

const returning = (value: number): Buffer =>
  zipOf('index.mjs', `export const handler = async () => { console.log('worked'); return ${value}; };`);

function create(
  FunctionName: string,
  more: Partial<CreateFunctionCommandInput> = {},
): Promise<{ RevisionId?: string | undefined; CodeSha256?: string | undefined }> {
  return client.send(
    new CreateFunctionCommand({
      FunctionName,
      Runtime: 'nodejs24.x',
      Role: 'arn:aws:iam::000000000000:role/r',
      Handler: 'index.handler',
      Code: { ZipFile: returning(1) },
      ...more,
    }),
  );
}

async function result(FunctionName: string): Promise<string | undefined> {
  return (await client.send(new InvokeCommand({ FunctionName }))).Payload?.transformToString();
}

test('code and settings change in place; a client that waits goes on at once', async () => {
  const before = await create('changing', { Tags: { team: 'a' } });
  await waitUntilFunctionActiveV2({ client, maxWaitTime: 5 }, { FunctionName: 'changing' });
  expect(await result('changing')).toBe('1');
  const code = await client.send(
    new UpdateFunctionCodeCommand({ FunctionName: 'changing', ZipFile: returning(2) }),
  );
  expect(code.CodeSha256).not.toBe(before.CodeSha256);
  expect(code.RevisionId).not.toBe(before.RevisionId);
  await waitUntilFunctionUpdatedV2({ client, maxWaitTime: 5 }, { FunctionName: 'changing' });
  expect(await result('changing')).toBe('2');
  await client.send(
    new UpdateFunctionConfigurationCommand({
      FunctionName: 'changing',
      Timeout: 7,
      Environment: { Variables: { A: 'b' } },
    }),
  );
  expect(await client.send(new GetFunctionConfigurationCommand({ FunctionName: 'changing' }))).toMatchObject({
    Timeout: 7,
    MemorySize: 128,
    Environment: { Variables: { A: 'b' } },
    State: 'Active',
  });
  const { Tags: tags } = await client.send(new GetFunctionCommand({ FunctionName: 'changing' }));
  expect(tags).toEqual({ team: 'a' });
  await expect(
    client.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'changing', Timeout: 901 })),
  ).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
});

test('an invocation may be a dry run, asynchronous, and show its log', async () => {
  await create('invoked');
  const invoke = (
    more: object,
  ): Promise<{ StatusCode?: number | undefined; LogResult?: string | undefined }> =>
    client.send(new InvokeCommand({ FunctionName: 'invoked', ...more }));
  expect((await invoke({ InvocationType: 'DryRun' })).StatusCode).toBe(204);
  expect((await invoke({ InvocationType: 'Event', Payload: '{}' })).StatusCode).toBe(202);
  const { LogResult: log } = await invoke({ LogType: 'Tail' });
  const text = Buffer.from(log ?? '', 'base64').toString();
  expect(text).toMatch(/START RequestId: [^\n]*\n(?:.*\n)*worked\n(?:.*\n)*END RequestId/u);
  expect((await invoke({ Qualifier: '$LATEST' })).StatusCode).toBe(200);
  await expect(invoke({ Qualifier: 'live' })).rejects.toMatchObject({
    name: 'StepyardOperationNotHosted',
    message: expect.stringContaining('versions and aliases (live)') as string,
  });
  await expect(invoke({ Payload: '{' })).rejects.toMatchObject({ name: 'InvalidRequestContentException' });
});

test('permissions make a policy, which is shown', async () => {
  await create('permitted');
  const permission = {
    FunctionName: 'permitted',
    StatementId: 'topic',
    Action: 'lambda:InvokeFunction',
    Principal: 'sns.amazonaws.com',
    SourceArn: 'arn:aws:sns:us-east-1:000000000000:t',
  };
  await client.send(new AddPermissionCommand(permission));
  await expect(client.send(new AddPermissionCommand(permission))).rejects.toMatchObject({
    name: 'ResourceConflictException',
  });
  const { Policy: policy } = await client.send(new GetPolicyCommand({ FunctionName: 'permitted' }));
  expect(JSON.parse(policy ?? '')).toMatchObject({
    Statement: [
      {
        Sid: 'topic',
        Principal: { Service: 'sns.amazonaws.com' },
        Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:sns:us-east-1:000000000000:t' } },
      },
    ],
  });
  await client.send(new RemovePermissionCommand({ FunctionName: 'permitted', StatementId: 'topic' }));
  await expect(client.send(new GetPolicyCommand({ FunctionName: 'permitted' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('tags, concurrency and the one version', async () => {
  await create('described');
  const Resource = 'arn:aws:lambda:us-east-1:000000000000:function:described';
  await client.send(new TagResourceCommand({ Resource, Tags: { a: '1', b: '2' } }));
  await client.send(new UntagResourceCommand({ Resource, TagKeys: ['a'] }));
  expect((await client.send(new ListTagsCommand({ Resource }))).Tags).toEqual({ b: '2' });
  const name = { FunctionName: 'described' };
  await client.send(new PutFunctionConcurrencyCommand({ ...name, ReservedConcurrentExecutions: 0 }));
  await expect(result('described')).rejects.toMatchObject({ name: 'TooManyRequestsException' });
  expect(await client.send(new GetFunctionConcurrencyCommand(name))).toMatchObject({
    ReservedConcurrentExecutions: 0,
  });
  await client.send(new DeleteFunctionConcurrencyCommand(name));
  expect(await result('described')).toBe('1');
  const { Versions: versions } = await client.send(new ListVersionsByFunctionCommand(name));
  expect(versions?.map(({ Version }) => Version)).toEqual(['$LATEST']);
});

test('what would be ignored is refused by name', async () => {
  for (const more of [
    { Layers: ['arn:aws:lambda:us-east-1:1:layer:l:1'] },
    { Publish: true },
    { PackageType: 'Image' as const },
    { Code: { S3Bucket: 'b', S3Key: 'k' } },
    { DeadLetterConfig: { TargetArn: 'arn:aws:sqs:us-east-1:000000000000:q' } },
  ]) {
    await expect(create('refused', more)).rejects.toMatchObject({ name: 'StepyardOperationNotHosted' });
  }
  await expect(result('refused')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('a long list comes in pages', async () => {
  const names: (string | undefined)[] = [];
  let Marker: string | undefined;
  do {
    const page = await client.send(new ListFunctionsCommand({ MaxItems: 2, Marker }));
    expect(page.Functions?.length).toBeLessThanOrEqual(2);
    names.push(...(page.Functions ?? []).map(({ FunctionName }) => FunctionName));
    Marker = page.NextMarker;
  } while (Marker !== undefined);
  expect(names).toEqual(['changing', 'described', 'invoked', 'permitted']);
});

test('the list of operations is what was called here and in mappings.test.ts', async () => {
  await client.send(new DeleteFunctionCommand({ FunctionName: 'permitted' }));
  const mappings = ['Create', 'Get', 'Update', 'List', 'Delete'].map((verb) =>
    verb === 'List' ? 'ListEventSourceMappings' : `${verb}EventSourceMapping`,
  );
  expect([...called, ...mappings].toSorted()).toEqual([...service.operations].toSorted());
});

test('functions are there again after a restart', async () => {
  await stop();
  await open();
  expect(await result('changing')).toBe('2');
  await expect(result('permitted')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
