import * as batch from '@aws-sdk/client-batch';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as ecs from '@aws-sdk/client-ecs';
import * as eventbridge from '@aws-sdk/client-eventbridge';
import * as lambda from '@aws-sdk/client-lambda';
import * as sfn from '@aws-sdk/client-sfn';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { iamNeeds, lostWorkerError } from './needs.ts';
import { parseResource } from './resource.ts';
import { sdkService } from './sdk-service.ts';
import { findIntegration, INTEGRATIONS } from './table.ts';
import { tasksOf } from './tasks-of.ts';

const CLIENTS: Readonly<Record<string, object>> = {
  batch,
  dynamodb,
  ecs,
  eventbridge,
  lambda,
  sfn,
  sns,
  sqs,
};

/** Member names of an operation's input in the SDK's own schemas, with a capital letter as state machines write them. */
function inputMembers(client: object, operation: string): string[] | undefined {
  const schema = Object.entries(client).find(([name]) => name === `${operation}$`)?.[1];
  const names = elementOf(elementOf(schema, 4), 4);
  if (!Array.isArray(names)) return undefined;
  return names.map(String).map((name) => name.charAt(0).toUpperCase() + name.slice(1));
}

/** An element of a schema, which may stand there itself or behind a function. */
function elementOf(schema: unknown, index: number): unknown {
  const element: unknown = Array.isArray(schema) ? schema[index] : undefined;
  return typeof element === 'function' ? element() : element;
}

test('each integration stands once in the table, and what it requires is among its parameters', () => {
  const names = INTEGRATIONS.map(({ service, action }) => `${service}:${action}`);
  expect(new Set(names).size).toBe(names.length);
  for (const row of INTEGRATIONS) {
    expect(row.parameters).toEqual(expect.arrayContaining([...row.required]));
    expect(new Set(row.parameters).size, `${row.service}:${row.action}`).toBe(row.parameters.length);
    expect(row.patterns[0]).toBe('requestResponse');
    for (const need of row.iam)
      expect(need.actions.every((action) => /^[a-z-]+:[A-Z]\w+$/u.test(action))).toBe(true);
  }
});

test('operations and parameters are those of the SDK', () => {
  const checked = INTEGRATIONS.filter(({ api }) => Object.hasOwn(CLIENTS, api.service));
  expect(checked.length).toBeGreaterThanOrEqual(11);
  for (const row of checked) {
    const members = inputMembers(CLIENTS[row.api.service] ?? {}, row.api.operation);
    expect(members, `${row.service}:${row.action}`).toBeDefined();
    expect(members).toEqual(expect.arrayContaining([...row.parameters]));
  }
});

const needs = (arn: string): string[] => {
  const resource = parseResource(arn);
  if (resource === undefined) throw new Error(`no resource: ${arn}`);
  return (iamNeeds(resource) ?? []).map(({ actions, on }) => {
    const where = on.kind === 'parameter' ? on.parameter : on.kind === 'managedRule' ? on.rule : on.kind;
    return `${actions.join(',')} on ${where}`;
  });
};

describe('IAM needs', () => {
  test.each([
    [
      'arn:aws:states:::batch:submitJob.sync',
      [
        'batch:SubmitJob on JobDefinition',
        'batch:SubmitJob on JobQueue',
        'batch:DescribeJobs on any',
        'batch:TerminateJob on jobs',
        'events:PutTargets,events:PutRule,events:DescribeRule on StepFunctionsGetEventsForBatchJobsRule',
      ],
    ],
    ['arn:aws:states:::batch:submitJob', ['batch:SubmitJob on JobDefinition', 'batch:SubmitJob on JobQueue']],
    [
      'arn:aws:states:::ecs:runTask.sync',
      [
        'ecs:RunTask on TaskDefinition',
        'ecs:StopTask,ecs:DescribeTasks on any',
        'events:PutTargets,events:PutRule,events:DescribeRule on StepFunctionsGetEventsForECSTaskRule',
        'iam:PassRole on passRole',
      ],
    ],
    ['arn:aws:states:::aws-sdk:dynamodb:scan', ['dynamodb:Scan on TableName']],
    ['arn:aws:states:::aws-sdk:sfn:startSyncExecution', ['states:StartSyncExecution on StateMachineArn']],
    ['arn:aws:states:::states:startExecution', ['states:StartExecution on StateMachineArn']],
    ['arn:aws:states:::aws-sdk:sqs:sendMessageBatch', ['sqs:SendMessage on QueueUrl']],
    ['arn:aws:states:::aws-sdk:ec2:describeInstances', ['ec2:DescribeInstances on any']],
    ['arn:aws:lambda:us-east-1:000000000000:function:f', ['lambda:InvokeFunction on resource']],
    ['arn:aws:states:us-east-1:000000000000:activity:a', []],
  ])('%s', (arn, expected) => {
    expect(needs(arn)).toEqual(expected);
  });
});

test.each([
  ['dynamodb', 'DynamoDb'],
  ['sfn', 'Sfn'],
  ['sqs', 'Sqs'],
  ['s3', 'S3'],
  ['cloudwatchlogs', 'CloudWatchLogs'],
  ['constructor', 'Constructor'],
])('the error prefix of aws-sdk:%s is %s', (service, prefix) => {
  expect(sdkService(service)?.errorPrefix).toBe(prefix);
});

test.each([
  ['arn:aws:states:::lambda:invoke', 'Lambda.Unknown'],
  ['arn:aws:lambda:us-east-1:000000000000:function:f', 'Lambda.Unknown'],
  ['arn:aws:states:::sqs:sendMessage.waitForTaskToken', 'SQS.SdkClientException'],
  ['arn:aws:states:::batch:submitJob.sync', 'States.TaskFailed'],
  ['arn:aws:states:::aws-sdk:dynamodb:scan', 'DynamoDb.SdkClientException'],
  ['arn:aws:states:us-east-1:000000000000:activity:a', undefined],
])('a lost worker of %s is %s', (arn, expected) => {
  const resource = parseResource(arn);
  expect(resource && lostWorkerError(resource)).toBe(expected);
});

test('lookups do not find what objects inherit', () => {
  expect(findIntegration('constructor', 'toString')).toBeUndefined();
  expect(sdkService('__proto__')).toBeUndefined();
});

test('resources with substitutions are understood', () => {
  expect(parseResource('arn:${Partition}:states:::sqs:sendMessage.waitForTaskToken')).toMatchObject({
    kind: 'integration',
    service: 'sqs',
    action: 'sendMessage',
    pattern: 'waitForTaskToken',
  });
  expect(parseResource('${FunctionArn}')).toBeUndefined();
});

test('all Task states are found, wherever they are nested', () => {
  const task = { Type: 'Task', Resource: 'arn:aws:states:::sns:publish', End: true };
  const definition = {
    QueryLanguage: 'JSONata',
    StartAt: 'A',
    States: {
      A: {
        Type: 'Parallel',
        Branches: [{ StartAt: 'B', States: { B: { ...task, Arguments: { Message: 'x' } } } }],
        Next: 'M',
      },
      M: {
        Type: 'Map',
        ItemProcessor: {
          StartAt: 'C/D',
          States: { 'C/D': { ...task, QueryLanguage: 'JSONPath', Parameters: {} } },
        },
        End: true,
      },
    },
  };
  expect(tasksOf(definition)).toMatchObject([
    {
      name: 'B',
      pointer: '/States/A/Branches/0/States/B',
      queryLanguage: 'JSONata',
      parameters: { Message: 'x' },
    },
    {
      name: 'C/D',
      pointer: '/States/M/ItemProcessor/States/C~1D',
      queryLanguage: 'JSONPath',
      parameters: {},
    },
  ]);
  expect(tasksOf([null, 'x'])).toEqual([]);
});
