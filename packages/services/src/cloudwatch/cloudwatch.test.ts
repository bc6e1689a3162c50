import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  CloudWatchClient,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  type GetMetricStatisticsCommandInput,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeCbor, encodeCbor } from '../wire/cbor.ts';
import { clientOptions, recordOperations, serve } from '../wire/test-server.ts';
import { createCloudWatch, type CloudWatchService } from './cloudwatch.ts';
import { METRICS_MAX, MetricStore, single } from './store.ts';

const NOON = new Date('2026-03-01T12:00:00Z');
const HOUR_LATER = new Date('2026-03-01T13:00:00Z');
const minutes = (count: number): Date => new Date(NOON.getTime() + count * 60_000);

let dataDir: string;
let service: CloudWatchService;
let client: CloudWatchClient;
let called: ReadonlySet<string>;
let server: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'stepyard-cloudwatch-'));
  service = createCloudWatch({ dataDir });
  server = await serve(service);
  client = new CloudWatchClient(clientOptions(server.origin));
  called = recordOperations(client);
});
afterAll(async () => {
  client.destroy();
  await server.close();
  await service.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function put(MetricName: string, values: readonly [minute: number, value: number][]): Promise<void> {
  await client.send(
    new PutMetricDataCommand({
      Namespace: 'Own',
      MetricData: values.map(([minute, Value]) => ({
        MetricName,
        Value,
        Timestamp: minutes(minute),
        Unit: 'Milliseconds',
        Dimensions: [
          { Name: 'Stage', Value: 'test' },
          { Name: 'App', Value: 'a' },
        ],
      })),
    }),
  );
}

const own = (MetricName: string) => ({
  Namespace: 'Own',
  MetricName,
  // In another order: the same metric.
  Dimensions: [
    { Name: 'App', Value: 'a' },
    { Name: 'Stage', Value: 'test' },
  ],
});

test('GetMetricStatistics: statistics and percentiles by period', async () => {
  await put('latency', [
    [0, 10],
    [0.5, 20],
    [1, 30],
    [5, 100],
    [5, 200],
  ]);
  const { Label, Datapoints: points } = await client.send(
    new GetMetricStatisticsCommand({
      ...own('latency'),
      StartTime: NOON,
      EndTime: HOUR_LATER,
      Period: 300,
      Statistics: ['SampleCount', 'Sum', 'Average', 'Minimum', 'Maximum'],
      ExtendedStatistics: ['p50', 'p99.9'],
    }),
  );
  expect(Label).toBe('latency');
  expect(points).toEqual([
    {
      Timestamp: NOON,
      SampleCount: 3,
      Sum: 60,
      Average: 20,
      Minimum: 10,
      Maximum: 30,
      Unit: 'Milliseconds',
      ExtendedStatistics: { p50: 20, 'p99.9': expect.closeTo(29.98) as number },
    },
    {
      Timestamp: minutes(5),
      SampleCount: 2,
      Sum: 300,
      Average: 150,
      Minimum: 100,
      Maximum: 200,
      Unit: 'Milliseconds',
      ExtendedStatistics: { p50: 150, 'p99.9': expect.closeTo(199.9) as number },
    },
  ]);
});

test('GetMetricData: several metrics, newest first unless asked otherwise; one without data', async () => {
  await put('requests', [
    [0, 1],
    [1, 2],
    [1, 3],
  ]);
  const query = (Id: string, MetricName: string, more: Partial<MetricDataQuery> = {}): MetricDataQuery => ({
    Id,
    MetricStat: { Metric: own(MetricName), Period: 60, Stat: 'Sum' },
    ...more,
  });
  const range = { StartTime: NOON, EndTime: HOUR_LATER };
  const MetricDataQueries = [
    query('a', 'requests'),
    query('b', 'none', { Label: 'nothing' }),
    query('c', 'requests', { ReturnData: false }),
  ];
  const { MetricDataResults: results } = await client.send(
    new GetMetricDataCommand({ ...range, MetricDataQueries }),
  );
  expect(results).toEqual([
    { Id: 'a', Label: 'requests', StatusCode: 'Complete', Timestamps: [minutes(1), NOON], Values: [5, 1] },
    { Id: 'b', Label: 'nothing', StatusCode: 'Complete', Timestamps: [], Values: [] },
  ]);
  const ascending = await client.send(
    new GetMetricDataCommand({ ...range, MetricDataQueries, ScanBy: 'TimestampAscending' }),
  );
  expect(ascending.MetricDataResults?.[0]?.Values).toEqual([1, 5]);
});

test('ListMetrics: by namespace, name and dimensions, in pages', async () => {
  await put('listed', [[0, 1]]);
  const { Metrics: found } = await client.send(
    new ListMetricsCommand({ Namespace: 'Own', MetricName: 'listed', Dimensions: [{ Name: 'App' }] }),
  );
  expect(found).toEqual([own('listed')]);
  const other = new ListMetricsCommand({ Dimensions: [{ Name: 'App', Value: 'b' }] });
  expect((await client.send(other)).Metrics).toEqual([]);
  // Nothing of that hour is of the last three.
  const recent = new ListMetricsCommand({ MetricName: 'listed', RecentlyActive: 'PT3H' });
  expect((await client.send(recent)).Metrics).toEqual([]);
  const MetricData = Array.from({ length: 501 }, (_, index) => ({ MetricName: `m${index}`, Value: 1 }));
  await client.send(new PutMetricDataCommand({ Namespace: 'Many', MetricData }));
  const first = await client.send(new ListMetricsCommand({ Namespace: 'Many', RecentlyActive: 'PT3H' }));
  expect(first.Metrics).toHaveLength(500);
  const { NextToken } = first;
  const second = await client.send(new ListMetricsCommand({ Namespace: 'Many', NextToken }));
  expect([second.Metrics?.length, second.NextToken]).toEqual([1, undefined]);
  await expect(client.send(new ListMetricsCommand({ NextToken: 'x' }))).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
  });
});

test('PutMetricData: values with counts, and a statistic set', async () => {
  const at = { Timestamp: minutes(30) };
  await client.send(
    new PutMetricDataCommand({
      Namespace: 'Own',
      MetricData: [
        { MetricName: 'counted', Values: [1, 5], Counts: [3, 1], ...at },
        {
          MetricName: 'set',
          StatisticValues: { SampleCount: 4, Sum: 8, Minimum: 1, Maximum: 3 },
          ...at,
        },
      ],
    }),
  );
  const read = async (MetricName: string, Stat: string): Promise<number | undefined> => {
    const Metric = { Namespace: 'Own', MetricName };
    const { MetricDataResults: results } = await client.send(
      new GetMetricDataCommand({
        StartTime: NOON,
        EndTime: HOUR_LATER,
        MetricDataQueries: [{ Id: 'a', MetricStat: { Metric, Period: 60, Stat } }],
      }),
    );
    return results?.[0]?.Values?.[0];
  };
  expect([await read('counted', 'Sum'), await read('counted', 'p50')]).toEqual([8, 1]);
  expect([await read('set', 'Average'), await read('set', 'p50')]).toEqual([2, undefined]);
});

test('every listed operation was called above', () => {
  expect([...called].toSorted()).toEqual([...service.operations].toSorted());
});

test.each<[string, Partial<GetMetricStatisticsCommandInput>, string]>([
  ['a range that is none', { EndTime: NOON }, 'InvalidParameterCombination'],
  ['a period between', { Period: 90 }, 'InvalidParameterValue'],
  ['no statistic', { Statistics: [] }, 'InvalidParameterCombination'],
  ['an unknown one', { Statistics: ['Median' as 'Sum'] }, 'InvalidParameterValue'],
  ['one that is not hosted', { Statistics: [], ExtendedStatistics: ['tm90'] }, 'StepyardOperationNotHosted'],
  ['too many datapoints', { EndTime: minutes(1441) }, 'InvalidParameterCombination'],
  ['a namespace with a colon', { Namespace: ':a' }, 'InvalidParameterValue'],
])('GetMetricStatistics refuses %s', async (_name, input, name) => {
  const command = new GetMetricStatisticsCommand({
    ...own('latency'),
    StartTime: NOON,
    EndTime: HOUR_LATER,
    Period: 60,
    Statistics: ['Sum'],
    ...input,
  });
  await expect(client.send(command)).rejects.toMatchObject({ name: expect.stringContaining(name) as string });
});

test('refusals by name: metric math, alarms, the namespaces of AWS, seconds', async () => {
  const notHosted = { name: 'StepyardOperationNotHosted' };
  const MetricDataQueries = [{ Id: 'e', Expression: 'SUM(METRICS())' }];
  const range = { StartTime: NOON, EndTime: HOUR_LATER };
  await expect(client.send(new GetMetricDataCommand({ ...range, MetricDataQueries }))).rejects.toMatchObject(
    notHosted,
  );
  const alarm = { AlarmName: 'a', EvaluationPeriods: 1, ComparisonOperator: 'LessThanThreshold' } as const;
  await expect(client.send(new PutMetricAlarmCommand(alarm))).rejects.toMatchObject(notHosted);
  const put1 = (Namespace: string, more: object): Promise<unknown> =>
    client.send(
      new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName: 'm', Value: 1, ...more }] }),
    );
  await expect(put1('AWS/States', {})).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
  await expect(put1('Own', { StorageResolution: 1 })).rejects.toMatchObject(notHosted);
  await expect(put1('Own', { Value: Number.NaN })).rejects.toThrow('Value');
});

async function post(headers: Record<string, string>, body: Buffer | string, path = '/'): Promise<Response> {
  return await fetch(`${server.origin}${path}`, {
    method: 'POST',
    headers,
    body: Uint8Array.from(Buffer.from(body)),
  });
}

test('CBOR, as boto3 speaks it: times are tagged, errors are typed', async () => {
  const headers = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' };
  const path = '/service/GraniteServiceVersion20100801/operation/';
  const input = {
    ...own('latency'),
    StartTime: NOON.getTime() / 1000,
    EndTime: HOUR_LATER.getTime() / 1000,
    Period: 3600,
    Statistics: ['Sum'],
  };
  const times = new Set(['StartTime', 'EndTime']);
  const answer = await post(headers, encodeCbor(input, times), `${path}GetMetricStatistics`);
  expect([answer.status, answer.headers.get('smithy-protocol')]).toEqual([200, 'rpc-v2-cbor']);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const Timestamp = NOON.getTime() / 1000;
  expect(decodeCbor(bytes)).toEqual({
    Label: 'latency',
    Datapoints: [{ Timestamp, Sum: 360, Unit: 'Milliseconds' }],
  });
  expect(bytes.toString('hex')).toContain(`c1${encodeCbor(Timestamp).toString('hex')}`);
  const failure = await post(headers, encodeCbor({}), `${path}GetMetricStatistics`);
  expect([failure.status, failure.headers.get('x-amzn-query-error')]).toEqual([
    400,
    'MissingParameter;Sender',
  ]);
  expect(decodeCbor(Buffer.from(await failure.arrayBuffer()))).toMatchObject({
    __type: 'com.amazonaws.cloudwatch#MissingRequiredParameterException',
  });
  expect((await post(headers, 'no cbor', `${path}ListMetrics`)).status).toBe(400);
});

test('the query protocol, and bodies that are packed', async () => {
  const form = new URLSearchParams({
    Action: 'GetMetricStatistics',
    Namespace: 'Own',
    MetricName: 'latency',
    'Dimensions.member.1.Name': 'App',
    'Dimensions.member.1.Value': 'a',
    'Dimensions.member.2.Name': 'Stage',
    'Dimensions.member.2.Value': 'test',
    StartTime: NOON.toISOString(),
    EndTime: HOUR_LATER.toISOString(),
    Period: '3600',
    'Statistics.member.1': 'Sum',
  }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const xml = await (await post(headers, form)).text();
  expect(xml).toContain('<Timestamp>2026-03-01T12:00:00.000Z</Timestamp><Sum>360</Sum>');
  const packed = await post({ ...headers, 'content-encoding': 'gzip' }, gzipSync(form));
  expect(await packed.text()).toContain('<Sum>360</Sum>');
  const broken = await post({ ...headers, 'content-encoding': 'gzip' }, form);
  expect(broken.status).toBe(400);
  const unknown = await post(headers, 'Action=GetMetricStatistics');
  expect(await unknown.text()).toContain('<Code>MissingParameter</Code>');
});

test('what was recorded survives a restart', () => {
  const directory = join(dataDir, 'kept');
  const metric = { namespace: 'Own', name: 'kept', dimensions: { a: 'b' } };
  const record = (store: MetricStore, value: number): void => {
    const measured = { ...metric, timestampMs: NOON.getTime(), unit: 'None', aggregate: single(value) };
    expect(store.record(measured)).toBe(true);
  };
  const first = new MetricStore(directory);
  record(first, 1);
  first.close();
  const second = new MetricStore(directory);
  record(second, 2);
  const [point] = second.read(metric, NOON.getTime(), HOUR_LATER.getTime(), undefined);
  expect(point).toMatchObject({ count: 2, sum: 3, min: 1, max: 2 });
  second.expire(NOON.getTime() + 16 * 86_400_000);
  expect(second.read(metric, NOON.getTime(), HOUR_LATER.getTime(), undefined)).toEqual([]);
  second.close();
});

test('metrics are bounded', () => {
  const store = new MetricStore(undefined);
  const record = (name: string): boolean =>
    store.record({
      namespace: 'N',
      name,
      dimensions: {},
      timestampMs: 0,
      unit: 'None',
      aggregate: single(1),
    });
  for (let index = 0; index < METRICS_MAX; index += 1) expect(record(`m${index}`)).toBe(true);
  expect(record('one more')).toBe(false);
  expect(record('m0')).toBe(true);
  store.close();
});
