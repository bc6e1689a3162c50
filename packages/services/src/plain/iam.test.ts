import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListInstanceProfilesForRoleCommand,
  ListPolicyVersionsCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HostedService } from '../service.ts';
import { clientOptions, recordOperations, serve } from '../wire/test-server.ts';
import { createIam } from './iam.ts';

let dataDir: string;
let iam: HostedService;
let client: IAMClient;
let called: ReadonlySet<string>;
let stop: () => Promise<void>;
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole' }],
});
const DOCUMENT = JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid: 'a&b<c>', Action: '*' }] });

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'stepyard-iam-'));
  iam = createIam({ dataDir });
  const server = await serve(iam);
  client = new IAMClient(clientOptions(server.origin));
  called = recordOperations(client);
  stop = async () => {
    client.destroy();
    await server.close();
    await iam.close();
  };
});
afterAll(async () => {
  await stop();
  await rm(dataDir, { recursive: true, force: true });
});

test('a role lives: made, read, changed, deleted', async () => {
  const RoleName = 'worker';
  const { Role: role } = await client.send(
    new CreateRoleCommand({
      RoleName,
      AssumeRolePolicyDocument: TRUST,
      Description: 'a "quoted" <role>',
      Path: '/team/',
      Tags: [{ Key: 'a', Value: '1' }],
    }),
  );
  expect(role?.Arn).toBe('arn:aws:iam::000000000000:role/team/worker');
  expect(role?.CreateDate).toBeInstanceOf(Date);
  await expect(
    client.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST })),
  ).rejects.toMatchObject({ name: 'EntityAlreadyExistsException' });
  await client.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: DOCUMENT }));
  const read = await client.send(new GetRoleCommand({ RoleName }));
  expect(read.Role?.Description).toBe('a "quoted" <role>');
  expect(decodeURIComponent(read.Role?.AssumeRolePolicyDocument ?? '')).toBe(DOCUMENT);
  await client.send(new TagRoleCommand({ RoleName, Tags: [{ Key: 'b', Value: '2' }] }));
  await client.send(new UntagRoleCommand({ RoleName, TagKeys: ['a'] }));
  expect((await client.send(new ListRoleTagsCommand({ RoleName }))).Tags).toEqual([{ Key: 'b', Value: '2' }]);
  expect((await client.send(new ListRolesCommand({}))).Roles?.map((item) => item.RoleName)).toEqual([
    RoleName,
  ]);
  expect((await client.send(new ListInstanceProfilesForRoleCommand({ RoleName }))).InstanceProfiles).toEqual(
    [],
  );
  // Another process finds what this one stored.
  const again = await createIam({ dataDir }).call('GetRole', { RoleName });
  expect(again.output).toMatchObject({ Role: { Path: '/team/' } });
  await client.send(new DeleteRoleCommand({ RoleName }));
  await expect(client.send(new GetRoleCommand({ RoleName }))).rejects.toMatchObject({
    name: 'NoSuchEntityException',
    message: 'The role with name worker cannot be found.',
  });
});

test('policies of a role, its own and attached', async () => {
  const RoleName = 'policies';
  await client.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST }));
  await client.send(
    new PutRolePolicyCommand({ RoleName, PolicyName: '__proto__', PolicyDocument: DOCUMENT }),
  );
  const inline = await client.send(new GetRolePolicyCommand({ RoleName, PolicyName: '__proto__' }));
  expect(decodeURIComponent(inline.PolicyDocument ?? '')).toBe(DOCUMENT);
  expect((await client.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames).toEqual(['__proto__']);
  const { Policy: policy } = await client.send(
    new CreatePolicyCommand({ PolicyName: 'shared', PolicyDocument: DOCUMENT }),
  );
  const PolicyArn = policy?.Arn ?? '';
  const managed = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
  await client.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  await client.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: managed }));
  const attached = await client.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  expect(attached.AttachedPolicies).toEqual([
    { PolicyName: 'shared', PolicyArn },
    { PolicyName: 'ReadOnlyAccess', PolicyArn: managed },
  ]);
  expect((await client.send(new GetPolicyCommand({ PolicyArn }))).Policy?.AttachmentCount).toBe(1);
  const version = await client.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
  expect(decodeURIComponent(version.PolicyVersion?.Document ?? '')).toBe(DOCUMENT);
  expect((await client.send(new ListPolicyVersionsCommand({ PolicyArn }))).Versions).toHaveLength(1);
  await expect(client.send(new DeletePolicyCommand({ PolicyArn }))).rejects.toMatchObject({
    name: 'DeleteConflictException',
  });
  await expect(client.send(new DeleteRoleCommand({ RoleName }))).rejects.toMatchObject({
    name: 'DeleteConflictException',
  });
  await client.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
  await client.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: managed }));
  await client.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: '__proto__' }));
  await client.send(new DeletePolicyCommand({ PolicyArn }));
  await client.send(new DeleteRoleCommand({ RoleName }));
});

test('what is wrong is refused, what is not hosted by name; the list is what was called here', async () => {
  const operations = [...called];
  await expect(
    client.send(new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: 'no JSON' })),
  ).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException' });
  await expect(client.send(new CreateUserCommand({ UserName: 'u' }))).rejects.toMatchObject({
    name: 'StepyardOperationNotHosted',
    $metadata: { httpStatusCode: 501 },
  });
  expect(operations.toSorted()).toEqual([...iam.operations].toSorted());
});
