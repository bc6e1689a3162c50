import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '@stepyard/asl';
import { BatchService } from '../batch/batch.ts';
import { createServices, type Services } from '../create-services.ts';
import { EcsService } from '../ecs/ecs.ts';
import { ImageRegistry } from '../jobs/image-registry.ts';
import { JobPool } from '../jobs/job-pool.ts';
import { ProcessRunner } from '../jobs/process-runner.ts';
import { deploy, type Deployment } from './deploy.ts';
import { objectsOf } from './members.ts';
import { physicalName } from './names.ts';
import { readAssembly } from './read-assembly.ts';
import { createServicesTarget } from './services-target.ts';
import type { DeployTarget, StateMachineDeployment } from './target.ts';
import { TestAssembly } from './test-assembly.ts';

let services: Services;
let batch: BatchService;
let ecs: EcsService;
let target: DeployTarget;
let machines: StateMachineDeployment[];
let assembly: TestAssembly;

beforeAll(async () => {
  const images = new ImageRegistry();
  const runner = new ProcessRunner({ images, environment: () => ({}), why: 'test' });
  const pool = new JobPool({ runner });
  batch = new BatchService({ pool });
  ecs = new EcsService({ pool });
  services = await createServices({
    dataDir: undefined,
    gatewayOrigin: () => 'http://127.0.0.1:4566',
    caller: () => {
      throw new Error('nothing is delivered in this test');
    },
    log: () => undefined,
  });
  target = createServicesTarget({
    services,
    batch,
    ecs,
    images,
    stepFunctions: {
      deployStateMachine: (deployment) => {
        machines.push(deployment);
        const stateMachineArn = `arn:aws:states:us-east-1:000000000000:stateMachine:${deployment.name}`;
        return Promise.resolve({ stateMachineArn });
      },
      createActivity: (name) =>
        Promise.resolve({ activityArn: `arn:aws:states:us-east-1:000000000000:activity:${name}` }),
    },
  });
});
afterAll(async () => {
  await Promise.all([batch.close(), ecs.close()]);
  await services.close();
});
beforeEach(() => {
  assembly = new TestAssembly();
  machines = [];
});
afterEach(() => assembly.remove());

let count = 0;

/** Deploys one stack of these resources, under a name of its own. */
async function deployed(
  resources: JsonObject,
  more: JsonObject = {},
): Promise<Deployment & { stack: string }> {
  count += 1;
  const stack = `test${count}`;
  assembly.stack(stack, { Resources: resources, ...more });
  return { ...(await deploy(readAssembly(assembly.directory), target)), stack };
}

async function call(service: string, operation: string, input: JsonObject): Promise<JsonObject> {
  return (await target.call({ service, operation, input })).output;
}

function ids(deployment: Deployment): readonly string[] {
  return deployment.stacks.flatMap((stack) => stack.resources.map((resource) => resource.physicalId));
}

const TABLE = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
    TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    SSESpecification: { SSEEnabled: true },
  },
};
const QUEUE = (more: JsonObject = {}): JsonObject => ({ Type: 'AWS::SQS::Queue', Properties: more });
const ROLE = { Type: 'AWS::IAM::Role', Properties: {} };

function fifoQueues(seconds: number): JsonObject {
  return {
    Dead: QUEUE({ FifoQueue: true }),
    Q: QUEUE({
      FifoQueue: true,
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
      VisibilityTimeout: seconds,
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 3 },
    }),
  };
}

function machine(more: JsonObject): JsonObject {
  return {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: {
      RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
      DefinitionSubstitutions: { Where: { Ref: 'Q' }, N: 3 },
      ...more,
    },
  };
}

function rule(targets: readonly string[]): JsonObject {
  return {
    R: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: { source: ['aws.states'] },
        Targets: targets.map((Id) => ({ Id, Arn: { 'Fn::GetAtt': ['Q', 'Arn'] } })),
      },
    },
    Q: QUEUE(),
  };
}

describe('hosted resources', () => {
  test('a table is made, and kept with its items when deployed again', async () => {
    const first = await deployed({ T: TABLE });
    const [tableName = ''] = ids(first);
    expect(tableName).toBe(`${first.stack}-T`);
    await call('dynamodb', 'PutItem', { TableName: tableName, Item: { id: { S: 'a' } } });
    await deploy(readAssembly(assembly.directory), target);
    const { Count } = await call('dynamodb', 'Scan', { TableName: tableName });
    expect(Count).toBe(1);
    const { TimeToLiveDescription } = await call('dynamodb', 'DescribeTimeToLive', { TableName: tableName });
    expect(TimeToLiveDescription).toMatchObject({ AttributeName: 'expires' });
  });

  test('a table with other keys than the one that is there is refused', async () => {
    const { stack } = await deployed({ T: TABLE });
    const other = {
      ...TABLE.Properties,
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    };
    assembly.stack(stack, { Resources: { T: { ...TABLE, Properties: other } } });
    await expect(deploy(readAssembly(assembly.directory), target)).rejects.toThrow(
      `stack ${stack}, T: AWS::DynamoDB::Table: the data directory has a table ${stack}-T with other keys`,
    );
  });

  test('a queue keeps its messages and gets new attributes', async () => {
    const first = await deployed(fifoQueues(10));
    const [, url = ''] = ids(first);
    expect(url).toBe(`http://127.0.0.1:4566/000000000000/${first.stack}-Q.fifo`);
    await call('sqs', 'SendMessage', {
      QueueUrl: url,
      MessageBody: 'x',
      MessageGroupId: 'g',
      MessageDeduplicationId: 'd',
    });
    assembly.stack(first.stack, { Resources: fifoQueues(20) });
    await deploy(readAssembly(assembly.directory), target);
    const { Attributes } = await call('sqs', 'GetQueueAttributes', {
      QueueUrl: url,
      AttributeNames: ['All'],
    });
    expect(Attributes).toMatchObject({ VisibilityTimeout: '20', ApproximateNumberOfMessages: '1' });
  });

  test('a topic delivers to its queue, once however often it is deployed; e-mail is reported', async () => {
    const first = await deployed({
      S: {
        Type: 'AWS::SNS::Subscription',
        Properties: {
          TopicArn: { Ref: 'T' },
          Protocol: 'sqs',
          Endpoint: { 'Fn::GetAtt': ['Q', 'Arn'] },
          RawMessageDelivery: true,
        },
      },
      Mail: {
        Type: 'AWS::SNS::Subscription',
        Properties: { TopicArn: { Ref: 'T' }, Protocol: 'email', Endpoint: 'a@example.com' },
      },
      T: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: 'd', KmsMasterKeyId: 'k' } },
      Q: QUEUE(),
    });
    await deploy(readAssembly(assembly.directory), target);
    const topicArn = `arn:aws:sns:us-east-1:000000000000:${first.stack}-T`;
    await call('sns', 'Publish', { TopicArn: topicArn, Message: 'hello' });
    const received = await call('sqs', 'ReceiveMessage', {
      QueueUrl: `http://127.0.0.1:4566/000000000000/${first.stack}-Q`,
      MaxNumberOfMessages: 10,
    });
    expect(objectsOf(received['Messages']).map((message) => message['Body'])).toEqual(['hello']);
    expect(first.unhosted).toMatchObject([
      {
        type: 'AWS::SNS::Subscription',
        logicalId: 'Mail',
        detail: 'the email subscription of a@example.com',
      },
    ]);
  });

  test('a bucket has a name that S3 takes, and is kept', async () => {
    const first = await deployed(
      { MyBucket_1: { Type: 'AWS::S3::Bucket', Properties: {} } },
      {
        Outputs: { Arn: { Value: { 'Fn::GetAtt': ['MyBucket_1', 'Arn'] } } },
      },
    );
    await deploy(readAssembly(assembly.directory), target);
    expect(ids(first)).toEqual([`${first.stack}-mybucket-1`]);
    expect(first.stacks[0]?.outputs['Arn']?.value).toBe(`arn:aws:s3:::${first.stack}-mybucket-1`);
  });

  test('a function runs the code of its asset; one that cannot run is reported', async () => {
    assembly.write(
      'asset.code/index.mjs',
      'export const handler = async (event) => ({ got: event, name: process.env.NAME })',
    );
    assembly.assets('code', {
      files: {
        code: { source: { path: 'asset.code' }, destinations: { d: { bucketName: 'b', objectKey: 'k' } } },
      },
    });
    const properties = {
      Handler: 'index.handler',
      Role: 'r',
      Code: { S3Bucket: 'b', S3Key: 'k' },
      Environment: { Variables: { NAME: 'n' } },
    };
    const first = await deployed({
      F: { Type: 'AWS::Lambda::Function', Properties: { ...properties, Runtime: 'nodejs24.x' } },
      J: { Type: 'AWS::Lambda::Function', Properties: { ...properties, Runtime: 'java21' } },
      Layered: {
        Type: 'AWS::Lambda::Function',
        Properties: { ...properties, Runtime: 'nodejs24.x', Layers: ['arn:layer'] },
      },
    });
    const answer = await services.lambda.invokeFunction(`${first.stack}-F`, '{"a":1}', {
      invocationType: 'RequestResponse',
    });
    expect(JSON.parse(answer.payload)).toEqual({ got: { a: 1 }, name: 'n' });
    expect(first.unhosted.map(({ logicalId, detail }) => [logicalId, detail])).toEqual([
      ['J', expect.stringContaining('java21')],
      ['Layered', 'a function with layers'],
    ]);
  });

  test('an event source mapping takes messages, or none while it is disabled; deployed again it is the same', async () => {
    const resources = (enabled: boolean): JsonObject => ({
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'mapped' } },
      Consumer: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: 'mapped',
          Runtime: 'nodejs24.x',
          Handler: 'index.handler',
          Role: 'r',
          Code: { ZipFile: 'exports.handler = async () => ({ batchItemFailures: [] });' },
        },
      },
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          FunctionName: { 'Fn::GetAtt': ['Consumer', 'Arn'] },
          EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] },
          Enabled: enabled,
          BatchSize: '5',
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          ScalingConfig: { MaximumConcurrency: 2 },
        },
      },
    });
    const first = await deployed(resources(false));
    expect(first.unhosted).toEqual([]);
    const list = async (): Promise<readonly JsonObject[]> =>
      objectsOf(
        (await call('lambda', 'ListEventSourceMappings', { FunctionName: 'mapped' }))['EventSourceMappings'],
      );
    expect(await list()).toMatchObject([
      { State: 'Disabled', BatchSize: 5, ScalingConfig: { MaximumConcurrency: 2 } },
    ]);
    const QueueUrl = ids(first)[0] ?? '';
    await call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'm' });
    const waiting = async (): Promise<Json | undefined> => {
      const output = await call('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
      return (output['Attributes'] as JsonObject)['ApproximateNumberOfMessages'];
    };
    expect(await waiting()).toBe('1');
    await deployed(resources(true));
    expect(await list()).toMatchObject([{ State: 'Enabled' }]);
    await expect.poll(waiting, { timeout: 5000 }).toBe('0');
  });

  test('a mapping of a function that cannot run here is reported with it', async () => {
    const { unhosted } = await deployed({
      Queue: { Type: 'AWS::SQS::Queue' },
      Image: {
        Type: 'AWS::Lambda::Function',
        Properties: { FunctionName: 'image', PackageType: 'Image', Role: 'r', Code: { ImageUri: 'i' } },
      },
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { FunctionName: { Ref: 'Image' }, EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] } },
      },
    });
    expect(unhosted.map(({ logicalId }) => logicalId)).toEqual(['Image', 'Mapping']);
  });

  test('a state machine gets its definition from any of three places, with substitutions', async () => {
    assembly.write('asset.def', '{"from":"${Where}","stays":"${Other}"}');
    assembly.assets('def', {
      files: {
        def: { source: { path: 'asset.def' }, destinations: { d: { bucketName: 'b', objectKey: 'def' } } },
      },
    });
    const { stack } = await deployed({
      A: machine({
        DefinitionString: {
          'Fn::Join': ['', ['{"q":"${Where}","n":${N},"a":"', { Ref: 'AWS::Region' }, '"}']],
        },
      }),
      B: machine({ Definition: { q: '${Where}' }, StateMachineType: 'EXPRESS', StateMachineName: 'given' }),
      C: machine({
        DefinitionS3Location: { Bucket: 'b', Key: 'def' },
        LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: true },
      }),
      Role: ROLE,
      Q: QUEUE({ QueueName: 'named' }),
    });
    const url = 'http://127.0.0.1:4566/000000000000/named';
    expect(
      machines.map(({ name, type, definition }) => [name, type, JSON.parse(definition) as Json]),
    ).toEqual([
      [`${stack}-A`, 'STANDARD', { q: url, n: 3, a: 'us-east-1' }],
      ['given', 'EXPRESS', { q: url }],
      [`${stack}-C`, 'STANDARD', { from: url, stays: '${Other}' }],
    ]);
    expect(machines[2]).toMatchObject({
      roleArn: `arn:aws:iam::000000000000:role/${stack}-Role`,
      loggingConfiguration: { level: 'ALL', includeExecutionData: true },
    });
  });

  test('a rule has exactly the targets of the last deployment', async () => {
    const { stack } = await deployed(rule(['one', 'two']));
    assembly.stack(stack, { Resources: rule(['two', 'three']) });
    await deploy(readAssembly(assembly.directory), target);
    const { Targets } = await call('eventbridge', 'ListTargetsByRule', { Rule: `${stack}-R` });
    expect(objectsOf(Targets).map(({ Id }) => Id)).toEqual(expect.arrayContaining(['three', 'two']));
  });

  test('Batch and ECS get their definitions in their own spelling, and no new revision for the same again', async () => {
    const { stack } = await deployed({
      CE: {
        Type: 'AWS::Batch::ComputeEnvironment',
        Properties: { Type: 'MANAGED', ReplaceComputeEnvironment: false },
      },
      JQ: {
        Type: 'AWS::Batch::JobQueue',
        Properties: {
          Priority: '1',
          ComputeEnvironmentOrder: [{ Order: 1, ComputeEnvironment: { Ref: 'CE' } }],
        },
      },
      JD: {
        Type: 'AWS::Batch::JobDefinition',
        Properties: {
          Type: 'container',
          Parameters: { KeptAsItIs: 'x' },
          RetryStrategy: { Attempts: 2, EvaluateOnExit: [{ OnExitCode: '1', Action: 'EXIT' }] },
          ContainerProperties: {
            Image: 'i',
            ReadonlyRootFilesystem: true,
            LogConfiguration: { LogDriver: 'awslogs', Options: { 'awslogs-group': 'g' } },
          },
        },
      },
      C: { Type: 'AWS::ECS::Cluster', Properties: {} },
      TD: {
        Type: 'AWS::ECS::TaskDefinition',
        Properties: {
          Family: `fam${count}`,
          Cpu: '256',
          ContainerDefinitions: [{ Name: 'main', Image: 'i', Cpu: '0', DockerLabels: { KeptAsItIs: 'x' } }],
        },
      },
    });
    const again = await deploy(readAssembly(assembly.directory), target);
    expect(ids(again)).toEqual([
      `arn:aws:batch:us-east-1:000000000000:compute-environment/${stack}-CE`,
      `arn:aws:batch:us-east-1:000000000000:job-queue/${stack}-JQ`,
      `arn:aws:batch:us-east-1:000000000000:job-definition/${stack}-JD:1`,
      `${stack}-C`,
      expect.stringMatching(/:task-definition\/fam\d+:1$/u),
    ]);
    const { jobDefinitions } = await call('batch', 'DescribeJobDefinitions', {
      jobDefinitionName: `${stack}-JD`,
    });
    expect(jobDefinitions).toMatchObject([
      {
        parameters: { KeptAsItIs: 'x' },
        retryStrategy: { attempts: 2, evaluateOnExit: [{ onExitCode: '1', action: 'EXIT' }] },
        containerProperties: {
          readonlyRootFilesystem: true,
          logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': 'g' } },
        },
      },
    ]);
    const { taskDefinition } = await call('ecs', 'DescribeTaskDefinition', {
      taskDefinition: ids(again)[4] ?? '',
    });
    expect(taskDefinition).toMatchObject({
      containerDefinitions: [{ name: 'main', cpu: 0, dockerLabels: { KeptAsItIs: 'x' } }],
    });
  });
});

describe('what is not hosted', () => {
  test('is noted when it has no behaviour here, listed when it would have one, and can be referred to', async () => {
    const { stacks, unhosted, stack } = await deployed(
      {
        Role: ROLE,
        Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.1.0.0/16' } },
        Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'api' } },
        Thing: { Type: 'Custom::Thing', Properties: {} },
      },
      {
        Outputs: {
          Role: { Value: { 'Fn::GetAtt': ['Role', 'Arn'] } },
          Vpc: { Value: { 'Fn::GetAtt': ['Vpc', 'CidrBlock'] } },
          Url: { Value: { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] } },
          Any: { Value: { 'Fn::GetAtt': ['Thing', 'Whatever'] } },
        },
      },
    );
    expect(stacks[0]?.resources.map(({ class: kind }) => kind)).toEqual([
      'recorded',
      'recorded',
      'unhosted',
      'unhosted',
    ]);
    expect(unhosted.map(({ type, name, detail }) => [type, name, detail])).toEqual([
      ['AWS::ApiGatewayV2::Api', 'api', undefined],
      ['Custom::Thing', `${stack}-Thing`, undefined],
    ]);
    const outputs = stacks[0]?.outputs ?? {};
    expect(Object.values(outputs).map(({ value }) => value)).toEqual([
      `arn:aws:iam::000000000000:role/${stack}-Role`,
      '10.1.0.0/16',
      'https://api.not-hosted.invalid',
      `${stack}-Thing/Whatever`,
    ]);
  });

  test('a feature that a service refuses by name does not keep the rest from running', async () => {
    const { unhosted, stacks } = await deployed({
      TD: {
        Type: 'AWS::ECS::TaskDefinition',
        Properties: {
          ContainerDefinitions: [{ Name: 'a', Image: 'i', Secrets: [{ Name: 's', ValueFrom: 'x' }] }],
        },
      },
      Q: QUEUE(),
    });
    expect(stacks[0]?.resources.map(({ class: kind }) => kind)).toEqual(['unhosted', 'hosted']);
    expect(unhosted).toMatchObject([
      { logicalId: 'TD', detail: expect.stringContaining('does not support secrets') as string },
    ]);
  });
});

describe('a deployment', () => {
  test('goes by references and DependsOn, skips what its condition excludes, and exports between stacks', async () => {
    assembly.stack(
      'importing',
      {
        Resources: {
          Q: QUEUE({ QueueName: { 'Fn::Join': ['-', ['of', { 'Fn::ImportValue': 'shared' }]] } }),
        },
      },
      { dependencies: ['exporting'] },
    );
    assembly.stack('exporting', {
      Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
      Resources: {
        Last: { ...QUEUE(), DependsOn: ['Middle'] },
        Middle: QUEUE({ QueueName: { 'Fn::Sub': '${First.QueueName}x' } }),
        First: QUEUE(),
        Absent: { ...QUEUE(), Condition: 'Never' },
      },
      Outputs: {
        Shared: { Value: { 'Fn::GetAtt': ['First', 'QueueName'] }, Export: { Name: 'shared' } },
        None: { Value: { Ref: 'Absent' }, Condition: 'Never' },
      },
    });
    const seen: string[] = [];
    const { stacks } = await deploy(readAssembly(assembly.directory), target, {
      onResource: (stackName, resource) => seen.push(`${stackName}/${resource.logicalId}`),
    });
    expect(seen).toEqual(['exporting/First', 'exporting/Middle', 'exporting/Last', 'importing/Q']);
    expect(stacks[0]?.outputs).toEqual({
      Shared: { value: 'exporting-First', description: undefined, exportName: 'shared' },
    });
    expect(stacks[1]?.resources[0]?.physicalId).toMatch(/\/of-exporting-First$/u);
  });

  test('takes parameters by name, and by stack and name', async () => {
    const template = {
      Parameters: { P: { Type: 'String' } },
      Resources: {},
      Outputs: { O: { Value: { Ref: 'P' } } },
    };
    assembly.stack('one', template).stack('two', template);
    const { stacks } = await deploy(readAssembly(assembly.directory), target, {
      parameters: { P: 'all', 'two.P': 'own' },
    });
    expect(stacks.map(({ outputs }) => outputs['O']?.value)).toEqual(['all', 'own']);
  });

  test.each<[JsonObject, JsonObject, RegExp]>([
    [
      { A: QUEUE({ QueueName: { Ref: 'B' } }), B: QUEUE({ QueueName: { Ref: 'A' } }) },
      {},
      /^stack test\d+, A: circular dependency: A -> B -> A$/u,
    ],
    [
      { A: QUEUE({ RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['B', 'Arn'] } } }) },
      {},
      /^stack test\d+, A, Properties\/RedrivePolicy\/deadLetterTargetArn\/Fn::GetAtt: Fn::GetAtt names B, which is no resource/u,
    ],
    [{ A: {} }, {}, /^stack test\d+, A: it has no Type$/u],
    [
      { A: { Type: 'AWS::StepFunctions::StateMachine', Properties: {} } },
      {},
      /^stack test\d+, A: AWS::StepFunctions::StateMachine: it has neither DefinitionString, Definition nor/u,
    ],
    [
      { A: { Type: 'AWS::Lambda::Function', Properties: { Code: { S3Bucket: 'b', S3Key: 'k' } } } },
      {},
      /^stack test\d+, A: AWS::Lambda::Function: its code s3:\/\/b\/k is no asset of the assembly$/u,
    ],
    [{}, { Transform: 'AWS::Serverless-2016-10-31' }, /transforms are not supported: "AWS::Serverless/u],
  ])('of %j is refused with its place', async (resources, more, message) => {
    await expect(deployed(resources, more)).rejects.toThrow(message);
  });
});

test('a physical name is cut to what the service allows, and stays its own', () => {
  expect(physicalName('stack', 'Queue', { lengthMax: 80, suffix: '.fifo' })).toBe('stack-Queue.fifo');
  const long = physicalName('s'.repeat(60), 'a'.repeat(60), { lengthMax: 64 });
  expect(long).toHaveLength(64);
  expect(long).toMatch(/^s{55}-[0-9a-f]{8}$/u);
  expect(physicalName('s'.repeat(60), 'b'.repeat(60), { lengthMax: 64 })).not.toBe(long);
  expect(physicalName('My_Stack', '-Bucket-', { lengthMax: 63, lowerCase: true })).toBe('my-stack--bucket');
});
