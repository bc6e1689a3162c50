// Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_RedriveExecution.html; not recorded.
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
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

async function run(
  name: string,
  state: object,
  input?: string,
): Promise<{ executionArn: string; stateMachineArn: string }> {
  const created = await client.send(
    new CreateStateMachineCommand({
      name,
      definition: JSON.stringify({ StartAt: 'S', States: { S: state } }),
      roleArn: 'arn:aws:iam::000000000000:role/r',
    }),
  );
  const stateMachineArn = created.stateMachineArn ?? '';
  const { executionArn = '' } = await client.send(new StartExecutionCommand({ stateMachineArn, input }));
  await yard.engine.whenEnded(executionArn);
  return { executionArn, stateMachineArn };
}

// Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html
test('what the filters of a list may not be is a validation error', async () => {
  const { stateMachineArn } = await run('filtered', { Type: 'Succeed' });
  const list = (filter: object): Promise<unknown> =>
    client.send(new ListExecutionsCommand({ stateMachineArn, ...filter }));
  const invalid = { name: 'ValidationException' };
  await expect(list({ statusFilter: 'PENDING_REDRIVE' })).rejects.toMatchObject(invalid);
  await expect(list({ redriveFilter: stateMachineArn })).rejects.toMatchObject(invalid);
  expect(await list({ redriveFilter: 'NOT_REDRIVEN' })).toMatchObject({
    executions: [{ status: 'SUCCEEDED' }],
  });
});

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

test('a map run is redriven with its execution; its children tell of it', async () => {
  const map = {
    Type: 'Map',
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      StartAt: 'F',
      States: { F: { Type: 'Fail', Error: 'E' } },
    },
    End: true,
  };
  const { executionArn } = await run('mapping', map, '[1,2]');
  const { mapRuns = [] } = await client.send(new ListMapRunsCommand({ executionArn }));
  const mapRunArn = mapRuns[0]?.mapRunArn ?? '';
  const before = await client.send(new DescribeMapRunCommand({ mapRunArn }));
  expect(before).toMatchObject({ status: 'FAILED', redriveCount: 0 });
  expect(before.executionCounts).not.toHaveProperty('pendingRedrive');
  const { redriveDate } = await client.send(new RedriveExecutionCommand({ executionArn }));
  await yard.engine.whenEnded(executionArn);
  const after = await client.send(new DescribeMapRunCommand({ mapRunArn }));
  expect(after).toMatchObject({
    mapRunArn,
    status: 'FAILED',
    redriveCount: 1,
    redriveDate,
    executionCounts: { total: 2, pendingRedrive: 0, failuresNotRedrivable: 0 },
    itemCounts: { total: 2, pendingRedrive: 0, failuresNotRedrivable: 0 },
  });
  const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
  expect(events.find(({ type }) => type === 'MapRunRedriven')?.mapRunRedrivenEventDetails).toEqual({
    mapRunArn,
    redriveCount: 1,
  });
  const { executions = [] } = await client.send(new ListExecutionsCommand({ mapRunArn }));
  expect(executions.map(({ redriveCount }) => redriveCount)).toContain(1);
  const child = await client.send(
    new DescribeExecutionCommand({ executionArn: executions[0]?.executionArn }),
  );
  expect(child).toMatchObject({ mapRunArn, redriveStatus: 'REDRIVABLE_BY_MAP_RUN' });
});
