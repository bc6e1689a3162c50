/** Every operation of ECS as SDK v3 calls it. */
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeClustersCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListClustersCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { JobPool } from '../jobs/job-pool.ts';
import { NODE_DOCKERFILE, TestImages } from '../jobs/test-images.ts';
import { clientOptions, recordOperations, serve } from '../wire/test-server.ts';
import { EcsService } from './ecs.ts';

const images = new TestImages();
const image = images.add('node', NODE_DOCKERFILE);
let ecs: EcsService;
let client: ECSClient;
let server: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  ecs = new EcsService({ pool: new JobPool({ runner: images.runner() }) });
  server = await serve(ecs);
  client = new ECSClient(clientOptions(server.origin));
});
afterAll(async () => {
  client.destroy();
  await server.close();
  await ecs.close();
  images.remove();
});

test('every listed operation', async () => {
  const called = recordOperations(client);
  const cluster = 'c';
  await client.send(new CreateClusterCommand({ clusterName: cluster }));
  const { clusterArns } = await client.send(new ListClustersCommand({}));
  expect(clusterArns).toEqual(['arn:aws:ecs:us-east-1:000000000000:cluster/c']);
  const { clusters } = await client.send(new DescribeClustersCommand({ clusters: [cluster] }));
  expect(clusters).toMatchObject([{ clusterName: 'c', status: 'ACTIVE' }]);
  const taskDefinition = 'sleeps';
  await client.send(
    new RegisterTaskDefinitionCommand({
      family: taskDefinition,
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      containerDefinitions: [{ name: 'main', image, command: ['setTimeout(() => {}, 60_000)'] }],
    }),
  );
  const described = await client.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
  expect(described.taskDefinition).toMatchObject({ family: 'sleeps', revision: 1 });
  const run = new RunTaskCommand({
    cluster,
    taskDefinition,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
  });
  const { tasks: started } = await client.send(run);
  const task = started?.[0]?.taskArn ?? '';
  expect((await client.send(new ListTasksCommand({ cluster }))).taskArns).toEqual([task]);
  await client.send(new StopTaskCommand({ cluster, task, reason: 'enough' }));
  await vi.waitFor(
    async () => {
      const { tasks } = await client.send(new DescribeTasksCommand({ cluster, tasks: [task] }));
      expect(tasks).toMatchObject([{ lastStatus: 'STOPPED', stoppedReason: 'enough' }]);
    },
    { timeout: 20_000 },
  );
  expect([...called].toSorted()).toEqual([...ecs.operations].toSorted());
});

test('what is not listed is refused by name, what is missing as ECS says it', async () => {
  const service = new CreateServiceCommand({ serviceName: 's', taskDefinition: 't' });
  await expect(client.send(service)).rejects.toMatchObject({
    name: 'StepyardOperationNotHosted',
    $metadata: { httpStatusCode: 501 },
  });
  const none = new RunTaskCommand({ cluster: 'none', taskDefinition: 'none' });
  await expect(client.send(none)).rejects.toMatchObject({ name: 'ClusterNotFoundException' });
});
