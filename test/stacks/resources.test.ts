import { readFileSync } from 'node:fs';
import type { Json } from '@stepyard/asl';
import { describe, expect, test } from 'vitest';
import { repositoryPath } from '../../lib/paths.ts';
import { allMachines, statementsOf } from './support/machines.ts';
import type { Synthesised } from './support/synthesis.ts';
import { allStacks } from './support/synthesis.ts';
import type { Located } from './support/template.ts';
import {
  ACCOUNT,
  at,
  listOf,
  resolve,
  resolveText,
  resourcesOf,
  textsOf,
  textAt,
} from './support/template.ts';

const stacks = allStacks().map((stack): [string, Synthesised] => [stack.stackName, stack]);
const KEY = { 'Fn::GetAtt': [expect.stringMatching(/^EncryptionKey/u), 'Arn'] };

/** Where each type names the key that its data is encrypted with. */
const KEY_FIELDS: Readonly<Record<string, readonly string[]>> = {
  'AWS::SNS::Topic': ['KmsMasterKeyId'],
  'AWS::SQS::Queue': ['KmsMasterKeyId'],
  'AWS::DynamoDB::Table': ['SSESpecification', 'KMSMasterKeyId'],
  'AWS::Logs::LogGroup': ['KmsKeyId'],
  'AWS::StepFunctions::StateMachine': ['EncryptionConfiguration', 'KmsKeyId'],
  'AWS::StepFunctions::Activity': ['EncryptionConfiguration', 'KmsKeyId'],
  'AWS::Lambda::Function': ['KmsKeyArn'],
  'AWS::Scheduler::Schedule': ['KmsKeyArn'],
};

function all(stack: Synthesised, ...types: readonly string[]): Located[] {
  return resourcesOf(stack.template, ...types);
}

describe.each(stacks)('%s: encryption', (_name, stack) => {
  test('9: keys rotate; services use them for this account only', () => {
    const keys = all(stack, 'AWS::KMS::Key');
    expect(keys).toHaveLength(1);
    for (const { properties } of keys) {
      expect(properties['EnableKeyRotation']).toBe(true);
      for (const statement of listOf(at(properties, 'KeyPolicy', 'Statement'))) {
        // Either the account itself, or a service bound to the account by a condition.
        const isService = at(statement, 'Principal', 'Service') !== undefined;
        const bound = isService ? at(statement, 'Condition') : at(statement, 'Principal', 'AWS');
        expect(JSON.stringify(resolve(bound, stack.template))).toContain(ACCOUNT);
      }
    }
  });

  test.each(Object.entries(KEY_FIELDS))(
    '10: every %s is encrypted with the key of the stack',
    (type, path) => {
      for (const { properties, id } of all(stack, type)) expect(at(properties, ...path), id).toEqual(KEY);
    },
  );

  test('10: buckets are encrypted with the key of the stack and closed to the public', () => {
    for (const { properties } of all(stack, 'AWS::S3::Bucket')) {
      const [rule] = listOf(at(properties, 'BucketEncryption', 'ServerSideEncryptionConfiguration'));
      expect(at(rule, 'ServerSideEncryptionByDefault', 'KMSMasterKeyID')).toEqual(KEY);
      expect(properties['PublicAccessBlockConfiguration']).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
    }
  });

  test('11: EventBridge and CloudWatch may use the key, or their messages would be lost', () => {
    const [key] = all(stack, 'AWS::KMS::Key');
    const services = listOf(at(key?.properties, 'KeyPolicy', 'Statement')).flatMap((statement) =>
      listOf(at(statement, 'Principal', 'Service')),
    );
    expect(services).toEqual(
      expect.arrayContaining(['events.amazonaws.com', 'cloudwatch.amazonaws.com', 'sns.amazonaws.com']),
    );
  });

  test('12: queues, topics and buckets refuse plain HTTP', () => {
    const targets = all(stack, 'AWS::SQS::Queue', 'AWS::SNS::Topic', 'AWS::S3::Bucket');
    const policies = all(stack, 'AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy', 'AWS::S3::BucketPolicy');
    for (const { id } of targets) {
      const own = policies.filter(({ properties }) =>
        JSON.stringify([properties['Queues'], properties['Topics'], properties['Bucket']]).includes(
          `"${id}"`,
        ),
      );
      const denied = own
        .flatMap(({ properties }) => statementsOf(properties['PolicyDocument'], stack))
        .filter(({ effect }) => effect === 'Deny');
      expect(
        denied.map(({ condition }) => condition),
        id,
      ).toEqual([{ Bool: { 'aws:SecureTransport': 'false' } }]);
    }
  });
});

describe.each(stacks)('%s: network and containers', (_name, stack) => {
  test('13: nothing is let in; containers call out over HTTPS only', () => {
    expect(all(stack, 'AWS::EC2::SecurityGroupIngress')).toEqual([]);
    for (const { properties } of all(stack, 'AWS::EC2::SecurityGroup')) {
      expect(properties['SecurityGroupIngress']).toBeUndefined();
      expect(listOf(properties['SecurityGroupEgress']).map((rule) => at(rule, 'FromPort'))).toEqual([443]);
      expect(listOf(properties['SecurityGroupEgress']).map((rule) => at(rule, 'ToPort'))).toEqual([443]);
    }
  });

  test('14: tasks are private behind NAT, or public in the demonstration stage', () => {
    const modes = [
      ...all(stack, 'AWS::Batch::JobDefinition').map(({ properties }) =>
        at(properties, 'ContainerProperties', 'NetworkConfiguration', 'AssignPublicIp'),
      ),
      ...all(stack, 'AWS::StepFunctions::StateMachine')
        .map(({ properties }) => at(properties, 'DefinitionSubstitutions', 'AssignPublicIp'))
        .filter((mode) => mode !== undefined),
    ];
    const gateways = all(stack, 'AWS::EC2::NatGateway');
    const runsContainers = /^(?:batch|fargate)-/u.test(stack.useCase);
    const isProd = stack.stage === 'prod';
    expect(modes).toEqual(runsContainers ? [isProd ? 'DISABLED' : 'ENABLED'] : []);
    expect(gateways).toHaveLength(runsContainers && isProd ? 2 : 0);
    const subnets = subnetsOfTasks(stack);
    expect(subnets).toHaveLength(runsContainers ? 2 : 0);
    for (const id of subnets) expect(id).toMatch(stack.stage === 'prod' ? /Private/u : /Public/u);
  });

  test('15: containers are unprivileged, read-only, without secrets, from an image by its hash', () => {
    const containers = [
      ...all(stack, 'AWS::Batch::JobDefinition').map(({ properties }) => properties['ContainerProperties']),
      ...all(stack, 'AWS::ECS::TaskDefinition').flatMap(({ properties }) => [
        ...listOf(properties['ContainerDefinitions']),
      ]),
    ];
    for (const container of containers) {
      expect(at(container, 'User')).toBe('1000:1000');
      expect(at(container, 'ReadonlyRootFilesystem')).toBe(true);
      expect(at(container, 'Privileged') ?? false).toBe(false);
      expect(at(container, 'Environment')).toBeUndefined();
      expect(resolveText(at(container, 'Image'), stack.template)).toMatch(/:[0-9a-f]{64}$/u);
      expect(at(container, 'LogConfiguration', 'LogDriver')).toBe('awslogs');
    }
  });

  test('30: two zones, and a bounded compute environment', () => {
    for (const { properties } of all(stack, 'AWS::Batch::ComputeEnvironment')) {
      expect(listOf(at(properties, 'ComputeResources', 'Subnets')).length).toBeGreaterThanOrEqual(2);
      expect(at(properties, 'ComputeResources', 'MaxvCpus')).toBeLessThanOrEqual(64);
    }
    const zones = all(stack, 'AWS::EC2::Subnet').map(({ properties }) =>
      JSON.stringify(properties['AvailabilityZone']),
    );
    expect(new Set(zones).size).toBe(zones.length === 0 ? 0 : 2);
  });
});

/** Logical ids of the subnets that jobs and tasks run in. */
function subnetsOfTasks(stack: Synthesised): string[] {
  const batch = all(stack, 'AWS::Batch::ComputeEnvironment').flatMap(({ properties }) =>
    textsOf(resolve(at(properties, 'ComputeResources', 'Subnets'), stack.template)),
  );
  const ecs = allMachines()
    .filter((machine) => machine.stack === stack)
    .flatMap(({ substitutions }) => substitutions['SubnetIds']?.split(',') ?? []);
  return [...batch, ...ecs];
}

describe.each(stacks)('%s: data and messages', (_name, stack) => {
  test('17: no account, region or partition is written down', () => {
    const text = JSON.stringify(stack.template);
    expect(text).not.toMatch(/\b\d{12}\b/u);
    expect(text).not.toMatch(/arn:aws(?:-[a-z]+)?:/u);
    expect(text).not.toMatch(/\b(?:us|eu|ap|sa|ca|af|me|il)-(?:gov-)?[a-z]+-\d\b/u);
  });

  test('16: logs hold inputs and outputs in dev only', () => {
    for (const { properties } of all(stack, 'AWS::StepFunctions::StateMachine')) {
      expect(at(properties, 'LoggingConfiguration', 'IncludeExecutionData')).toBe(stack.stage === 'dev');
    }
  });

  test('24: every queue has a dead-letter queue that keeps longer and takes from it alone', () => {
    const queues = all(stack, 'AWS::SQS::Queue');
    const sources = queues.filter(({ properties }) => properties['RedrivePolicy'] !== undefined);
    const deadLetterIds = sources.map(({ properties }) =>
      textAt(properties, 'RedrivePolicy', 'deadLetterTargetArn', 'Fn::GetAtt', 0),
    );
    // Every queue is one or the other.
    expect(queues.map(({ id }) => id).toSorted()).toEqual(
      [...sources.map(({ id }) => id), ...deadLetterIds].toSorted(),
    );
    for (const [index, source] of sources.entries()) {
      const target = queues.find(({ id }) => id === deadLetterIds[index]);
      expect(at(source.properties, 'RedrivePolicy', 'maxReceiveCount')).toBeGreaterThanOrEqual(3);
      expect(at(source.properties, 'RedrivePolicy', 'maxReceiveCount')).toBeLessThanOrEqual(5);
      expect(target?.properties['MessageRetentionPeriod']).toBe(14 * 24 * 3600);
      expect(source.properties['MessageRetentionPeriod']).toBeLessThan(14 * 24 * 3600);
      expect(target?.properties['FifoQueue']).toBe(source.properties['FifoQueue']);
      const allowed = at(target?.properties, 'RedriveAllowPolicy');
      expect(at(allowed, 'redrivePermission')).toBe('byQueue');
      const [only, ...more] = textsOf(resolve(at(allowed, 'sourceQueueArns'), stack.template));
      expect(more).toEqual([]);
      expect(only?.split(':').at(-1)).toBe(source.properties['QueueName']);
    }
  });

  test('25, 40: tables can be restored, are paid by use, and production ones cannot be deleted', () => {
    expect(all(stack, 'AWS::DynamoDB::GlobalTable')).toEqual([]);
    for (const { properties, resource } of all(stack, 'AWS::DynamoDB::Table')) {
      expect(at(properties, 'PointInTimeRecoverySpecification', 'PointInTimeRecoveryEnabled')).toBe(true);
      expect(properties['BillingMode']).toBe('PAY_PER_REQUEST');
      expect(properties['DeletionProtectionEnabled']).toBe(stack.stage === 'prod');
      expect(resource.DeletionPolicy).toBe(stack.stage === 'prod' ? 'Retain' : 'Delete');
    }
  });

  test('23: EventBridge tells the topic of every Standard execution that did not succeed', () => {
    const standard = allMachines().filter(
      (machine) => machine.stack === stack && machine.type === 'STANDARD',
    );
    const [rule, ...more] = all(stack, 'AWS::Events::Rule');
    expect(more).toEqual([]);
    const detail = at(rule?.properties, 'EventPattern', 'detail');
    expect(at(detail, 'status')).toEqual(['FAILED', 'TIMED_OUT', 'ABORTED']);
    expect(textsOf(resolve(at(detail, 'stateMachineArn'), stack.template)).toSorted()).toEqual(
      standard.map(({ name }) => `arn:aws:states:eu-central-1:${ACCOUNT}:stateMachine:${name}`).toSorted(),
    );
    const [target] = listOf(rule?.properties['Targets']);
    expect(at(target, 'Arn', 'Ref')).toBe(all(stack, 'AWS::SNS::Topic')[0]?.id);
    expect(at(target, 'RetryPolicy', 'MaximumRetryAttempts')).toBeGreaterThan(0);
    expect(at(target, 'DeadLetterConfig', 'Arn')).toBeDefined();
  });

  test('notifications reach a queue, and a person only if the stage names one', () => {
    const subscriptions = all(stack, 'AWS::SNS::Subscription');
    expect(subscriptions.map(({ properties }) => properties['Protocol'])).toEqual(['sqs']);
    expect(subscriptions[0]?.properties['RedrivePolicy']).toBeDefined();
  });
});

describe.each(stacks)('%s: operations', (_name, stack) => {
  test('32: every machine logs all it does, to a group that forgets', () => {
    for (const { properties } of all(stack, 'AWS::StepFunctions::StateMachine')) {
      expect(at(properties, 'LoggingConfiguration', 'Level')).toBe('ALL');
      const [destination] = listOf(at(properties, 'LoggingConfiguration', 'Destinations'));
      const id = textAt(destination, 'CloudWatchLogsLogGroup', 'LogGroupArn', 'Fn::GetAtt', 0);
      const group = all(stack, 'AWS::Logs::LogGroup').find((candidate) => candidate.id === id);
      expect(group?.properties['LogGroupName']).toMatch(/^\/aws\/vendedlogs\/states\//u);
    }
    for (const { properties } of all(stack, 'AWS::Logs::LogGroup')) {
      expect(properties['RetentionInDays']).toBe(stack.stage === 'prod' ? 90 : 7);
    }
  });

  test('33: machines and functions are traced', () => {
    for (const { properties } of all(stack, 'AWS::StepFunctions::StateMachine')) {
      expect(at(properties, 'TracingConfiguration', 'Enabled')).toBe(true);
    }
    for (const { properties } of all(stack, 'AWS::Lambda::Function')) {
      expect(at(properties, 'TracingConfig', 'Mode')).toBe('Active');
    }
  });

  test('34: machines, functions and dead-letter queues have alarms that tell somebody', () => {
    const alarms = all(stack, 'AWS::CloudWatch::Alarm');
    for (const { properties, id } of alarms) {
      expect(properties['AlarmActions'], id).toHaveLength(1);
      expect(properties['AlarmDescription'], id).toMatch(/\S{3}/u);
      expect(properties['TreatMissingData'], id).toBe('notBreaching');
    }
    const watched = (metric: string, id: string): boolean =>
      alarms.some(
        ({ properties }) =>
          properties['MetricName'] === metric && JSON.stringify(properties['Dimensions']).includes(`"${id}"`),
      );
    for (const { id, properties } of all(stack, 'AWS::StepFunctions::StateMachine')) {
      const metrics = ['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionThrottled'];
      if (properties['StateMachineType'] === 'STANDARD') metrics.push('ExecutionsAborted');
      for (const metric of metrics) expect(watched(metric, id), `${metric} of ${id}`).toBe(true);
    }
    for (const { id } of all(stack, 'AWS::Lambda::Function')) expect(watched('Errors', id), id).toBe(true);
    for (const { id, properties } of all(stack, 'AWS::SQS::Queue')) {
      if (properties['RedrivePolicy'] !== undefined) continue;
      expect(watched('ApproximateNumberOfMessagesVisible', id), id).toBe(true);
    }
  });

  test('35: one dashboard shows every machine', () => {
    const [dashboard, ...more] = all(stack, 'AWS::CloudWatch::Dashboard');
    expect(more).toEqual([]);
    const body = JSON.stringify(dashboard?.properties['DashboardBody']);
    for (const { id } of all(stack, 'AWS::StepFunctions::StateMachine')) expect(body).toContain(`"${id}"`);
  });

  test('36: functions run Node 24 on arm64, with memory, timeout and Powertools set', () => {
    for (const { properties } of all(stack, 'AWS::Lambda::Function')) {
      expect(properties['Runtime']).toBe('nodejs24.x');
      expect(properties['Architectures']).toEqual(['arm64']);
      expect(properties['MemorySize']).toBeGreaterThan(128);
      expect(properties['Timeout']).toBeGreaterThan(3);
      expect(at(properties, 'Environment', 'Variables')).toMatchObject({
        POWERTOOLS_SERVICE_NAME: stack.useCase,
        NODE_OPTIONS: '--enable-source-maps',
      });
    }
  });

  test('37: what can be tagged is tagged', () => {
    const expected: Record<string, Json> = {
      project: 'stepyard',
      stage: stack.stage,
      useCase: stack.useCase,
    };
    const types = ['AWS::StepFunctions::StateMachine', 'AWS::SNS::Topic', 'AWS::SQS::Queue', 'AWS::KMS::Key'];
    types.push('AWS::DynamoDB::Table', 'AWS::Lambda::Function', 'AWS::S3::Bucket', 'AWS::Logs::LogGroup');
    for (const { properties, id } of all(stack, ...types)) {
      const tags = Object.fromEntries(
        listOf(properties['Tags']).map((tag) => [textAt(tag, 'Key'), at(tag, 'Value')]),
      );
      expect(tags, id).toMatchObject(expected);
      expect(tags['owner'], id).toBeDefined();
    }
  });

  test('38: says what it is, and where to find what it made', () => {
    expect(stack.template.Description).toMatch(/^Stepyard: /u);
    expect(Object.keys(stack.template.Outputs ?? {})).toEqual(
      expect.arrayContaining([
        'StateMachineArn',
        'TopicArn',
        'NotificationQueueUrl',
        'DashboardUrl',
        'ConsoleUrl',
      ]),
    );
  });
});

test('stacks do not lean on each other, and are small enough to read', () => {
  for (const stack of allStacks()) {
    expect(JSON.stringify(stack.template)).not.toContain('Fn::ImportValue');
    const file = `lib/stacks/${stack.useCase}-stack.ts`;
    expect(readFileSync(repositoryPath(file), 'utf8').split('\n').length, file).toBeLessThanOrEqual(150);
  }
});

test('the consumer reads the queue, and the schedule starts the transfer, in prod only', () => {
  for (const stack of allStacks()) {
    for (const { properties } of all(stack, 'AWS::Lambda::EventSourceMapping')) {
      expect(properties['Enabled']).toBe(stack.stage === 'prod');
      expect(properties['FunctionResponseTypes']).toEqual(['ReportBatchItemFailures']);
    }
    for (const { properties } of all(stack, 'AWS::Scheduler::Schedule')) {
      expect(properties['State']).toBe(stack.stage === 'prod' ? 'ENABLED' : 'DISABLED');
    }
  }
});
