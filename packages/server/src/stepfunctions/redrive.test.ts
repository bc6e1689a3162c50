// Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_RedriveExecution.html; not recorded.
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  RedriveExecutionCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Yard } from '../yard.ts';
import { startYard } from '../yard.ts';

let yard: Yard;
let client: SFNClient;

beforeAll(async () => {
  yard = await startYard({ jobs: 'process' });
  client = new SFNClient({
    endpoint: yard.origin,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
});

afterAll(async () => {
  client.destroy();
  await yard.close();
});

async function run(name: string, state: object): Promise<{ executionArn: string; stateMachineArn: string }> {
  const created = await client.send(
    new CreateStateMachineCommand({
      name,
      definition: JSON.stringify({ StartAt: 'S', States: { S: state } }),
      roleArn: 'arn:aws:iam::000000000000:role/r',
    }),
  );
  const stateMachineArn = created.stateMachineArn ?? '';
  const { executionArn = '' } = await client.send(new StartExecutionCommand({ stateMachineArn }));
  await yard.engine.whenEnded(executionArn);
  return { executionArn, stateMachineArn };
}

test('an SDK redrives an execution, and sees it in its description, its history and its list', async () => {
  const { executionArn, stateMachineArn } = await run('failing', { Type: 'Fail', Error: 'E' });
  const { redriveDate } = await client.send(new RedriveExecutionCommand({ executionArn }));
  const described = await client.send(new DescribeExecutionCommand({ executionArn }));
  expect(described).toMatchObject({
    status: 'FAILED',
    redriveCount: 1,
    redriveDate,
    redriveStatus: 'REDRIVABLE',
  });
  const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
  expect(events[3]).toMatchObject({
    type: 'ExecutionRedriven',
    executionRedrivenEventDetails: { redriveCount: 1 },
  });
  const counts = async (redriveFilter: 'REDRIVEN' | 'NOT_REDRIVEN'): Promise<unknown> =>
    (await client.send(new ListExecutionsCommand({ stateMachineArn, redriveFilter }))).executions?.map(
      (execution) => execution.redriveCount,
    );
  expect(await counts('REDRIVEN')).toEqual([1]);
  expect(await counts('NOT_REDRIVEN')).toEqual([]);
});

test('one that succeeded cannot be', async () => {
  const { executionArn } = await run('succeeding', { Type: 'Succeed' });
  await expect(client.send(new RedriveExecutionCommand({ executionArn }))).rejects.toMatchObject({
    name: 'ExecutionNotRedrivable',
    message: 'Execution is SUCCEEDED and cannot be redriven',
  });
});
