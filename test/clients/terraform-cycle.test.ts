/**
 * The calls that Terraform's provider makes for aws_sfn_state_machine, aws_sfn_alias and aws_sfn_activity over create, read, plan,
 * update and delete: each must answer so that the next plan is empty, and that what is gone is known to be gone.
 */
import {
  CreateActivityCommand,
  CreateStateMachineAliasCommand,
  CreateStateMachineCommand,
  DeleteActivityCommand,
  DeleteStateMachineAliasCommand,
  DeleteStateMachineCommand,
  DescribeActivityCommand,
  DescribeStateMachineAliasCommand,
  DescribeStateMachineCommand,
  ListStateMachineVersionsCommand,
  ListTagsForResourceCommand,
  SFNClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateStateMachineAliasCommand,
  UpdateStateMachineCommand,
  ValidateStateMachineDefinitionCommand,
  type CreateStateMachineCommandInput,
  type DescribeStateMachineCommandOutput,
} from '@aws-sdk/client-sfn';
import { startYard, type Yard } from '@stepyard/server';
import { afterAll, beforeAll, expect, test } from 'vitest';

let yard: Yard;
let client: SFNClient;

beforeAll(async () => {
  yard = await startYard({ jobs: 'process' });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new SFNClient({ endpoint: yard.origin, region: 'us-east-1', credentials });
});
afterAll(async () => {
  client.destroy();
  await yard.close();
});

const definitionOf = (comment: string): string =>
  `{\n  "Comment": "${comment}",\n  "StartAt": "A",\n  "States": {"A": {"Type": "Pass", "End": true}}\n}\n`;

/** What a plan compares with the configuration. */
async function read(stateMachineArn: string): Promise<Partial<DescribeStateMachineCommandOutput>> {
  const { $metadata: _metadata, ...machine } = await client.send(
    new DescribeStateMachineCommand({ stateMachineArn }),
  );
  return machine;
}

async function tagsOf(resourceArn: string): Promise<Record<string, string>> {
  const { tags = [] } = await client.send(new ListTagsForResourceCommand({ resourceArn }));
  return Object.fromEntries(tags.map(({ key = '', value = '' }) => [key, value]));
}

test('a state machine with logging, tracing, tags and versions, and its alias', async () => {
  const wanted: CreateStateMachineCommandInput = {
    name: 'terraform-20260101000000000000000001',
    definition: definitionOf('first'),
    roleArn: 'arn:aws:iam::000000000000:role/terraform',
    type: 'STANDARD',
    publish: true,
    tags: [{ key: 'team', value: 'a' }],
    loggingConfiguration: { level: 'OFF', includeExecutionData: false },
    tracingConfiguration: { enabled: false },
    encryptionConfiguration: { type: 'AWS_OWNED_KEY' },
  };
  const { result } = await client.send(
    new ValidateStateMachineDefinitionCommand({ definition: wanted.definition, type: wanted.type }),
  );
  expect(result).toBe('OK');
  // Applied twice, as after a lost answer: the same machine.
  const [{ stateMachineArn = '', stateMachineVersionArn: first = '' }, again] = [
    await client.send(new CreateStateMachineCommand(wanted)),
    await client.send(new CreateStateMachineCommand(wanted)),
  ];
  expect(again.stateMachineArn).toBe(stateMachineArn);

  const { publish: _publish, tags: _tags, ...asRead } = wanted;
  expect(await read(stateMachineArn)).toMatchObject({ ...asRead, status: 'ACTIVE', stateMachineArn });
  expect(await tagsOf(stateMachineArn)).toEqual({ team: 'a' });
  const alias = await client.send(
    new CreateStateMachineAliasCommand({
      name: 'live',
      routingConfiguration: [{ stateMachineVersionArn: first, weight: 100 }],
    }),
  );
  const { stateMachineAliasArn = '' } = alias;

  const definition = definitionOf('second');
  const updated = await client.send(
    new UpdateStateMachineCommand({
      stateMachineArn,
      definition,
      roleArn: wanted.roleArn,
      publish: true,
      tracingConfiguration: { enabled: true },
    }),
  );
  const second = updated.stateMachineVersionArn ?? '';
  expect(second).toBe(`${stateMachineArn}:2`);
  // The provider waits until a read shows what it wrote.
  expect(await read(stateMachineArn)).toMatchObject({
    definition,
    tracingConfiguration: { enabled: true },
    loggingConfiguration: wanted.loggingConfiguration,
    revisionId: updated.revisionId,
  });
  const { stateMachineVersions = [] } = await client.send(
    new ListStateMachineVersionsCommand({ stateMachineArn }),
  );
  expect(stateMachineVersions.map((version) => version.stateMachineVersionArn)).toEqual([second, first]);

  await client.send(new UntagResourceCommand({ resourceArn: stateMachineArn, tagKeys: ['team'] }));
  const tags = [{ key: 'cost', value: 'b' }];
  await client.send(new TagResourceCommand({ resourceArn: stateMachineArn, tags }));
  expect(await tagsOf(stateMachineArn)).toEqual({ cost: 'b' });

  const routingConfiguration = [
    { stateMachineVersionArn: first, weight: 20 },
    { stateMachineVersionArn: second, weight: 80 },
  ];
  await client.send(new UpdateStateMachineAliasCommand({ stateMachineAliasArn, routingConfiguration }));
  expect(await client.send(new DescribeStateMachineAliasCommand({ stateMachineAliasArn }))).toMatchObject({
    routingConfiguration,
    name: 'live',
  });

  await client.send(new DeleteStateMachineAliasCommand({ stateMachineAliasArn }));
  await expect(
    client.send(new DescribeStateMachineAliasCommand({ stateMachineAliasArn })),
  ).rejects.toMatchObject({ name: 'ResourceNotFound' });
  await client.send(new DeleteStateMachineCommand({ stateMachineArn }));
  await expect
    .poll(() => read(stateMachineArn).catch((error: Error) => error.name))
    .toBe('StateMachineDoesNotExist');
  // Destroyed twice, as after a lost answer.
  await client.send(new DeleteStateMachineCommand({ stateMachineArn }));
});

test('an activity', async () => {
  const tags = [{ key: 'team', value: 'a' }];
  const { activityArn = '' } = await client.send(new CreateActivityCommand({ name: 'terraform', tags }));
  expect(await client.send(new DescribeActivityCommand({ activityArn }))).toMatchObject({
    name: 'terraform',
  });
  expect(await tagsOf(activityArn)).toEqual({ team: 'a' });
  await client.send(new DeleteActivityCommand({ activityArn }));
  await expect(client.send(new DescribeActivityCommand({ activityArn }))).rejects.toMatchObject({
    name: 'ActivityDoesNotExist',
  });
});
