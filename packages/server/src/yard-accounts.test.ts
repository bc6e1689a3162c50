/** Accounts, named by an access key id of twelve digits: what is theirs is theirs, and how one reaches the other. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  ListStateMachinesCommand,
  SFNClient,
  StartExecutionCommand,
  type DescribeExecutionCommandOutput,
} from '@aws-sdk/client-sfn';
import { CreateQueueCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ACCOUNTS_MAX } from './accounts.ts';
import { startYard, type Yard } from './yard.ts';

const MAIN = '000000000000';
const OTHER = '123456789012';

async function opened(dataDir?: string): Promise<Yard> {
  const yard = await startYard({ jobs: 'process', dataDir });
  onTestFinished(() => yard.close());
  return yard;
}

function settings(yard: Yard, accessKeyId: string) {
  return {
    endpoint: yard.origin,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId, secretAccessKey: 'x' },
  };
}

async function createMachine(client: SFNClient, name: string, state: object): Promise<string> {
  const { stateMachineArn = '' } = await client.send(
    new CreateStateMachineCommand({
      name,
      roleArn: `arn:aws:iam::${MAIN}:role/x`,
      definition: JSON.stringify({ StartAt: 'S', States: { S: { ...state, End: true } } }),
    }),
  );
  return stateMachineArn;
}

async function run(
  client: SFNClient,
  stateMachineArn: string,
  input: string,
): Promise<DescribeExecutionCommandOutput> {
  const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn, input }));
  return await vi.waitFor(
    async () => {
      const execution = await client.send(new DescribeExecutionCommand({ executionArn }));
      if (execution.status === 'RUNNING') throw new Error('still running');
      return execution;
    },
    { timeout: 20_000 },
  );
}

test('each account has resources of its own under the same names', async () => {
  const yard = await opened();
  const [mine, theirs] = [MAIN, OTHER].map((id) => new SFNClient(settings(yard, id))) as [
    SFNClient,
    SFNClient,
  ];
  const pass = { Type: 'Pass' };
  expect(await createMachine(mine, 'm', pass)).toBe(`arn:aws:states:us-east-1:${MAIN}:stateMachine:m`);
  const arn = await createMachine(theirs, 'm', pass);
  expect(arn).toBe(`arn:aws:states:us-east-1:${OTHER}:stateMachine:m`);
  expect((await theirs.send(new ListStateMachinesCommand({}))).stateMachines).toHaveLength(1);
  const { status, executionArn } = await run(theirs, arn, '{}');
  expect([status, executionArn?.split(':')[4]]).toEqual(['SUCCEEDED', OTHER]);
  await expect(mine.send(new StartExecutionCommand({ stateMachineArn: arn }))).rejects.toMatchObject({
    name: 'StateMachineDoesNotExist',
  });
  // Any other key is the main account's.
  const anyone = new SQSClient(settings(yard, 'AKIAIOSFODNN7EXAMPLE'));
  const { QueueUrl: url } = await anyone.send(new CreateQueueCommand({ QueueName: 'q' }));
  expect(url).toBe(`${yard.origin}/${MAIN}/q`);
  expect(
    (await new SQSClient(settings(yard, OTHER)).send(new ListQueuesCommand({}))).QueueUrls,
  ).toBeUndefined();
  const identity = await new STSClient(settings(yard, OTHER)).send(new GetCallerIdentityCommand({}));
  expect(identity.Account).toBe(OTHER);
});

test('a Task with Credentials calls as its role: what it names is in the account of the role', async () => {
  const yard = await opened();
  const mine = new SFNClient(settings(yard, MAIN));
  const theirs = new SFNClient(settings(yard, OTHER));
  const child = await createMachine(theirs, 'child', { Type: 'Pass', Result: { from: 'child' } });
  const task = {
    Type: 'Task',
    Resource: 'arn:aws:states:::states:startExecution.sync:2',
    Parameters: { StateMachineArn: child },
    ResultSelector: { 'output.$': '$.Output' },
  };
  const without = await run(mine, await createMachine(mine, 'without', task), '{}');
  expect(without).toMatchObject({
    status: 'FAILED',
    error: 'StepFunctions.StateMachineDoesNotExistException',
  });
  const Credentials = { 'RoleArn.$': '$.role' };
  const parent = await createMachine(mine, 'parent', { ...task, Credentials });
  const role = JSON.stringify({ role: `arn:aws:iam::${OTHER}:role/cross` });
  expect(await run(mine, parent, role)).toMatchObject({
    status: 'SUCCEEDED',
    output: '{"output":{"from":"child"}}',
  });
  const nobody = await run(mine, parent, '{"role":"arn:aws:iam::x"}');
  expect(nobody).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed' });
});

test('a function of another account is reached by its ARN, without its role by its name only at home', async () => {
  const yard = await opened();
  const { services } = await yard.account(OTHER);
  const { functionArn: arn } = await services.lambda.putFunction({
    functionName: 'where',
    runtime: 'nodejs24.x',
    handler: 'index.handler',
    code: { kind: 'inline', text: 'exports.handler = async () => process.env.AWS_ACCESS_KEY_ID;' },
    environment: {},
    timeoutSeconds: 10,
    memoryMb: 128,
    architectures: ['x86_64'],
    roleArn: `arn:aws:iam::${OTHER}:role/r`,
    description: '',
    reservedConcurrency: undefined,
  });
  const mine = new SFNClient(settings(yard, MAIN));
  const byArn = await createMachine(mine, 'byArn', { Type: 'Task', Resource: arn });
  expect(await run(mine, byArn, '{}')).toMatchObject({ output: `"${OTHER}"` });
  const invoke = {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: { FunctionName: 'where' },
    OutputPath: '$.Payload',
  };
  const byName = await createMachine(mine, 'byName', invoke);
  expect(await run(mine, byName, '{}')).toMatchObject({ error: 'Lambda.ResourceNotFoundException' });
  const Credentials = { RoleArn: `arn:aws:iam::${OTHER}:role/cross` };
  const asRole = await createMachine(mine, 'asRole', { ...invoke, Credentials });
  expect(await run(mine, asRole, '{}')).toMatchObject({ output: `"${OTHER}"` });
});

test('accounts are bounded, and the one too many is refused by name in the protocol of the call', async () => {
  const yard = await opened();
  const identify = async (id: number): Promise<string | undefined> => {
    const key = String(id).padStart(12, '0');
    return (await new STSClient(settings(yard, key)).send(new GetCallerIdentityCommand({}))).Account;
  };
  for (let id = 1; id <= ACCOUNTS_MAX; id += 1) expect(await identify(id)).toBe(String(id).padStart(12, '0'));
  const tooMany = { name: 'LimitExceededException' };
  await expect(identify(ACCOUNTS_MAX + 1)).rejects.toMatchObject(tooMany);
  const sqs = new SQSClient(settings(yard, '999999999999'));
  await expect(sqs.send(new ListQueuesCommand({}))).rejects.toMatchObject(tooMany);
  expect(await identify(1)).toBe('000000000001');
});

test('an account and what is in it survive a restart', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'stepyard-accounts-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const first = await startYard({ jobs: 'process', dataDir });
  await new SQSClient(settings(first, OTHER)).send(new CreateQueueCommand({ QueueName: 'kept' }));
  await first.close();
  const second = await opened(dataDir);
  const { QueueUrls: urls } = await new SQSClient(settings(second, OTHER)).send(new ListQueuesCommand({}));
  expect(urls).toEqual([`${second.origin}/${OTHER}/kept`]);
});
