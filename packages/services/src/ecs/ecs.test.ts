import { DescribeTasksCommand, ECSClient, RunTaskCommand } from '@aws-sdk/client-ecs';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '@stepyard/asl';
import { JobPool } from '../jobs/job-pool.ts';
import { NODE_DOCKERFILE, TestImages } from '../jobs/test-images.ts';
import type { LogRecord } from '../service.ts';
import { clientOptions, serve } from '../wire/test-server.ts';
import { EcsService } from './ecs.ts';

const images = new TestImages();
const NODE = images.add('node', NODE_DOCKERFILE);
afterAll(() => images.remove());

let ecs: EcsService;
let records: LogRecord[];

beforeEach(async () => {
  records = [];
  const pool = new JobPool({ runner: images.runner({ AWS_REGION: 'us-east-1' }), concurrencyMax: 2 });
  ecs = new EcsService({ pool, log: (record) => records.push(record), finishedMax: 3 });
  await call('CreateCluster', { clusterName: 'cluster' });
});
afterEach(() => ecs.close());

async function call(operation: string, input: JsonObject): Promise<JsonObject> {
  const { output } = await ecs.call(operation, input);
  return output;
}

interface Task {
  taskArn: string;
  lastStatus: string;
  stopCode: string;
  stoppedReason: string;
  containers: { name: string; exitCode?: number; reason?: string }[];
}

async function register(containers: readonly JsonObject[], more: JsonObject = {}): Promise<void> {
  await call('RegisterTaskDefinition', {
    family: 'fam',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    containerDefinitions: containers.map((container) => ({ image: NODE, ...container })),
    ...more,
  });
}

const NETWORK = { awsvpcConfiguration: { subnets: ['subnet-1', 'subnet-2'], securityGroups: ['sg-1'] } };

async function runTask(more: JsonObject = {}): Promise<Task> {
  const output = await call('RunTask', {
    cluster: 'cluster',
    taskDefinition: 'fam',
    launchType: 'FARGATE',
    networkConfiguration: NETWORK,
    ...more,
  });
  return (output['tasks'] as unknown as Task[])[0] as Task;
}

async function task(arn: string): Promise<Task> {
  const output = await call('DescribeTasks', { cluster: 'cluster', tasks: [arn] });
  return (output['tasks'] as unknown as Task[])[0] as Task;
}

async function until(arn: string, status: string): Promise<Task> {
  for (;;) {
    const described = await task(arn);
    if (described.lastStatus === status) return described;
    await ecs.whenJobChanged(arn, AbortSignal.any([]));
  }
}

const SLEEP = 'setTimeout(() => {}, 60_000)';

describe('a task', () => {
  test('runs its container and has the recorded shape before and after', async () => {
    await register([
      {
        name: 'main',
        command: ['console.log(process.env.A, process.env.B, process.env.AWS_REGION)'],
        environment: [
          { name: 'A', value: '1' },
          { name: 'B', value: '1' },
        ],
        logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/ecs/group' } },
      },
    ]);
    const started = await runTask({
      startedBy: 'AWS Step Functions',
      overrides: { containerOverrides: [{ name: 'main', environment: [{ name: 'B', value: '2' }] }] },
    });
    expect(started).toMatchObject({
      attachments: [
        {
          details: [{ name: 'subnetId', value: 'subnet-1' }],
          status: 'PRECREATED',
          type: 'ElasticNetworkInterface',
        },
      ],
      clusterArn: 'arn:aws:ecs:us-east-1:000000000000:cluster/cluster',
      containers: [{ name: 'main', lastStatus: 'PENDING', cpu: '0', networkInterfaces: [] }],
      desiredStatus: 'RUNNING',
      group: 'family:fam',
      lastStatus: 'PROVISIONING',
      platformVersion: '1.4.0',
      startedBy: 'AWS Step Functions',
      version: 1,
    });
    expect(started).not.toHaveProperty('startedAt');
    const stopped = await until(started.taskArn, 'STOPPED');
    expect(stopped).toMatchObject({
      attachments: [{ status: 'DELETED', type: 'eni' }],
      connectivity: 'CONNECTED',
      containers: [{ exitCode: 0, lastStatus: 'STOPPED', name: 'main' }],
      cpu: '256',
      desiredStatus: 'STOPPED',
      memory: '512',
      overrides: {
        containerOverrides: [{ name: 'main', command: [], environment: [{ name: 'B', value: '2' }] }],
        inferenceAcceleratorOverrides: [],
      },
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      taskDefinitionArn: 'arn:aws:ecs:us-east-1:000000000000:task-definition/fam:1',
      version: 5,
    });
    const times = ['createdAt', 'pullStartedAt', 'pullStoppedAt', 'startedAt', 'stoppingAt', 'stoppedAt'];
    const values = times.map((name) => (stopped as unknown as Record<string, number>)[name] ?? 0);
    expect(values).toEqual(values.toSorted((a, b) => a - b));
    // Epoch seconds, as on the wire.
    expect(Math.abs((values[0] ?? 0) - Date.now() / 1_000)).toBeLessThan(60);
    expect(records).toEqual([
      {
        source: 'ecs',
        logGroup: '/ecs/group',
        logStream: expect.stringMatching(/^ecs\/main\/[0-9a-f]{32}$/u) as string,
        message: '1 2 us-east-1',
      },
    ]);
    expect(ecs.logs(started.taskArn)).toMatchObject([{ message: '1 2 us-east-1' }]);
  });

  test('tells the exit code of a container that failed', async () => {
    await register([{ name: 'main', command: ['process.exit(3)'] }]);
    expect(await until((await runTask()).taskArn, 'STOPPED')).toMatchObject({
      stopCode: 'EssentialContainerExited',
      containers: [{ exitCode: 3 }],
    });
  });

  test('whose image nobody has fails to start', async () => {
    await register([{ name: 'main', image: 'busybox' }]);
    const stopped = await until((await runTask()).taskArn, 'STOPPED');
    expect(stopped).toMatchObject({
      stopCode: 'TaskFailedToStart',
      stoppedReason: expect.stringMatching(/^CannotPullContainerError: busybox/u) as string,
    });
    expect(stopped).not.toHaveProperty('startedAt');
    expect(stopped.containers[0]).not.toHaveProperty('exitCode');
  });

  test('can be stopped', async () => {
    await register([{ name: 'main', command: [SLEEP] }]);
    const { taskArn } = await runTask();
    await until(taskArn, 'RUNNING');
    await call('StopTask', { cluster: 'cluster', task: taskArn, reason: 'enough' });
    expect(await until(taskArn, 'STOPPED')).toMatchObject({
      stopCode: 'UserInitiated',
      stoppedReason: 'enough',
      containers: [{ exitCode: 143 }],
    });
  });

  test('can be stopped while it waits for its place', async () => {
    await register([{ name: 'main', command: [SLEEP] }]);
    const running = await Promise.all([runTask(), runTask()]);
    const waiting = await runTask();
    await Promise.all(running.map(({ taskArn }) => until(taskArn, 'RUNNING')));
    await call('StopTask', { cluster: 'cluster', task: waiting.taskArn });
    expect(await until(waiting.taskArn, 'STOPPED')).toMatchObject({
      stopCode: 'UserInitiated',
      stoppedReason: 'Task stopped by user',
    });
  });

  test('ends with its first essential container; the others are stopped', async () => {
    await register([
      { name: 'sidecar', command: [SLEEP] },
      { name: 'extra', essential: false, command: ['process.exit(9)'] },
      {
        name: 'main',
        command: ['process.exit(0)'],
        dependsOn: [
          { containerName: 'sidecar', condition: 'START' },
          { containerName: 'extra', condition: 'COMPLETE' },
        ],
      },
    ]);
    const stopped = await until((await runTask()).taskArn, 'STOPPED');
    expect(stopped.stopCode).toBe('EssentialContainerExited');
    expect(stopped.containers.map(({ name, exitCode }) => [name, exitCode])).toEqual([
      ['sidecar', 143],
      ['extra', 9],
      ['main', 0],
    ]);
  });

  test('does not start a container whose dependency failed', async () => {
    await register([
      { name: 'init', essential: false, command: ['process.exit(1)'] },
      { name: 'main', dependsOn: [{ containerName: 'init', condition: 'SUCCESS' }] },
    ]);
    expect(await until((await runTask()).taskArn, 'STOPPED')).toMatchObject({
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'dependency container init did not reach SUCCESS',
    });
  });

  test('is forgotten when enough others have stopped after it', async () => {
    await register([{ name: 'main', command: ['1'] }]);
    const { taskArn } = await runTask();
    await until(taskArn, 'STOPPED');
    for (let i = 0; i < 3; i += 1) await until((await runTask()).taskArn, 'STOPPED');
    expect(await call('DescribeTasks', { cluster: 'cluster', tasks: [taskArn] })).toEqual({
      failures: [{ arn: taskArn, reason: 'MISSING' }],
      tasks: [],
    });
  });

  test('is listed by what it wants to be', async () => {
    await register([{ name: 'main', command: [SLEEP] }]);
    const { taskArn } = await runTask();
    expect(await call('ListClusters', {})).toEqual({
      clusterArns: ['arn:aws:ecs:us-east-1:000000000000:cluster/cluster'],
    });
    expect(await call('ListTasks', { cluster: 'cluster' })).toEqual({ taskArns: [taskArn] });
    expect(await call('ListTasks', { cluster: 'cluster', desiredStatus: 'STOPPED' })).toEqual({
      taskArns: [],
    });
  });
});

describe('requests', () => {
  test.each([
    ['RunTask', { cluster: 'no', taskDefinition: 'fam' }, 'Cluster not found.'],
    ['RunTask', { cluster: 'cluster', taskDefinition: 'no' }, 'TaskDefinition not found.'],
    [
      'RunTask',
      { cluster: 'cluster', taskDefinition: 'fam' },
      "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
    ],
    [
      'RunTask',
      {
        cluster: 'cluster',
        taskDefinition: 'fam',
        networkConfiguration: NETWORK,
        overrides: { containerOverrides: [{ name: 'other' }] },
      },
      'Override for container named other is not a container in the TaskDefinition.',
    ],
    [
      'RunTask',
      {
        cluster: 'cluster',
        taskDefinition: 'fam',
        networkConfiguration: NETWORK,
        overrides: { containerOverrides: [{ name: 'main', command: ['x'.repeat(8_192)] }] },
      },
      'Container Overrides length must be at most 8192',
    ],
    [
      'RunTask',
      { cluster: 'cluster', taskDefinition: 'fam', networkConfiguration: NETWORK, count: 11 },
      'count must be between 1 and 10.',
    ],
    ['StopTask', { cluster: 'cluster', task: 'no' }, 'The referenced task was not found.'],
    ['DescribeTaskDefinition', { taskDefinition: 'no' }, 'Unable to describe task definition.'],
    ['CreateService', {}, 'Stepyard does not host ecs:CreateService.'],
    [
      'RegisterTaskDefinition',
      {
        family: 'x',
        containerDefinitions: [{ name: 'a', image: 'i', secrets: [{ name: 's', valueFrom: 'arn' }] }],
      },
      "Stepyard's ecs:RegisterTaskDefinition does not support secrets.",
    ],
    [
      'RegisterTaskDefinition',
      {
        family: 'x',
        containerDefinitions: [
          { name: 'a', image: 'i', dependsOn: [{ containerName: 'b', condition: 'START' }] },
          { name: 'b', image: 'i', dependsOn: [{ containerName: 'a', condition: 'START' }] },
        ],
      },
      'The dependencies of the containers form a circle.',
    ],
  ])('%s refuses %j', async (operation, input, message) => {
    await register([{ name: 'main' }]);
    await expect(call(operation, input)).rejects.toThrow(message);
  });

  test('are understood as the SDK sends them, errors and times included', async () => {
    await register([{ name: 'main', command: ['1'] }]);
    const server = await serve(ecs);
    const client = new ECSClient(clientOptions(server.origin));
    const { tasks = [] } = await client.send(
      new RunTaskCommand({
        cluster: 'cluster',
        taskDefinition: 'fam:1',
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
      }),
    );
    const taskArn = tasks[0]?.taskArn ?? '';
    await until(taskArn, 'STOPPED');
    const described = await client.send(new DescribeTasksCommand({ cluster: 'cluster', tasks: [taskArn] }));
    expect(described.tasks?.[0]?.containers?.[0]?.exitCode).toBe(0);
    expect(Date.now() - (described.tasks?.[0]?.stoppedAt?.getTime() ?? 0)).toBeLessThan(60_000);
    await expect(
      client.send(new DescribeTasksCommand({ cluster: 'no', tasks: [taskArn] })),
    ).rejects.toMatchObject({ name: 'ClusterNotFoundException' });
    client.destroy();
    await server.close();
  });
});
