/**
 * Five tell of an execution: its description, the list, its history, the log group of its machine, and the events on the bus. They tell
 * the same (I14), over HTTP, of executions that end in every way there is.
 */
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import type { DescribeExecutionCommandOutput, ExecutionListItem, HistoryEvent } from '@aws-sdk/client-sfn';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  RedriveExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { startYard, type Yard } from '@stepyard/server';
import { afterAll, beforeAll, expect, test } from 'vitest';

const POLL = { timeout: 60_000, interval: 100 };
const ROLE = 'arn:aws:iam::000000000000:role/r';
const GROUP_ARN = 'arn:aws:logs:us-east-1:000000000000:log-group:told';
const STATES = {
  How: {
    Type: 'Choice',
    Choices: [
      { Variable: '$.how', StringEquals: 'FAILED', Next: 'No' },
      { Variable: '$.how', StringEquals: 'TIMED_OUT', Next: 'Long' },
      { Variable: '$.how', StringEquals: 'ABORTED', Next: 'Longer' },
    ],
    Default: 'Both',
  },
  No: { Type: 'Fail', Error: 'E', Cause: 'c' },
  Long: { Type: 'Wait', Seconds: 600, End: true },
  Longer: { Type: 'Wait', Seconds: 700, End: true },
  Both: {
    Type: 'Parallel',
    Branches: [
      { StartAt: 'Left', States: { Left: { Type: 'Pass', End: true } } },
      { StartAt: 'Right', States: { Right: { Type: 'Wait', Seconds: 1, End: true } } },
    ],
    End: true,
  },
};

/** What a status change on the bus says. */
interface Change {
  readonly executionArn: string;
  readonly status: string;
  readonly startDate: number;
  readonly stopDate: number | null;
  readonly input: string;
  readonly output: string | null;
  readonly error: string | null;
  readonly cause: string | null;
}

/** What a log event of an execution says. */
interface Line {
  readonly id: string;
  readonly type: string;
  readonly previous_event_id: string;
  readonly event_timestamp: string;
  readonly execution_arn: string;
}

let yard: Yard;
let sfn: SFNClient;
let logs: CloudWatchLogsClient;
let sqs: SQSClient;
let queueUrl = '';
const changes: Change[] = [];
beforeAll(async () => {
  yard = await startYard({ jobs: 'process' });
  const options = {
    endpoint: yard.origin,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    // The yard has one name for both.
    disableHostPrefix: true,
  };
  [sfn, logs, sqs] = [new SFNClient(options), new CloudWatchLogsClient(options), new SQSClient(options)];
  await logs.send(new CreateLogGroupCommand({ logGroupName: 'told' }));
  queueUrl = (await sqs.send(new CreateQueueCommand({ QueueName: 'told' }))).QueueUrl ?? '';
  const bus = new EventBridgeClient(options);
  const pattern = { source: ['aws.states'], 'detail-type': ['Step Functions Execution Status Change'] };
  await bus.send(new PutRuleCommand({ Name: 'told', EventPattern: JSON.stringify(pattern) }));
  const target = { Id: 'q', Arn: 'arn:aws:sqs:us-east-1:000000000000:told' };
  await bus.send(new PutTargetsCommand({ Rule: 'told', Targets: [target] }));
  bus.destroy();
});
afterAll(async () => {
  for (const client of [sfn, logs, sqs]) client.destroy();
  await yard.close();
});

async function create(name: string, type: 'STANDARD' | 'EXPRESS', timeoutSeconds: number): Promise<string> {
  const definition = JSON.stringify({ StartAt: 'How', TimeoutSeconds: timeoutSeconds, States: STATES });
  const destinations = [{ cloudWatchLogsLogGroup: { logGroupArn: `${GROUP_ARN}:*` } }];
  const loggingConfiguration = { level: 'ALL', includeExecutionData: true, destinations } as const;
  const created = new CreateStateMachineCommand({
    name,
    type,
    definition,
    roleArn: ROLE,
    loggingConfiguration,
  });
  return (await sfn.send(created)).stateMachineArn ?? '';
}

async function start(stateMachineArn: string, how: string): Promise<string> {
  const input = JSON.stringify({ how });
  return (await sfn.send(new StartExecutionCommand({ stateMachineArn, input }))).executionArn ?? '';
}

const describe = (executionArn: string): Promise<DescribeExecutionCommandOutput> =>
  sfn.send(new DescribeExecutionCommand({ executionArn }));

/** Resolves once its end has come on the bus as often as it says. */
async function ended(executionArn: string, times: number): Promise<void> {
  await expect
    .poll(async () => {
      await collect();
      return changesOf(executionArn).filter(({ status }) => status !== 'RUNNING').length;
    }, POLL)
    .toBe(times);
}

/** Takes what is in the queue. */
async function collect(): Promise<void> {
  const received = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }));
  const messages = received.Messages ?? [];
  changes.push(...messages.map(({ Body = '{}' }) => (JSON.parse(Body) as { detail: Change }).detail));
  if (messages.length === 0) return;
  const Entries = messages.map(({ MessageId, ReceiptHandle }) => ({ Id: MessageId, ReceiptHandle }));
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
}

/** In the order in which they came: the yard's queue keeps it. */
function changesOf(executionArn: string): Change[] {
  return changes.filter((change) => change.executionArn === executionArn);
}

async function linesOf(executionArn: string): Promise<Line[]> {
  const filter = new FilterLogEventsCommand({ logGroupName: 'told', filterPattern: `"${executionArn}"` });
  const { events = [] } = await logs.send(filter);
  return events.map(({ message = '{}' }) => JSON.parse(message) as Line);
}

/** How its history and its log both tell it. */
function told(events: readonly HistoryEvent[]): object[] {
  return events.map(({ id, type, previousEventId, timestamp }) => ({
    id: String(id),
    type,
    previous_event_id: String(previousEventId),
    event_timestamp: String(timestamp?.getTime()),
  }));
}

function logged(lines: readonly Line[]): object[] {
  return lines.map(({ id, type, previous_event_id, event_timestamp }) => ({
    id,
    type,
    previous_event_id,
    event_timestamp,
  }));
}

/** All five, of one Standard execution whose end was told so many times. */
async function agree(
  executionArn: string,
  listed: ExecutionListItem | undefined,
  times: number,
): Promise<string> {
  const described = await describe(executionArn);
  const { status = '', startDate, stopDate, input, output, error, cause } = described;
  expect(listed).toMatchObject({ executionArn, status, startDate, stopDate });
  const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
  expect(WORDS[events.at(-1)?.type ?? '']).toBe(status);
  expect(events.at(-1)?.timestamp).toEqual(stopDate);
  expect(events[0]?.timestamp).toEqual(startDate);
  expect(events[0]?.executionStartedEventDetails?.input).toBe(input);
  expect(logged(await linesOf(executionArn))).toEqual(told(events));
  const ends = Array.from({ length: times }, () => ['RUNNING', status]).flat();
  expect(changesOf(executionArn).map((change) => change.status)).toEqual(ends);
  expect(changesOf(executionArn).at(-1)).toMatchObject({
    startDate: startDate?.getTime(),
    stopDate: stopDate?.getTime(),
    input,
    output: output ?? null,
    error: error ?? null,
    cause: cause ?? null,
  });
  return status;
}

const WORDS: Readonly<Record<string, string>> = {
  ExecutionSucceeded: 'SUCCEEDED',
  ExecutionFailed: 'FAILED',
  ExecutionTimedOut: 'TIMED_OUT',
  ExecutionAborted: 'ABORTED',
};

test('of Standard executions all five tell the same', async () => {
  const patient = await create('patient', 'STANDARD', 3600);
  const hasty = await create('hasty', 'STANDARD', 2);
  const executions = new Map([
    [await start(patient, 'SUCCEEDED'), 'SUCCEEDED'],
    [await start(patient, 'FAILED'), 'FAILED'],
    [await start(hasty, 'TIMED_OUT'), 'TIMED_OUT'],
    [await start(patient, 'ABORTED'), 'ABORTED'],
  ]);
  const [, failed = '', , aborted = ''] = executions.keys();
  await sfn.send(new StopExecutionCommand({ executionArn: aborted, error: 'S', cause: 'enough' }));
  for (const arn of executions.keys()) {
    // oxlint-disable-next-line no-await-in-loop
    await ended(arn, 1);
  }
  await sfn.send(new RedriveExecutionCommand({ executionArn: failed }));
  await ended(failed, 2);
  const items: ExecutionListItem[] = [];
  for (const stateMachineArn of [patient, hasty]) {
    // oxlint-disable-next-line no-await-in-loop
    items.push(...((await sfn.send(new ListExecutionsCommand({ stateMachineArn }))).executions ?? []));
  }
  expect(items).toHaveLength(executions.size);
  for (const [arn, status] of executions) {
    const listed = items.find(({ executionArn }) => executionArn === arn);
    // oxlint-disable-next-line no-await-in-loop
    expect(await agree(arn, listed, arn === failed ? 2 : 1)).toBe(status);
  }
});

test.each([
  ['SUCCEEDED', 'ExecutionSucceeded'],
  ['FAILED', 'ExecutionFailed'],
  ['TIMED_OUT', 'ExecutionTimedOut'],
])('of an Express execution that ends as %s its log tells, and nothing on the bus', async (how, last) => {
  const arn = await start(await create(`express-${how}`, 'EXPRESS', 2), how);
  await expect.poll(async () => (await linesOf(arn)).at(-1)?.type, POLL).toBe(last);
  const lines = await linesOf(arn);
  expect(lines.map(({ id }) => id)).toEqual(lines.map((_, index) => String(index + 1)));
  expect(lines[0]?.type).toBe('ExecutionStarted');
  const { events } = await yard.engine.inspect(arn);
  expect(logged(lines)).toEqual(
    events.map(({ id, type, previousEventId, timestampMs }) => ({
      id: String(id),
      type,
      previous_event_id: String(previousEventId),
      event_timestamp: String(timestampMs),
    })),
  );
  await collect();
  expect(changesOf(arn)).toEqual([]);
});
