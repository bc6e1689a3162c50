import type { Json, JsonObject } from '@stepyard/asl';
import { parseResource } from '@stepyard/asl';
import { describe, expect, test } from 'vitest';
import { createIntegrationRunner } from './integration-runner.ts';
import type { ScriptedCaller } from './scripted-caller.fixture.ts';
import { scriptedCaller, serviceError } from './scripted-caller.fixture.ts';
import { ServiceError } from './service-caller.ts';
import type { TaskResult } from './task-runner.ts';

const METADATA = {
  SdkHttpMetadata: {
    AllHttpHeaders: { 'Content-Type': ['application/json'], 'x-amzn-RequestId': ['r-1'] },
    HttpHeaders: { 'Content-Type': 'application/json', 'x-amzn-RequestId': 'r-1' },
    HttpStatusCode: 200,
  },
  SdkResponseMetadata: { RequestId: 'r-1' },
};
const EXECUTION = 'arn:aws:states:us-east-1:000000000000:execution:m:e';
const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:m';

interface Run {
  readonly result: TaskResult;
  readonly submitted: readonly Json[];
}

async function run(
  caller: ScriptedCaller,
  arn: string,
  parameters: Json,
  signal = new AbortController().signal,
): Promise<Run> {
  const resource = parseResource(arn);
  if (resource === undefined) throw new Error(`${arn} is no resource`);
  const submitted: Json[] = [];
  const request = {
    executionArn: EXECUTION,
    stateMachineArn: MACHINE,
    stateName: 'S',
    resource,
    parameters,
    token: undefined,
    credentials: undefined,
    invocation: 0,
    attemptId: 'a',
  };
  const result = await createIntegrationRunner(caller).run(
    request,
    { submitted: (output) => submitted.push(output) },
    signal,
  );
  return { result, submitted };
}

describe('optimised integrations', () => {
  test('drop what they do not know, make texts of JSON and wrap the answer', async () => {
    const caller = scriptedCaller({ 'sqs:SendMessage': [{ MessageId: 'm' }] });
    const parameters = { QueueUrl: 'q', MessageBody: { a: [1] }, MessageSystemAttribute: 'unknown' };
    const { result } = await run(caller, 'arn:aws:states:::sqs:sendMessage', parameters);
    expect(caller.calls).toEqual([['sqs:SendMessage', { QueueUrl: 'q', MessageBody: '{"a":[1]}' }]]);
    expect(result).toEqual({ kind: 'succeeded', output: { MessageId: 'm', ...METADATA } });
  });

  test('leave the keys of DynamoDB items alone', async () => {
    const item = { id: { S: 'x' }, Upper: { M: { lower: { N: '1' } } } };
    const caller = scriptedCaller({ 'dynamodb:GetItem': [{ Item: item }] });
    const { result } = await run(caller, 'arn:aws:states:::dynamodb:getItem', {
      TableName: 't',
      Key: { id: { S: 'x' } },
    });
    expect(result).toMatchObject({ output: { Item: item } });
  });

  // Recordings error_handling/task-service-*.
  test.each([
    [
      'dynamodb:deleteItem',
      'ConditionalCheckFailedException',
      'DynamoDB.ConditionalCheckFailedException',
      'AmazonDynamoDBv2',
    ],
    ['dynamodb:putItem', 'ValidationException', 'DynamoDB.AmazonDynamoDBException', 'AmazonDynamoDBv2'],
    ['sqs:sendMessage', 'MissingParameter', 'SQS.AmazonSQSException', 'AmazonSQS'],
    ['sns:publish', 'NotFound', 'SNS.NotFoundException', 'AmazonSNS'],
    [
      'states:startExecution',
      'ExecutionAlreadyExists',
      'StepFunctions.ExecutionAlreadyExistsException',
      'AWSStepFunctions',
    ],
  ])('%s: %s is %s', async (name, code, error, label) => {
    const operation = name.slice(name.indexOf(':') + 1);
    const service = name.startsWith('states') ? 'sfn' : name.slice(0, name.indexOf(':'));
    const api = `${service}:${operation.charAt(0).toUpperCase()}${operation.slice(1)}`;
    const caller = scriptedCaller({ [api]: [serviceError(service, code, 'No.')] });
    const { result } = await run(caller, `arn:aws:states:::${name}`, {});
    const cause = `No. (Service: ${label}; Status Code: 400; Error Code: ${code}; Request ID: r-1; Proxy: null)`;
    expect(result).toEqual({ kind: 'failed', error, cause });
  });

  test("nobody there is the SDK's own error", async () => {
    const gone = new ServiceError({
      service: 'sqs',
      code: 'X',
      message: 'q: Name or service not known',
      statusCode: 0,
      unreachable: true,
    });
    const { result } = await run(
      scriptedCaller({ 'sqs:SendMessage': [gone] }),
      'arn:aws:states:::sqs:sendMessage',
      {},
    );
    expect(result).toEqual({
      kind: 'failed',
      error: 'SQS.SdkClientException',
      cause: 'Unable to execute HTTP request: q: Name or service not known',
    });
  });

  // Recording services/events-task-service--put-events-malformed-detail.
  test('an event that was not taken fails the task; machine and execution are among the resources', async () => {
    const caller = scriptedCaller({
      'eventbridge:PutEvents': [{ FailedEntryCount: 1, Entries: [{ ErrorCode: 'MalformedDetail' }] }],
    });
    const entries = { Entries: [{ Detail: { a: 1 }, Resources: ['r'] }] };
    const { result } = await run(caller, 'arn:aws:states:::events:putEvents', entries);
    expect(caller.calls[0]?.[1]).toEqual({
      Entries: [{ Detail: '{"a":1}', Resources: ['r', MACHINE, EXECUTION] }],
    });
    expect(result).toEqual({
      kind: 'failed',
      error: 'EventBridge.FailedEntry',
      cause: '{"Entries":[{"ErrorCode":"MalformedDetail"}],"FailedEntryCount":1}',
    });
  });
});

describe('aws-sdk', () => {
  test('takes and gives what the API does, with ISO times and no metadata', async () => {
    const caller = scriptedCaller({
      'sfn:StartSyncExecution': [{ executionArn: 'e', status: 'SUCCEEDED', startDate: 1.5 }],
    });
    const { result } = await run(caller, 'arn:aws:states:::aws-sdk:sfn:startSyncExecution', {
      StateMachineArn: 's',
      Input: '{}',
    });
    expect(caller.calls).toEqual([['sfn:StartSyncExecution', { stateMachineArn: 's', input: '{}' }]]);
    expect(result).toEqual({
      kind: 'succeeded',
      output: { ExecutionArn: 'e', Status: 'SUCCEEDED', StartDate: '1970-01-01T00:00:01.500Z' },
    });
  });

  // Recordings error_handling/aws-sdk--*.
  test.each<[string, string, string, string, string?]>([
    ['dynamodb:putItem', 'ResourceNotFoundException', 'DynamoDb.ResourceNotFoundException', 'DynamoDb'],
    ['dynamodb:putItem', 'ValidationException', 'DynamoDb.DynamoDbException', 'DynamoDb'],
    ['s3:putItem', 'NoSuchKey', 'S3.NoSuchKeyException', 'S3', ', Extended Request ID: ci0x'],
  ])('%s: %s is %s', async (name, code, error, label, more = '') => {
    const service = name.slice(0, name.indexOf(':'));
    const caller = scriptedCaller({ [`${service}:PutItem`]: [serviceError(service, code, 'No')] });
    const { result } = await run(caller, `arn:aws:states:::aws-sdk:${name}`, {});
    expect(result).toEqual({
      kind: 'failed',
      error,
      cause: `No (Service: ${label}, Status Code: 400, Request ID: r-1${more})`,
    });
  });
});

describe('functions', () => {
  const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:f';
  const failed = { functionError: 'Unhandled', payload: '{"errorType": "MyError", "errorMessage": "no"}' };

  test('by ARN: the input is the payload, the text of an error is passed on as it is', async () => {
    const caller = scriptedCaller({}, { payload: '{"r":1}' });
    expect((await run(caller, FUNCTION, { x: 1 })).result).toEqual({ kind: 'succeeded', output: { r: 1 } });
    expect(caller.invocations).toEqual([[FUNCTION, '{"x":1}', 'RequestResponse']]);
    const { result } = await run(scriptedCaller({}, failed), FUNCTION, {});
    expect(result).toEqual({ kind: 'failed', error: 'MyError', cause: failed.payload });
  });

  test('lambda:invoke: wrapped, the text of an error compact', async () => {
    const caller = scriptedCaller({}, { payload: '7' });
    const { result } = await run(caller, 'arn:aws:states:::lambda:invoke', {
      FunctionName: 'f',
      Qualifier: '3',
      Payload: null,
    });
    expect(caller.invocations).toEqual([['f:3', '{}', 'RequestResponse']]);
    expect(result).toMatchObject({ output: { ExecutedVersion: '$LATEST', Payload: 7, StatusCode: 200 } });
    const { result: failure } = await run(scriptedCaller({}, failed), 'arn:aws:states:::lambda:invoke', {
      FunctionName: 'f',
    });
    expect(failure).toEqual({
      kind: 'failed',
      error: 'MyError',
      cause: '{"errorType":"MyError","errorMessage":"no"}',
    });
  });

  test('a function that is not there, one that dies without a word, and one that answers no JSON', async () => {
    const missing = serviceError('lambda', 'ResourceNotFoundException', 'Function not found: f', 404);
    expect(
      (await run(scriptedCaller({}, missing), 'arn:aws:states:::lambda:invoke', {})).result,
    ).toMatchObject({ error: 'Lambda.ResourceNotFoundException' });
    const dead = { functionError: 'Unhandled', payload: '{"errorMessage":"exit 1"}' };
    expect((await run(scriptedCaller({}, dead), FUNCTION, {})).result).toMatchObject({
      error: 'Lambda.Unknown',
    });
    expect((await run(scriptedCaller({}, { payload: '{' }), FUNCTION, {})).result).toMatchObject({
      kind: 'failed',
    });
  });
});

/** What DescribeJobs says of the one job. */
function job(status: string, fields: JsonObject = {}): JsonObject {
  return { jobs: [{ jobId: 'j', status, ...fields }] };
}

/** What RunTask and DescribeTasks say of the one task. */
function task(fields: JsonObject): JsonObject {
  return { tasks: [{ taskArn: 't', clusterArn: 'c', taskDefinitionArn: 'd', ...fields }] };
}

describe('jobs', () => {
  const SUBMIT = 'arn:aws:states:::batch:submitJob.sync';
  test('batch: submitted, watched to its end; keys that are data stay as they are', async () => {
    const caller = scriptedCaller({
      'batch:SubmitJob': [{ jobId: 'j', jobName: 'n' }],
      'batch:DescribeJobs': [
        job('RUNNABLE'),
        job('RUNNING'),
        job('SUCCEEDED', { parameters: { inputFile: 'x' }, container: { exitCode: 0 } }),
      ],
    });
    const parameters = {
      JobName: 'n',
      JobQueue: 'q',
      JobDefinition: 'd',
      Parameters: { inputFile: 'x' },
      ContainerOverrides: { Environment: [{ Name: 'aB', Value: 'v' }] },
    };
    const { result, submitted } = await run(caller, SUBMIT, parameters);
    expect(caller.calls[0]).toEqual([
      'batch:SubmitJob',
      {
        jobName: 'n',
        jobQueue: 'q',
        jobDefinition: 'd',
        parameters: { inputFile: 'x' },
        containerOverrides: { environment: [{ name: 'aB', value: 'v' }] },
      },
    ]);
    expect(submitted).toEqual([{ JobId: 'j', JobName: 'n', ...METADATA }]);
    expect(result).toEqual({
      kind: 'succeeded',
      output: { JobId: 'j', Status: 'SUCCEEDED', Parameters: { inputFile: 'x' }, Container: { ExitCode: 0 } },
    });
  });

  test('batch: a failed job is States.TaskFailed with its description', async () => {
    const caller = scriptedCaller({
      'batch:SubmitJob': [{ jobId: 'j' }],
      'batch:DescribeJobs': [job('FAILED')],
    });
    const { result } = await run(caller, SUBMIT, {});
    expect(result).toEqual({
      kind: 'failed',
      error: 'States.TaskFailed',
      cause: '{"JobId":"j","Status":"FAILED"}',
    });
  });

  test('batch: given up, it terminates its job', async () => {
    const caller = scriptedCaller({
      'batch:SubmitJob': [{ jobId: 'j' }],
      'batch:DescribeJobs': [job('RUNNING')],
    });
    const controller = new AbortController();
    const running = run(caller, SUBMIT, {}, controller.signal);
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    await running;
    expect(caller.calls.filter(([name]) => name === 'batch:TerminateJob')).toHaveLength(1);
  });

  const RUN_TASK = 'arn:aws:states:::ecs:runTask.sync';
  test('ecs: the bare task is the result', async () => {
    const caller = scriptedCaller({
      'ecs:RunTask': [{ failures: [], ...task({ lastStatus: 'PROVISIONING' }) }],
      'ecs:DescribeTasks': [
        task({ lastStatus: 'RUNNING' }),
        task({
          lastStatus: 'STOPPED',
          stopCode: 'EssentialContainerExited',
          stoppedAt: 2,
          containers: [{ exitCode: 0 }],
        }),
      ],
    });
    const { result, submitted } = await run(caller, RUN_TASK, { TaskDefinition: 'd', Cluster: 'c' });
    expect(caller.calls[0]).toEqual([
      'ecs:RunTask',
      { taskDefinition: 'd', cluster: 'c', startedBy: 'AWS Step Functions' },
    ]);
    expect(submitted).toMatchObject([
      { Failures: [], Tasks: [{ TaskArn: 't' }], SdkResponseMetadata: { RequestId: 'r-1' } },
    ]);
    expect(result).toMatchObject({
      kind: 'succeeded',
      output: { TaskArn: 't', StoppedAt: 2000, Containers: [{ ExitCode: 0 }] },
    });
    expect(result).not.toMatchObject({ output: { SdkHttpMetadata: {} } });
  });

  test.each([
    [
      'a container that ends with 3',
      { stopCode: 'EssentialContainerExited', containers: [{ name: 'main', exitCode: 3 }] },
    ],
    ['a task that never started', { stopCode: 'TaskFailedToStart', containers: [{ name: 'main' }] }],
    ['a task that was stopped', { stopCode: 'UserInitiated', containers: [{ name: 'main', exitCode: 0 }] }],
  ])('ecs: %s is States.TaskFailed', async (_name, fields) => {
    const caller = scriptedCaller({
      'ecs:RunTask': [task({})],
      'ecs:DescribeTasks': [task({ lastStatus: 'STOPPED', ...fields })],
    });
    expect((await run(caller, RUN_TASK, {})).result).toMatchObject({
      kind: 'failed',
      error: 'States.TaskFailed',
    });
  });

  test('ecs: a sidecar that was killed is no failure', async () => {
    const containers = [
      { name: 'main', exitCode: 0 },
      { name: 'side', exitCode: 137 },
    ];
    const caller = scriptedCaller({
      'ecs:RunTask': [task({})],
      'ecs:DescribeTasks': [
        task({ lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited', containers }),
      ],
      'ecs:DescribeTaskDefinition': [
        { taskDefinition: { containerDefinitions: [{ name: 'main' }, { name: 'side', essential: false }] } },
      ],
    });
    expect((await run(caller, RUN_TASK, {})).result.kind).toBe('succeeded');
  });

  test('ecs: failures fail .sync, and pass through without it', async () => {
    const answers = { 'ecs:RunTask': [{ failures: [{ reason: 'RESOURCE:MEMORY' }], tasks: [] }] };
    expect((await run(scriptedCaller(answers), RUN_TASK, {})).result).toMatchObject({
      error: 'AmazonECS.Unknown',
    });
    expect((await run(scriptedCaller(answers), 'arn:aws:states:::ecs:runTask', {})).result).toMatchObject({
      kind: 'succeeded',
      output: { Failures: [{ Reason: 'RESOURCE:MEMORY' }] },
    });
  });

  // Recordings callback/callback--start-execution-sync*.
  test('startExecution: Input and Output are text with .sync and JSON with .sync:2', async () => {
    const answers = {
      'sfn:StartExecution': [{ executionArn: 'e', startDate: 1 }],
      'sfn:DescribeExecution': [
        { executionArn: 'e', status: 'RUNNING' },
        { executionArn: 'e', status: 'SUCCEEDED', input: '{}', output: '{"a":1}', redriveCount: 0 },
      ],
    };
    const text = await run(scriptedCaller(answers), 'arn:aws:states:::states:startExecution.sync', {
      StateMachineArn: 's',
      Input: null,
    });
    expect(text.submitted).toEqual([{ ExecutionArn: 'e', StartDate: 1000, ...METADATA }]);
    expect(text.result).toEqual({
      kind: 'succeeded',
      output: { ExecutionArn: 'e', Input: '{}', Output: '{"a":1}', Status: 'SUCCEEDED' },
    });
    const json = await run(scriptedCaller(answers), 'arn:aws:states:::states:startExecution.sync:2', {});
    expect(json.result).toMatchObject({ output: { Input: {}, Output: { a: 1 } } });
  });
});

test('a job that cannot be watched here is refused by name', async () => {
  const { result } = await run(scriptedCaller({}), 'arn:aws:states:::glue:startJobRun.sync', {});
  expect(result).toEqual({
    kind: 'failed',
    error: 'States.TaskFailed',
    cause:
      'Stepyard cannot wait for the jobs of arn:aws:states:::glue:startJobRun.sync; a mock of this state can stand in for it.',
  });
});
