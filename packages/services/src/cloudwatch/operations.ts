import { isArray, isObject, type Json, type JsonObject } from '@stepyard/asl';
import { asText } from '../member.ts';
import { apiError, refuseFeature } from '../service.ts';
import type { Operations } from '../wire/json-service.ts';
import {
  combination,
  dimensionList,
  invalidValue,
  missing,
  readDimensions,
  readList,
  readMetric,
  readName,
  readNumber,
  readPeriodMs,
  readTime,
  SERVICE,
} from './input.ts';
import { isStatistic, periods, statistic } from './statistics.ts';
import { merge, single, type Aggregate, type Metric, type MetricStore } from './store.ts';

const LIST_PAGE = 500;
const QUERIES_MAX = 500;
const DATAPOINTS_MAX = 100_800;
const STATISTICS_DATAPOINTS_MAX = 1440;
const DATA_MAX = 1000;
const VALUES_MAX = 150;
const RECENT_MS = 3 * 3_600_000;

/** Reading metrics, and PutMetricData. Metric math, alarms, dashboards and streams are refused by name. */
export function metricOperations(store: MetricStore, now: () => number): Operations {
  return {
    GetMetricData: (input) => getMetricData(store, input),
    GetMetricStatistics: (input) => getMetricStatistics(store, input),
    ListMetrics: (input) => listMetrics(store, input, now()),
    PutMetricData: (input) => putMetricData(store, input, now()),
  };
}

function getMetricData(store: MetricStore, input: JsonObject): JsonObject {
  if (input['MetricDataQueries'] === undefined) throw missing('MetricDataQueries');
  const range = readRange(input);
  const isAscending = input['ScanBy'] === 'TimestampAscending';
  const queries = readList(input['MetricDataQueries'], 'MetricDataQueries', QUERIES_MAX);
  const ids = new Set(queries.map((query) => query['Id']));
  if (ids.size < queries.length) throw invalidValue('The values of the parameter Id must be unique.');
  const results = queries.flatMap((query) => {
    const result = dataResult(store, query, range, isAscending);
    return isTrue(query['ReturnData'] ?? true) ? [result] : [];
  });
  // In one page, up to what CloudWatch gives in one: a query of more asks for too much at once.
  const count = results.reduce((sum, { Values: values }) => sum + (isArray(values) ? values.length : 0), 0);
  if (count > DATAPOINTS_MAX) {
    throw invalidValue(
      `There are ${count} datapoints: ask for at most ${DATAPOINTS_MAX}, by a longer Period.`,
    );
  }
  return { MetricDataResults: results, Messages: [] };
}

function dataResult(
  store: MetricStore,
  query: JsonObject,
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
  isAscending: boolean,
): JsonObject {
  const id = readName(query, 'Id');
  if (!/^[a-z][a-zA-Z0-9_]*$/u.test(id)) {
    throw invalidValue(`The value ${id} for parameter Id must begin with a lower-case letter.`);
  }
  if (query['Expression'] !== undefined) {
    throw refuseFeature(SERVICE, 'GetMetricData', 'Expression (metric math and Insights)');
  }
  const stat = query['MetricStat'];
  if (!isObject(stat) || !isObject(stat['Metric'])) throw missing('MetricStat.Metric');
  const metric = readMetric(stat['Metric']);
  const name = readStatistic(stat['Stat'], 'GetMetricData');
  const unit = typeof stat['Unit'] === 'string' ? stat['Unit'] : undefined;
  const found = periods(store.read(metric, fromMs, untilMs, unit), readPeriodMs(stat)).flatMap((period) => {
    const value = statistic(name, period);
    return value === undefined ? [] : [{ startMs: period.startMs, value }];
  });
  if (!isAscending) found.reverse();
  return {
    Id: id,
    Label: typeof query['Label'] === 'string' ? query['Label'] : metric.name,
    Timestamps: found.map(({ startMs }) => startMs / 1000),
    Values: found.map(({ value }) => value),
    StatusCode: 'Complete',
  };
}

function getMetricStatistics(store: MetricStore, input: JsonObject): JsonObject {
  const metric = readMetric(input);
  const { fromMs, untilMs } = readRange(input);
  const periodMs = readPeriodMs(input);
  const [basic, extended] = ['Statistics', 'ExtendedStatistics'].map((member) => {
    const names = input[member];
    return isArray(names) ? names.map((name) => readStatistic(name, 'GetMetricStatistics')) : [];
  });
  if (basic === undefined || extended === undefined || basic.length + extended.length === 0) {
    throw combination('Must specify either Statistics or ExtendedStatistics.');
  }
  if ((untilMs - fromMs) / periodMs > STATISTICS_DATAPOINTS_MAX) {
    throw combination(
      `You have requested up to ${Math.ceil((untilMs - fromMs) / periodMs)} datapoints, which exceeds the limit of ` +
        `${STATISTICS_DATAPOINTS_MAX}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
    );
  }
  const unit = typeof input['Unit'] === 'string' ? input['Unit'] : undefined;
  const found = periods(store.read(metric, fromMs, untilMs, unit), periodMs);
  const values = (names: readonly string[], of: Aggregate): [string, number][] =>
    names.flatMap((name) => {
      const value = statistic(name, of);
      return value === undefined ? [] : [[name, value]];
    });
  return {
    Label: metric.name,
    Datapoints: found.map((period) => ({
      Timestamp: period.startMs / 1000,
      ...Object.fromEntries(values(basic, period)),
      Unit: period.unit,
      ...(extended.length === 0 ? {} : { ExtendedStatistics: Object.fromEntries(values(extended, period)) }),
    })),
  };
}

function listMetrics(store: MetricStore, input: JsonObject, nowMs: number): JsonObject {
  const namespace = input['Namespace'];
  const name = input['MetricName'];
  const wanted = readList(input['Dimensions'], 'Dimensions', 10);
  const isRecent = input['RecentlyActive'] !== undefined;
  if (isRecent && input['RecentlyActive'] !== 'PT3H') throw invalidValue('RecentlyActive must be PT3H.');
  const matches = (metric: Metric): boolean =>
    (namespace === undefined || metric.namespace === namespace) &&
    (name === undefined || metric.name === name) &&
    wanted.every((filter) => {
      const value = metric.dimensions[asText(filter['Name'])];
      return value !== undefined && (filter['Value'] === undefined || filter['Value'] === value);
    }) &&
    (!isRecent || store.lastMs(metric) >= nowMs - RECENT_MS);
  const found = store.list(readToken(input['NextToken']), LIST_PAGE + 1, matches);
  const page = found.slice(0, LIST_PAGE);
  const last = page.at(-1)?.key;
  return {
    Metrics: page.map((metric) => ({
      Namespace: metric.namespace,
      MetricName: metric.name,
      Dimensions: dimensionList(metric.dimensions),
    })),
    ...(found.length > LIST_PAGE && last !== undefined
      ? { NextToken: Buffer.from(last).toString('base64url') }
      : {}),
  };
}

function readToken(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  const content = Buffer.from(asText(value), 'base64url').toString();
  if (Buffer.from(content).toString('base64url') !== value || !content.startsWith('[')) {
    throw invalidValue('The value of the parameter NextToken is invalid.');
  }
  return content;
}

function putMetricData(store: MetricStore, input: JsonObject, nowMs: number): JsonObject {
  const namespace = readName(input, 'Namespace');
  if (namespace.startsWith('AWS/')) {
    throw invalidValue(`The value AWS/ for parameter Namespace is invalid.`);
  }
  if (input['EntityMetricData'] !== undefined) {
    throw refuseFeature(SERVICE, 'PutMetricData', 'EntityMetricData');
  }
  const data = readList(input['MetricData'], 'MetricData', DATA_MAX);
  if (data.length === 0) throw missing('MetricData');
  // All are read before any is kept: a request is taken as a whole or not at all.
  const measurements = data.map((datum) => ({
    ...readMetric({ ...datum, Namespace: namespace }),
    dimensions: readDimensions(datum['Dimensions']),
    timestampMs: datum['Timestamp'] === undefined ? nowMs : readTime(datum, 'Timestamp'),
    unit: typeof datum['Unit'] === 'string' ? datum['Unit'] : 'None',
    aggregate: readAggregate(datum),
  }));
  for (const measurement of measurements) {
    if (!store.record(measurement)) {
      throw apiError(SERVICE, 'LimitExceeded', 'Stepyard keeps no more metrics than it has.');
    }
  }
  return {};
}

function readAggregate(datum: JsonObject): Aggregate {
  if (readNumber(datum['StorageResolution'], 'StorageResolution') === 1) {
    throw refuseFeature(SERVICE, 'PutMetricData', 'StorageResolution 1');
  }
  const set = datum['StatisticValues'];
  if (isObject(set)) {
    const part = (member: string): number => {
      const value = readNumber(set[member], `StatisticValues.${member}`);
      if (value === undefined) throw missing(`StatisticValues.${member}`);
      return value;
    };
    return {
      count: part('SampleCount'),
      sum: part('Sum'),
      min: part('Minimum'),
      max: part('Maximum'),
      values: undefined,
    };
  }
  const value = readNumber(datum['Value'], 'Value');
  if (value !== undefined) return single(value);
  const values = isArray(datum['Values']) ? datum['Values'] : [];
  const counts = isArray(datum['Counts']) ? datum['Counts'] : undefined;
  if (values.length === 0) throw missing('Value');
  if (values.length > VALUES_MAX) throw invalidValue(`Values has more than ${VALUES_MAX} members.`);
  if (counts !== undefined && counts.length !== values.length) {
    throw combination('The parameters Values and Counts must have the same length.');
  }
  return values
    .map((item, index) => {
      const one = readNumber(item, 'Values') ?? 0;
      const count = counts === undefined ? 1 : (readNumber(counts[index], 'Counts') ?? 0);
      return { count, sum: one * count, min: one, max: one, values: [[one, count] as const] };
    })
    .reduce((all, next) => merge(all, next) as typeof next);
}

function readRange(input: JsonObject): { readonly fromMs: number; readonly untilMs: number } {
  const fromMs = readTime(input, 'StartTime');
  const untilMs = readTime(input, 'EndTime');
  if (fromMs < untilMs) return { fromMs, untilMs };
  throw combination('The parameter StartTime must be less than the parameter EndTime.');
}

function readStatistic(value: Json | undefined, operation: string): string {
  const name = asText(value);
  if (isStatistic(name)) return name;
  if (/^(?:tm|tc|ts|wm|pr|iqm|IQM|TM|TC|TS|WM|PR)/u.test(name)) {
    throw refuseFeature(SERVICE, operation, `the statistic ${name}`);
  }
  throw invalidValue(`The value ${name} for parameter Stat is not supported.`);
}

function isTrue(value: Json): boolean {
  return value === true || value === 'true';
}
