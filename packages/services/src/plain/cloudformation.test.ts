import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientOptions, recordOperations, serve } from '../wire/test-server.ts';
import { createCloudFormation } from './cloudformation.ts';

const service = createCloudFormation();
let client: CloudFormationClient;
let called: ReadonlySet<string>;
let stop: () => Promise<void>;

beforeAll(async () => {
  const server = await serve(service);
  client = new CloudFormationClient(clientOptions(server.origin));
  called = recordOperations(client);
  stop = async () => {
    client.destroy();
    await server.close();
  };
});
afterAll(() => stop());

test('what was deployed can be read, outputs and all; nothing can be changed', async () => {
  expect((await client.send(new DescribeStacksCommand({}))).Stacks ?? []).toEqual([]);
  service.show([
    {
      name: 'orders',
      displayName: 'orders',
      resources: [
        { logicalId: 'Queue', type: 'AWS::SQS::Queue', class: 'hosted', physicalId: 'http://q' },
        { logicalId: 'Alarm', type: 'AWS::CloudWatch::Alarm', class: 'recorded', physicalId: 'a' },
      ],
      outputs: { Url: { value: 'http://q?a=1&b=<2>', description: 'The queue', exportName: undefined } },
    },
  ]);
  const StackName = 'orders';
  await waitUntilStackCreateComplete({ client, maxWaitTime: 31 }, { StackName });
  const { Stacks: stacks } = await client.send(new DescribeStacksCommand({ StackName }));
  expect(stacks).toMatchObject([
    {
      StackName,
      CreationTime: expect.any(Date) as Date,
      Outputs: [{ OutputKey: 'Url', OutputValue: 'http://q?a=1&b=<2>', Description: 'The queue' }],
    },
  ]);
  const byId = await client.send(new DescribeStacksCommand({ StackName: stacks?.[0]?.StackId }));
  expect(byId.Stacks?.[0]?.StackName).toBe(StackName);
  const { StackSummaries: summaries } = await client.send(new ListStacksCommand({}));
  expect(summaries?.map((summary) => summary.StackName)).toEqual([StackName]);
  const { StackResources: resources } = await client.send(new DescribeStackResourcesCommand({ StackName }));
  expect(resources).toMatchObject([
    { LogicalResourceId: 'Queue', PhysicalResourceId: 'http://q', Timestamp: expect.any(Date) as Date },
    { LogicalResourceId: 'Alarm', ResourceStatusReason: 'Stepyard: recorded' },
  ]);
  const listed = await client.send(new ListStackResourcesCommand({ StackName }));
  expect(listed.StackResourceSummaries).toHaveLength(2);
  expect([...called].toSorted()).toEqual([...service.operations].toSorted());
  await expect(client.send(new DescribeStacksCommand({ StackName: 'none' }))).rejects.toMatchObject({
    name: 'ValidationError',
    message: 'Stack with id none does not exist',
  });
  await expect(
    client.send(new CreateStackCommand({ StackName: 'new', TemplateBody: '{}' })),
  ).rejects.toMatchObject({ name: 'StepyardOperationNotHosted', $metadata: { httpStatusCode: 501 } });
});
