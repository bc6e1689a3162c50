/** Every operation of the Step Functions API over HTTP with the AWS SDK: once as it works, once as it fails. */
import * as sdk from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { INPUT_SHAPES } from './stepfunctions/model/input-shapes.ts';
import { OPERATIONS } from './stepfunctions/operations.ts';
import { startYard, type Yard } from './yard.ts';

type Input = Readonly<Record<string, unknown>>;
type Output = Readonly<Record<string, unknown>>;

const ROLE = 'arn:aws:iam::000000000000:role/test';
const PLACE = 'arn:aws:states:us-east-1:000000000000';
const PASS = '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}';
const WAIT = '{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":600,"End":true}}}';
const FAIL = '{"StartAt":"A","States":{"A":{"Type":"Fail","Error":"E"}}}';
const NO_MACHINE = `${PLACE}:stateMachine:none`;
const NO_EXECUTION = `${PLACE}:execution:none:none`;
const NO_ACTIVITY = `${PLACE}:activity:none`;
const NO_MAP_RUN = `${PLACE}:mapRun:none/none:none`;

let yard: Yard;
let client: sdk.SFNClient;
let counter = 0;

beforeAll(async () => {
  yard = await startYard({ jobs: 'process' });
  client = new sdk.SFNClient({
    endpoint: yard.origin,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    disableHostPrefix: true,
  });
});
afterAll(async () => {
  client.destroy();
  await yard.close();
});

async function call(operation: string, input: Input): Promise<Output> {
  const Command = (sdk as unknown as Readonly<Record<string, unknown>>)[`${operation}Command`];
  const command = new (Command as new (input: Input) => Parameters<typeof client.send>[0])(input);
  return (await client.send(command)) as unknown as Output;
}

async function text(operation: string, input: Input, member: string): Promise<string> {
  const value = (await call(operation, input))[member];
  if (typeof value !== 'string') throw new Error(`${operation} gave no ${member}`);
  return value;
}

const name = (): string => `n${counter++}`;
const machine = (definition = PASS, more: Input = {}): Promise<string> =>
  text('CreateStateMachine', { name: name(), definition, roleArn: ROLE, ...more }, 'stateMachineArn');
const version = async (): Promise<string> =>
  text('PublishStateMachineVersion', { stateMachineArn: await machine() }, 'stateMachineVersionArn');
const alias = async (): Promise<string> =>
  text('CreateStateMachineAlias', await aliasInput(), 'stateMachineAliasArn');
const execution = async (definition = PASS): Promise<string> =>
  text('StartExecution', { stateMachineArn: await machine(definition) }, 'executionArn');
const activity = (): Promise<string> => text('CreateActivity', { name: name() }, 'activityArn');

async function aliasInput(): Promise<Input> {
  return { name: name(), routingConfiguration: [{ stateMachineVersionArn: await version(), weight: 100 }] };
}

/** The token of a task that an execution waits for. */
async function token(): Promise<string> {
  const activityArn = await activity();
  const task = { Type: 'Task', Resource: activityArn, HeartbeatSeconds: 60, End: true };
  await execution(JSON.stringify({ StartAt: 'T', States: { T: task } }));
  return text('GetActivityTask', { activityArn }, 'taskToken');
}

async function failed(): Promise<string> {
  const arn = await execution(FAIL);
  await expect
    .poll(async () => (await call('DescribeExecution', { executionArn: arn }))['status'])
    .toBe('FAILED');
  return arn;
}

/** A running Distributed Map's execution and its map run. */
async function mapRun(): Promise<{ executionArn: string; mapRunArn: string }> {
  const processor = {
    ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
    StartAt: 'W',
    States: { W: { Type: 'Wait', Seconds: 600, End: true } },
  };
  const map = { Type: 'Map', ItemProcessor: processor, MaxConcurrency: 1, End: true };
  const stateMachineArn = await machine(JSON.stringify({ StartAt: 'M', States: { M: map } }));
  const executionArn = await text('StartExecution', { stateMachineArn, input: '[1]' }, 'executionArn');
  const found = async (): Promise<string | undefined> => {
    const { mapRuns } = (await call('ListMapRuns', { executionArn })) as { mapRuns: { mapRunArn: string }[] };
    return mapRuns[0]?.mapRunArn;
  };
  await expect.poll(found).toBeDefined();
  return { executionArn, mapRunArn: (await found()) ?? '' };
}

interface Case {
  readonly works: () => Promise<Input> | Input;
  /** What the answer has. */
  readonly gives: readonly string[];
  readonly fails: () => Promise<Input> | Input;
  /** The SDK's class of the failure. */
  readonly error: string;
}

const CASES: Readonly<Record<string, Case>> = {
  CreateActivity: {
    works: () => ({ name: name() }),
    gives: ['activityArn', 'creationDate'],
    fails: () => ({ name: 'a b' }),
    error: 'InvalidName',
  },
  CreateStateMachine: {
    works: () => ({
      name: name(),
      definition: PASS,
      roleArn: ROLE,
      publish: true,
      tags: [{ key: 'k', value: 'v' }],
    }),
    gives: ['stateMachineArn', 'creationDate', 'stateMachineVersionArn'],
    fails: () => ({ name: name(), definition: '{}', roleArn: ROLE }),
    error: 'InvalidDefinition',
  },
  CreateStateMachineAlias: {
    works: aliasInput,
    gives: ['stateMachineAliasArn', 'creationDate'],
    fails: async () => ({
      name: name(),
      routingConfiguration: [{ stateMachineVersionArn: await machine(), weight: 100 }],
    }),
    error: 'ValidationException',
  },
  DeleteActivity: {
    works: async () => ({ activityArn: await activity() }),
    gives: [],
    fails: () => ({ activityArn: 'x' }),
    error: 'InvalidArn',
  },
  DeleteStateMachine: {
    works: async () => ({ stateMachineArn: await machine() }),
    gives: [],
    fails: () => ({ stateMachineArn: 'x' }),
    error: 'InvalidArn',
  },
  DeleteStateMachineAlias: {
    works: async () => ({ stateMachineAliasArn: await alias() }),
    gives: [],
    fails: () => ({ stateMachineAliasArn: 'x' }),
    error: 'InvalidArn',
  },
  DeleteStateMachineVersion: {
    works: async () => ({ stateMachineVersionArn: await version() }),
    gives: [],
    fails: async () => {
      const { routingConfiguration } = await call('DescribeStateMachineAlias', {
        stateMachineAliasArn: await alias(),
      });
      return (routingConfiguration as Input[])[0] ?? {};
    },
    error: 'ConflictException',
  },
  DescribeActivity: {
    works: async () => ({ activityArn: await activity() }),
    gives: ['name'],
    fails: () => ({ activityArn: NO_ACTIVITY }),
    error: 'ActivityDoesNotExist',
  },
  DescribeExecution: {
    works: async () => ({ executionArn: await execution() }),
    gives: ['status', 'startDate', 'input'],
    fails: () => ({ executionArn: NO_EXECUTION }),
    error: 'ExecutionDoesNotExist',
  },
  DescribeMapRun: {
    works: mapRun,
    gives: ['status', 'itemCounts', 'executionCounts'],
    fails: () => ({ mapRunArn: NO_MAP_RUN }),
    error: 'ResourceNotFound',
  },
  DescribeStateMachine: {
    works: async () => ({ stateMachineArn: await version() }),
    gives: ['definition', 'status'],
    fails: () => ({ stateMachineArn: NO_MACHINE }),
    error: 'StateMachineDoesNotExist',
  },
  DescribeStateMachineAlias: {
    works: async () => ({ stateMachineAliasArn: await alias() }),
    gives: ['routingConfiguration'],
    fails: () => ({ stateMachineAliasArn: `${NO_MACHINE}:a` }),
    error: 'ResourceNotFound',
  },
  DescribeStateMachineForExecution: {
    works: async () => ({ executionArn: await execution() }),
    gives: ['definition', 'updateDate'],
    fails: () => ({ executionArn: NO_EXECUTION }),
    error: 'ExecutionDoesNotExist',
  },
  GetActivityTask: {
    works: async () => {
      const activityArn = await activity();
      await execution(
        JSON.stringify({ StartAt: 'T', States: { T: { Type: 'Task', Resource: activityArn, End: true } } }),
      );
      return { activityArn, workerName: 'w' };
    },
    gives: ['taskToken', 'input'],
    fails: () => ({ activityArn: NO_ACTIVITY }),
    error: 'ActivityDoesNotExist',
  },
  GetExecutionHistory: {
    works: async () => ({ executionArn: await execution() }),
    gives: ['events'],
    fails: () => ({ executionArn: NO_EXECUTION }),
    error: 'ExecutionDoesNotExist',
  },
  ListActivities: {
    works: () => ({ maxResults: 5 }),
    gives: ['activities'],
    fails: () => ({ nextToken: 'x' }),
    error: 'InvalidToken',
  },
  ListExecutions: {
    works: async () => ({ stateMachineArn: await machine(), statusFilter: 'RUNNING' }),
    gives: ['executions'],
    fails: () => ({ stateMachineArn: NO_MACHINE }),
    error: 'StateMachineDoesNotExist',
  },
  ListMapRuns: {
    works: async () => ({ executionArn: await execution() }),
    gives: ['mapRuns'],
    fails: () => ({ executionArn: NO_EXECUTION }),
    error: 'ExecutionDoesNotExist',
  },
  ListStateMachineAliases: {
    works: async () => ({ stateMachineArn: await machine() }),
    gives: ['stateMachineAliases'],
    fails: () => ({ stateMachineArn: NO_MACHINE }),
    error: 'StateMachineDoesNotExist',
  },
  ListStateMachines: {
    works: () => ({ maxResults: 5 }),
    gives: ['stateMachines'],
    fails: () => ({ nextToken: 'x' }),
    error: 'InvalidToken',
  },
  ListStateMachineVersions: {
    works: async () => ({ stateMachineArn: await machine() }),
    gives: ['stateMachineVersions'],
    fails: () => ({ stateMachineArn: 'x' }),
    error: 'InvalidArn',
  },
  ListTagsForResource: {
    works: async () => ({ resourceArn: await machine() }),
    gives: ['tags'],
    fails: () => ({ resourceArn: NO_MACHINE }),
    error: 'ResourceNotFound',
  },
  PublishStateMachineVersion: {
    works: async () => ({ stateMachineArn: await machine(), revisionId: 'INITIAL' }),
    gives: ['stateMachineVersionArn', 'creationDate'],
    fails: async () => ({ stateMachineArn: await machine(), revisionId: 'another' }),
    error: 'ConflictException',
  },
  RedriveExecution: {
    works: async () => ({ executionArn: await failed() }),
    gives: ['redriveDate'],
    fails: async () => ({ executionArn: await execution() }),
    error: 'ExecutionNotRedrivable',
  },
  SendTaskFailure: {
    works: async () => ({ taskToken: await token(), error: 'E' }),
    gives: [],
    fails: () => ({ taskToken: 'x' }),
    error: 'InvalidToken',
  },
  SendTaskHeartbeat: {
    works: async () => ({ taskToken: await token() }),
    gives: [],
    fails: () => ({ taskToken: 'x' }),
    error: 'InvalidToken',
  },
  SendTaskSuccess: {
    works: async () => ({ taskToken: await token(), output: '1' }),
    gives: [],
    fails: async () => ({ taskToken: await token(), output: '{' }),
    error: 'InvalidOutput',
  },
  StartExecution: {
    works: async () => ({ stateMachineArn: await alias(), input: '[1]' }),
    gives: ['executionArn', 'startDate'],
    fails: async () => ({ stateMachineArn: await machine(), input: '{' }),
    error: 'InvalidExecutionInput',
  },
  StartSyncExecution: {
    works: async () => ({ stateMachineArn: await machine(PASS, { type: 'EXPRESS' }) }),
    gives: ['status', 'output', 'billingDetails'],
    fails: async () => ({ stateMachineArn: await machine() }),
    error: 'StateMachineTypeNotSupported',
  },
  StopExecution: {
    works: async () => ({ executionArn: await execution(WAIT), error: 'E' }),
    gives: ['stopDate'],
    fails: () => ({ executionArn: NO_EXECUTION }),
    error: 'ExecutionDoesNotExist',
  },
  TagResource: {
    works: async () => ({ resourceArn: await machine(), tags: [{ key: 'k' }] }),
    gives: [],
    fails: async () => ({ resourceArn: await version(), tags: [] }),
    error: 'ResourceNotFound',
  },
  TestState: {
    works: () => ({ definition: '{"Type":"Pass","End":true}', inspectionLevel: 'TRACE' }),
    gives: ['status', 'output', 'inspectionData'],
    fails: () => ({ definition: '{"Type":"Pass","End":true}', mock: { result: '{}' } }),
    error: 'ValidationException',
  },
  UntagResource: {
    works: async () => ({ resourceArn: await machine(), tagKeys: ['k'] }),
    gives: [],
    fails: () => ({ resourceArn: NO_MACHINE, tagKeys: ['k'] }),
    error: 'ResourceNotFound',
  },
  UpdateMapRun: {
    works: async () => ({ ...(await mapRun()), maxConcurrency: 2 }),
    gives: [],
    fails: () => ({ mapRunArn: NO_MAP_RUN, maxConcurrency: 1 }),
    error: 'ResourceNotFound',
  },
  UpdateStateMachine: {
    works: async () => ({ stateMachineArn: await machine(), definition: WAIT, publish: true }),
    gives: ['updateDate', 'revisionId', 'stateMachineVersionArn'],
    fails: async () => ({ stateMachineArn: await version(), definition: WAIT }),
    error: 'StateMachineDoesNotExist',
  },
  UpdateStateMachineAlias: {
    works: async () => ({ stateMachineAliasArn: await alias(), description: 'd' }),
    gives: ['updateDate'],
    fails: () => ({ stateMachineAliasArn: `${NO_MACHINE}:a`, description: 'd' }),
    error: 'ResourceNotFound',
  },
  ValidateStateMachineDefinition: {
    works: () => ({ definition: '{}' }),
    gives: ['result', 'diagnostics'],
    fails: () => ({ definition: PASS, maxResults: 101 }),
    error: 'ValidationException',
  },
};

test('there is a case for every operation of the API', () => {
  expect(Object.keys(CASES).toSorted()).toEqual(Object.keys(INPUT_SHAPES.operations).toSorted());
});

const answered = Object.entries(CASES).filter(([operation]) => OPERATIONS.has(operation));

test.each(answered)('%s works', async (operation, { works, gives }) => {
  const answer = await call(operation, await works());
  expect(Object.keys(answer)).toEqual(expect.arrayContaining([...gives]));
});

test.each(answered)('%s fails as its class', async (operation, { fails, error }) => {
  const type = (sdk as unknown as Readonly<Record<string, unknown>>)[error];
  const failure = await call(operation, await fails()).catch((thrown: unknown) => thrown);
  expect(failure).toMatchObject({ name: error, $metadata: { httpStatusCode: 400 } });
  expect(failure).toBeInstanceOf(type);
});
