import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  type GetLogEventsCommandInput,
  type GetLogEventsCommandOutput,
  ListTagsForResourceCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
  PutSubscriptionFilterCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientOptions, recordOperations, serve } from '../wire/test-server.ts';
import { createLogs, type LogsService } from './logs.ts';

let dataDir: string;
let logs: LogsService;
let client: CloudWatchLogsClient;
let called: ReadonlySet<string>;
let stop: () => Promise<void>;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'stepyard-logs-'));
  await open();
  called = recordOperations(client);
});
afterAll(async () => {
  await stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function open(): Promise<void> {
  logs = createLogs({ dataDir });
  const server = await serve(logs);
  client = new CloudWatchLogsClient(clientOptions(server.origin));
  stop = async () => {
    client.destroy();
    await server.close();
    await logs.close();
  };
}

async function group(logGroupName: string, logStreamName = 's'): Promise<void> {
  await client.send(new CreateLogGroupCommand({ logGroupName }));
  await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
}

const get = (input: Partial<GetLogEventsCommandInput>): Promise<GetLogEventsCommandOutput> =>
  client.send(new GetLogEventsCommand({ logGroupName: '', logStreamName: 's', ...input }));

const messages = ({ events }: { events?: { message?: string | undefined }[] | undefined }): unknown[] =>
  (events ?? []).map(({ message }) => message);

test('groups are made once, listed in pages by prefix, and go with their streams', async () => {
  for (const name of ['/list/a', '/list/b', '/list/c', '/other']) await group(name);
  await expect(client.send(new CreateLogGroupCommand({ logGroupName: '/list/a' }))).rejects.toMatchObject({
    name: 'ResourceAlreadyExistsException',
    message: 'The specified log group already exists',
  });
  const first = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/list/', limit: 2 }));
  expect(first.logGroups).toMatchObject([
    {
      logGroupName: '/list/a',
      arn: 'arn:aws:logs:us-east-1:000000000000:log-group:/list/a:*',
      logGroupArn: 'arn:aws:logs:us-east-1:000000000000:log-group:/list/a',
    },
    { logGroupName: '/list/b' },
  ]);
  const second = await client.send(
    new DescribeLogGroupsCommand({ logGroupNamePrefix: '/list/', limit: 2, nextToken: first.nextToken }),
  );
  expect(second.logGroups?.map(({ logGroupName }) => logGroupName)).toEqual(['/list/c']);
  expect(second.nextToken).toBeUndefined();
  await client.send(new DeleteLogGroupCommand({ logGroupName: '/list/a' }));
  expect(logs.hasGroup('arn:aws:logs:us-east-1:000000000000:log-group:/list/a:*')).toBe(false);
  expect(logs.hasGroup('arn:aws:logs:us-east-1:000000000000:log-group:/list/b:*')).toBe(true);
  await expect(get({ logGroupName: '/list/a' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('events come back in order, from either end, a page at a time', async () => {
  await group('/events');
  const nowMs = Date.now();
  await client.send(
    new PutLogEventsCommand({
      logGroupName: '/events',
      logStreamName: 's',
      logEvents: Array.from({ length: 5 }, (_, index) => ({
        timestamp: nowMs + Math.floor(index / 2),
        message: `m${index}`,
      })),
    }),
  );
  const head = await get({ logGroupName: '/events', startFromHead: true, limit: 3 });
  expect(messages(head)).toEqual(['m0', 'm1', 'm2']);
  const next = await get({ logGroupName: '/events', nextToken: head.nextForwardToken, limit: 3 });
  expect(messages(next)).toEqual(['m3', 'm4']);
  // At the end the token stays the same: that is how clients know.
  const end = await get({ logGroupName: '/events', nextToken: next.nextForwardToken });
  expect(messages(end)).toEqual([]);
  expect(end.nextForwardToken).toBe(next.nextForwardToken);
  const tail = await get({ logGroupName: '/events', limit: 2 });
  expect(messages(tail)).toEqual(['m3', 'm4']);
  expect(messages(await get({ logGroupName: '/events', nextToken: tail.nextBackwardToken }))).toEqual([
    'm0',
    'm1',
    'm2',
  ]);
  expect(messages(await get({ logGroupName: '/events', startTime: nowMs + 1, endTime: nowMs + 2 }))).toEqual([
    'm2',
    'm3',
  ]);
  await expect(get({ logGroupName: '/events', nextToken: 'x' })).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
});

test('a batch is checked against the limits of PutLogEvents', async () => {
  await group('/limits');
  const put = (logEvents: { timestamp: number; message: string }[]): Promise<object> =>
    client.send(new PutLogEventsCommand({ logGroupName: '/limits', logStreamName: 's', logEvents }));
  const nowMs = Date.now();
  const day = 86_400_000;
  expect(
    await put([
      { timestamp: nowMs - 15 * day, message: 'old' },
      { timestamp: nowMs, message: 'now' },
      { timestamp: nowMs + 3 * 3_600_000, message: 'new' },
    ]),
  ).toMatchObject({ rejectedLogEventsInfo: { tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 2 } });
  expect(messages(await get({ logGroupName: '/limits' }))).toEqual(['now']);
  await expect(
    put([
      { timestamp: nowMs, message: 'b' },
      { timestamp: nowMs - 1, message: 'a' },
    ]),
  ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  const many = Array.from({ length: 10_000 }, () => ({ timestamp: nowMs, message: 'x' }));
  await put(many);
  await expect(put([...many, { timestamp: nowMs, message: 'x' }])).rejects.toThrow(/10000/u);
  await expect(put([{ timestamp: nowMs, message: 'x'.repeat(1_048_576) }])).rejects.toThrow(
    'Upload too large',
  );
});

test('a filter of terms goes over the streams of a group', async () => {
  await group('/filter', 'one');
  await client.send(new CreateLogStreamCommand({ logGroupName: '/filter', logStreamName: 'two' }));
  const timestamp = Date.now();
  for (const [logStreamName, message] of [
    ['one', 'ERROR disk full'],
    ['two', 'ERROR disk gone'],
    ['two', 'all is well'],
  ]) {
    await client.send(
      new PutLogEventsCommand({
        logGroupName: '/filter',
        logStreamName,
        logEvents: [{ timestamp, message }],
      }),
    );
  }
  const filter = async (filterPattern?: string, more: object = {}): Promise<unknown[]> =>
    messages(
      await client.send(new FilterLogEventsCommand({ logGroupName: '/filter', filterPattern, ...more })),
    );
  expect(await filter()).toHaveLength(3);
  expect(await filter('ERROR disk')).toEqual(['ERROR disk full', 'ERROR disk gone']);
  expect(await filter('ERROR -full')).toEqual(['ERROR disk gone']);
  expect(await filter('?full ?well')).toEqual(['ERROR disk full', 'all is well']);
  expect(await filter('"is well"')).toEqual(['all is well']);
  expect(await filter(undefined, { logStreamNames: ['one'] })).toEqual(['ERROR disk full']);
  expect(await filter(undefined, { logStreamNamePrefix: 'tw' })).toHaveLength(2);
  await expect(filter('{ $.level = "x" }')).rejects.toMatchObject({ name: 'StepyardOperationNotHosted' });
  const page = await client.send(new FilterLogEventsCommand({ logGroupName: '/filter', limit: 2 }));
  const rest = await client.send(
    new FilterLogEventsCommand({ logGroupName: '/filter', nextToken: page.nextToken }),
  );
  expect([...messages(page), ...messages(rest)]).toHaveLength(3);
  expect(rest.nextToken).toBeUndefined();
});

test('streams are described by name or by their last event', async () => {
  await group('/streams', 'a');
  await client.send(new CreateLogStreamCommand({ logGroupName: '/streams', logStreamName: 'b' }));
  await client.send(new CreateLogStreamCommand({ logGroupName: '/streams', logStreamName: 'c' }));
  const timestamp = Date.now();
  await client.send(
    new PutLogEventsCommand({
      logGroupName: '/streams',
      logStreamName: 'b',
      logEvents: [{ timestamp, message: 'm' }],
    }),
  );
  const describe = async (more: object = {}): Promise<unknown[]> => {
    const answer = await client.send(new DescribeLogStreamsCommand({ logGroupName: '/streams', ...more }));
    return (answer.logStreams ?? []).map(({ logStreamName }) => logStreamName);
  };
  expect(await describe()).toEqual(['a', 'b', 'c']);
  expect(await describe({ orderBy: 'LastEventTime', descending: true, limit: 1 })).toEqual(['b']);
  await client.send(new DeleteLogStreamCommand({ logGroupName: '/streams', logStreamName: 'b' }));
  expect(await describe()).toEqual(['a', 'c']);
});

test('retention and tags', async () => {
  await group('/kept');
  const logGroupName = '/kept';
  const describe = async (): Promise<number | undefined> =>
    (await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }))).logGroups?.[0]
      ?.retentionInDays;
  await client.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 7 }));
  expect(await describe()).toBe(7);
  await client.send(new DeleteRetentionPolicyCommand({ logGroupName }));
  expect(await describe()).toBeUndefined();
  await expect(
    client.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 8 })),
  ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  const resourceArn = 'arn:aws:logs:us-east-1:000000000000:log-group:/kept';
  await client.send(new TagResourceCommand({ resourceArn, tags: { a: '1', b: '2' } }));
  await client.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a'] }));
  expect((await client.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({ b: '2' });
});

test('what is not hosted is refused by name; the list is what was called here', async () => {
  const operations = [...called];
  await expect(
    client.send(
      new PutSubscriptionFilterCommand({
        logGroupName: '/kept',
        filterName: 'f',
        filterPattern: '',
        destinationArn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
      }),
    ),
  ).rejects.toMatchObject({ name: 'StepyardOperationNotHosted', $metadata: { httpStatusCode: 501 } });
  expect(operations.toSorted()).toEqual([...logs.operations].toSorted());
});

test('what the yard appends is there at once, and after a restart', async () => {
  for (let index = 0; index < 3000; index += 1) {
    logs.append('/aws/lambda/f', 'stream', [{ timestampMs: Date.now(), message: `line ${index}` }]);
  }
  const read = (): Promise<GetLogEventsCommandOutput> =>
    get({ logGroupName: '/aws/lambda/f', logStreamName: 'stream', startFromHead: true });
  expect((await read()).events).toHaveLength(3000);
  logs.append('/aws/lambda/f', 'stream', [{ timestampMs: Date.now(), message: 'last' }]);
  await stop();
  await open();
  const { events } = await read();
  expect(events?.[0]?.message).toBe('line 0');
  expect(events?.at(-1)?.message).toBe('last');
});
