/** What executions leave in CloudWatch, read through its API. */
import { CloudWatchClient, GetMetricStatisticsCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateActivityCommand,
  CreateStateMachineAliasCommand,
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetActivityTaskCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startYard, type Yard } from './yard.ts';

let yard: Yard;
let sfn: SFNClient;
let cloudwatch: CloudWatchClient;

beforeAll(async () => {
  yard = await startYard({ jobs: 'process' });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const settings = { endpoint: yard.origin, region: 'us-east-1', credentials };
  sfn = new SFNClient({ ...settings, disableHostPrefix: true });
  cloudwatch = new CloudWatchClient(settings);
});
afterAll(async () => {
  sfn.destroy();
  cloudwatch.destroy();
  await yard.close();
});

async function machine(name: string, state: object, more: object = {}) {
  return await sfn.send(
    new CreateStateMachineCommand({
      name,
      roleArn: 'arn:aws:iam::000000000000:role/x',
      definition: JSON.stringify({ StartAt: 'S', States: { S: { ...state } } }),
      ...more,
    }),
  );
}

async function ended(executionArn: string | undefined): Promise<void> {
  await vi.waitFor(
    async () => {
      const { status } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      if (status === 'RUNNING') throw new Error('still running');
    },
    { timeout: 20_000 },
  );
}

/** The metrics that there are for a dimension, each with its sum in the last hour. */
async function sums(name: string, value: string, dimensionCount = 1): Promise<Record<string, number>> {
  const Namespace = 'AWS/States';
  const Dimensions = [{ Name: name, Value: value }];
  const { Metrics: metrics = [] } = await cloudwatch.send(new ListMetricsCommand({ Namespace, Dimensions }));
  const found = metrics.filter((metric) => metric.Dimensions?.length === dimensionCount);
  const entries = await Promise.all(
    found.map(async (metric) => {
      const { Datapoints: points = [] } = await cloudwatch.send(
        new GetMetricStatisticsCommand({
          Namespace,
          MetricName: metric.MetricName,
          Dimensions: metric.Dimensions,
          StartTime: new Date(Date.now() - 3_600_000),
          EndTime: new Date(Date.now() + 60_000),
          Period: 60,
          Statistics: ['Sum', 'SampleCount'],
        }),
      );
      const isCount = points[0]?.Unit === 'Count';
      const of = (isCount ? 'Sum' : 'SampleCount') as 'Sum';
      return [metric.MetricName ?? '', points.reduce((sum, point) => sum + (point[of] ?? 0), 0)] as const;
    }),
  );
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

test('executions are counted and timed as they end, by machine, version and alias', async () => {
  const choice = {
    Type: 'Choice',
    Choices: [{ Variable: '$.fail', IsPresent: true, Next: 'F' }],
    Default: 'W',
  };
  const definition = JSON.stringify({
    StartAt: 'S',
    States: { S: choice, F: { Type: 'Fail' }, W: { Type: 'Wait', SecondsPath: '$.seconds', End: true } },
  });
  const created = await machine('counted', {}, { definition, publish: true });
  const { stateMachineArn = '', stateMachineVersionArn = '' } = created;
  const { stateMachineAliasArn } = await sfn.send(
    new CreateStateMachineAliasCommand({
      name: 'live',
      routingConfiguration: [{ stateMachineVersionArn, weight: 100 }],
    }),
  );
  const start = async (arn: string | undefined, input: object): Promise<string | undefined> =>
    (await sfn.send(new StartExecutionCommand({ stateMachineArn: arn, input: JSON.stringify(input) })))
      .executionArn;
  await ended(await start(stateMachineArn, { seconds: 0 }));
  await ended(await start(stateMachineAliasArn, { seconds: 0 }));
  await ended(await start(stateMachineArn, { fail: 1 }));
  const waiting = await start(stateMachineArn, { seconds: 600 });
  await sfn.send(new StopExecutionCommand({ executionArn: waiting }));
  expect(await sums('StateMachineArn', stateMachineArn)).toEqual({
    ExecutionTime: 4,
    ExecutionsAborted: 1,
    ExecutionsFailed: 1,
    ExecutionsStarted: 4,
    ExecutionsSucceeded: 2,
  });
  const once = { ExecutionTime: 1, ExecutionsStarted: 1, ExecutionsSucceeded: 1 };
  expect(await sums('Alias', 'live', 2)).toEqual(once);
  expect(await sums('Version', '1', 2)).toEqual(once);
});

test('a timeout and an Express execution', async () => {
  const wait = { Type: 'Wait', Seconds: 5, End: true };
  const slow = JSON.stringify({ StartAt: 'S', TimeoutSeconds: 1, States: { S: wait } });
  const { stateMachineArn: timed = '' } = await machine('timed', {}, { definition: slow });
  const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn: timed }));
  const { stateMachineArn: quick = '' } = await machine('quick', { Type: 'Succeed' }, { type: 'EXPRESS' });
  await sfn.send(new StartSyncExecutionCommand({ stateMachineArn: quick }));
  expect(await sums('StateMachineArn', quick)).toEqual({
    ExecutionTime: 1,
    ExecutionsStarted: 1,
    ExecutionsSucceeded: 1,
    ExpressExecutionBilledDuration: 1,
  });
  await ended(executionArn);
  expect(await sums('StateMachineArn', timed)).toEqual({
    ExecutionTime: 1,
    ExecutionsStarted: 1,
    ExecutionsTimedOut: 1,
  });
});

test('tasks are counted and timed by what they call', async () => {
  const { activityArn = '' } = await sfn.send(new CreateActivityCommand({ name: 'work' }));
  const task = { Type: 'Task', Resource: activityArn, End: true };
  const { executionArn } = await sfn.send(
    new StartExecutionCommand({ stateMachineArn: (await machine('asks', task)).stateMachineArn }),
  );
  const { taskToken } = await sfn.send(new GetActivityTaskCommand({ activityArn }));
  await sfn.send(new SendTaskSuccessCommand({ taskToken, output: '1' }));
  await ended(executionArn);
  expect(await sums('ActivityArn', activityArn)).toEqual({
    ActivitiesScheduled: 1,
    ActivitiesStarted: 1,
    ActivitiesSucceeded: 1,
    ActivityRunTime: 1,
    ActivityScheduleTime: 1,
    ActivityTime: 1,
  });
  const Resource = 'arn:aws:states:::sqs:sendMessage';
  const send = {
    Type: 'Task',
    Resource,
    Parameters: { QueueUrl: 'http://x/000000000000/none', MessageBody: 'm' },
    End: true,
  };
  const failing = await sfn.send(
    new StartExecutionCommand({ stateMachineArn: (await machine('sends', send)).stateMachineArn }),
  );
  await ended(failing.executionArn);
  expect(await sums('ServiceIntegrationResourceArn', Resource)).toEqual({
    ServiceIntegrationRunTime: 1,
    ServiceIntegrationScheduleTime: 1,
    ServiceIntegrationTime: 1,
    ServiceIntegrationsFailed: 1,
    ServiceIntegrationsScheduled: 1,
    ServiceIntegrationsStarted: 1,
  });
  const arn = 'arn:aws:lambda:us-east-1:000000000000:function:none';
  const call = await machine('calls', { Type: 'Task', Resource: arn, End: true });
  const called = await sfn.send(new StartExecutionCommand({ stateMachineArn: call.stateMachineArn }));
  await ended(called.executionArn);
  expect(await sums('LambdaFunctionArn', arn)).toMatchObject({
    LambdaFunctionsFailed: 1,
    LambdaFunctionsScheduled: 1,
  });
});
