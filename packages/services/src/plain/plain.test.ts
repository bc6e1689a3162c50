import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import {
  DeleteParameterCommand,
  DeleteParametersCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HostedService } from '../service.ts';
import { clientOptions, recordOperations, serve } from '../wire/test-server.ts';
import { createSecretsManager } from './secrets-manager.ts';
import { createSsm } from './ssm.ts';
import { createSts } from './sts.ts';

let dataDir: string;
const stops: (() => Promise<void>)[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'stepyard-plain-'));
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function opened<Client extends { destroy(): void }>(
  service: HostedService,
  make: (options: ReturnType<typeof clientOptions>) => Client,
): Promise<{ client: Client; called: ReadonlySet<string> }> {
  const server = await serve(service);
  const client = make(clientOptions(server.origin));
  stops.push(async () => {
    client.destroy();
    await server.close();
    await service.close();
  });
  return { client, called: recordOperations(client) };
}

test('Secrets Manager: every listed operation', async () => {
  const service = createSecretsManager({ dataDir });
  const { client, called } = await opened(service, (options) => new SecretsManagerClient(options));
  const created = await client.send(
    new CreateSecretCommand({ Name: 'db/password', SecretString: 'one', Tags: [{ Key: 'a', Value: '1' }] }),
  );
  expect(created.ARN).toMatch(
    /^arn:aws:secretsmanager:us-east-1:000000000000:secret:db\/password-[0-9a-f]{6}$/u,
  );
  await expect(
    client.send(new CreateSecretCommand({ Name: 'db/password', SecretString: 'x' })),
  ).rejects.toMatchObject({ name: 'ResourceExistsException' });
  const SecretId = created.ARN;
  await client.send(new PutSecretValueCommand({ SecretId, SecretString: 'two' }));
  expect(await client.send(new GetSecretValueCommand({ SecretId: 'db/password' }))).toMatchObject({
    SecretString: 'two',
    VersionStages: ['AWSCURRENT'],
    CreatedDate: expect.any(Date) as Date,
  });
  const previous = await client.send(new GetSecretValueCommand({ SecretId, VersionStage: 'AWSPREVIOUS' }));
  expect(previous.SecretString).toBe('one');
  await client.send(
    new UpdateSecretCommand({ SecretId, SecretBinary: Buffer.from([1, 2]), Description: 'd' }),
  );
  const binary = await client.send(new GetSecretValueCommand({ SecretId }));
  expect([...(binary.SecretBinary ?? [])]).toEqual([1, 2]);
  await client.send(new TagResourceCommand({ SecretId, Tags: [{ Key: 'b', Value: '2' }] }));
  await client.send(new UntagResourceCommand({ SecretId, TagKeys: ['a'] }));
  const described = await client.send(new DescribeSecretCommand({ SecretId }));
  expect(described).toMatchObject({ Description: 'd', Tags: [{ Key: 'b', Value: '2' }] });
  expect(Object.values(described.VersionIdsToStages ?? {})).toEqual([['AWSCURRENT'], ['AWSPREVIOUS']]);
  const listed = await client.send(new ListSecretsCommand({ Filters: [{ Key: 'name', Values: ['db/'] }] }));
  expect(listed.SecretList?.map(({ Name: name }) => name)).toEqual(['db/password']);
  await client.send(new DeleteSecretCommand({ SecretId }));
  await expect(client.send(new GetSecretValueCommand({ SecretId }))).rejects.toMatchObject({
    name: 'InvalidRequestException',
  });
  await client.send(new RestoreSecretCommand({ SecretId }));
  // Another process finds what this one stored.
  const again = await createSecretsManager({ dataDir }).call('DescribeSecret', { SecretId: 'db/password' });
  expect(again.output['ARN']).toBe(created.ARN);
  await client.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
  await expect(client.send(new GetSecretValueCommand({ SecretId }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: "Secrets Manager can't find the specified secret.",
  });
  expect([...called].toSorted()).toEqual([...service.operations].toSorted());
  await expect(client.send(new RotateSecretCommand({ SecretId }))).rejects.toMatchObject({
    name: 'StepyardOperationNotHosted',
  });
  await expect(
    client.send(new CreateSecretCommand({ Name: 'long', SecretString: 'x'.repeat(65_537) })),
  ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  await client.send(new CreateSecretCommand({ Name: 'long', SecretString: 'x'.repeat(65_536) }));
});

test('SSM parameters: every listed operation', async () => {
  const service = createSsm({ dataDir });
  const { client, called } = await opened(service, (options) => new SSMClient(options));
  const put = (Name: string, Value: string, more: object = {}): Promise<{ Version?: number | undefined }> =>
    client.send(new PutParameterCommand({ Name, Value, Type: 'String', ...more }));
  expect((await put('/app/url', 'a')).Version).toBe(1);
  await expect(put('/app/url', 'b')).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
  expect((await put('/app/url', 'b', { Overwrite: true })).Version).toBe(2);
  await put('/app/deep/key', 'k', { Type: 'SecureString' });
  await put('plain', 'p');
  const { Parameter: parameter } = await client.send(new GetParameterCommand({ Name: '/app/url' }));
  expect(parameter).toMatchObject({
    Value: 'b',
    ARN: 'arn:aws:ssm:us-east-1:000000000000:parameter/app/url',
    LastModifiedDate: expect.any(Date) as Date,
  });
  const secure = async (WithDecryption: boolean): Promise<string | undefined> =>
    (await client.send(new GetParameterCommand({ Name: '/app/deep/key', WithDecryption }))).Parameter?.Value;
  expect(await secure(true)).toBe('k');
  expect(await secure(false)).not.toBe('k');
  const some = await client.send(new GetParametersCommand({ Names: ['plain', 'none'] }));
  expect(some.Parameters?.map(({ Value }) => Value)).toEqual(['p']);
  expect(some.InvalidParameters).toEqual(['none']);
  const byPath = async (more: object = {}): Promise<unknown[]> =>
    (await client.send(new GetParametersByPathCommand({ Path: '/app', ...more }))).Parameters?.map(
      ({ Name }) => Name,
    ) ?? [];
  expect(await byPath()).toEqual(['/app/url']);
  expect(await byPath({ Recursive: true })).toEqual(['/app/deep/key', '/app/url']);
  const first = await client.send(new DescribeParametersCommand({ MaxResults: 2 }));
  const rest = await client.send(new DescribeParametersCommand({ NextToken: first.NextToken }));
  expect([...(first.Parameters ?? []), ...(rest.Parameters ?? [])]).toHaveLength(3);
  expect((await createSsm({ dataDir }).call('GetParameter', { Name: 'plain' })).output).toMatchObject({
    Parameter: { Value: 'p' },
  });
  await client.send(new DeleteParameterCommand({ Name: 'plain' }));
  const deleted = await client.send(new DeleteParametersCommand({ Names: ['/app/url', 'plain'] }));
  expect(deleted).toMatchObject({ DeletedParameters: ['/app/url'], InvalidParameters: ['plain'] });
  await expect(client.send(new GetParameterCommand({ Name: 'plain' }))).rejects.toMatchObject({
    name: 'ParameterNotFound',
  });
  expect([...called].toSorted()).toEqual([...service.operations].toSorted());
  await expect(client.send(new GetParameterHistoryCommand({ Name: 'plain' }))).rejects.toMatchObject({
    name: 'StepyardOperationNotHosted',
  });
  await put('long', 'x'.repeat(4096));
  await expect(put('longer', 'x'.repeat(4097))).rejects.toMatchObject({ name: 'ValidationException' });
});

test('STS: the caller, and credentials of a role', async () => {
  const service = createSts();
  const { client, called } = await opened(service, (options) => new STSClient(options));
  expect(await client.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: '000000000000',
    Arn: 'arn:aws:iam::000000000000:root',
  });
  const assumed = await client.send(
    new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::000000000000:role/team/worker', RoleSessionName: 'me' }),
  );
  expect(assumed.AssumedRoleUser?.Arn).toBe('arn:aws:sts::000000000000:assumed-role/worker/me');
  expect(assumed.Credentials?.Expiration?.getTime()).toBeGreaterThan(Date.now() + 3_590_000);
  expect([...called].toSorted()).toEqual([...service.operations].toSorted());
  await expect(client.send(new AssumeRoleCommand({ RoleArn: 'x', RoleSessionName: 'me' }))).rejects.toThrow(
    'x is invalid',
  );
  await expect(client.send(new GetSessionTokenCommand({}))).rejects.toMatchObject({
    name: 'StepyardOperationNotHosted',
  });
});

test('STS: the key of an assumed role names the account of the role', async () => {
  const { client } = await opened(
    createSts({ account: '123456789012' }),
    (options) => new STSClient(options),
  );
  expect((await client.send(new GetCallerIdentityCommand({}))).Account).toBe('123456789012');
  const RoleArn = 'arn:aws:iam::000000000002:role/there';
  const assumed = await client.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me' }));
  expect(assumed.Credentials?.AccessKeyId).toBe('000000000002');
});
