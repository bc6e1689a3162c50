import { isArray, isObject, type Json, type JsonObject } from '@stepyard/asl';
import { compilePattern } from '../../events/pattern.ts';
import { asText } from '../../member.ts';
import { apiError, PARTITION, refuseFeature, REGION } from '../../service.ts';
import { functionArn } from '../function.ts';

/** An event source mapping as it is kept. */
export interface Mapping {
  readonly uuid: string;
  /** ARN of the queue. */
  readonly eventSourceArn: string;
  readonly functionName: string;
  readonly enabled: boolean;
  readonly batchSize: number;
  /** How long a batch is gathered. */
  readonly windowSeconds: number;
  /** Invocations at once; undefined: as many as one machine bears. */
  readonly maximumConcurrency: number | undefined;
  /** ReportBatchItemFailures: the function says which messages failed. */
  readonly reportsFailures: boolean;
  /** Patterns of FilterCriteria: a message that matches none of them is deleted, unseen by the function. */
  readonly filters: readonly string[];
  /** Epoch seconds. */
  readonly lastModified: number;
}

export type MappingSettings = Pick<
  Mapping,
  'enabled' | 'batchSize' | 'windowSeconds' | 'maximumConcurrency' | 'reportsFailures' | 'filters'
>;

const DEFAULTS: MappingSettings = {
  enabled: true,
  batchSize: 10,
  windowSeconds: 0,
  maximumConcurrency: undefined,
  reportsFailures: false,
  filters: [],
};

const RECEIVE_MAX = 10;
const BATCH_SIZE_MAX = 10_000;
const WINDOW_SECONDS_MAX = 300;
const FILTERS_MAX = 5;
const QUEUE_ARN = /^arn:[^:]*:sqs:[^:]*:\d*:([\w.-]+)$/u;

const REFUSED_MEMBERS = [
  'KMSKeyArn',
  'DestinationConfig',
  'ProvisionedPollerConfig',
  'SourceAccessConfigurations',
  'TumblingWindowInSeconds',
  'MetricsConfig',
];

/** The queue's name out of its ARN. Refuses any source but SQS by name. */
export function queueName(eventSourceArn: string, operation: string): string {
  const name = QUEUE_ARN.exec(eventSourceArn)?.[1];
  if (name !== undefined) return name;
  throw refuseFeature('lambda', operation, `the event source ${eventSourceArn} (only SQS queues)`);
}

/** The settings in a request over those before. Throws InvalidParameterValueException; refuses what is not hosted by name. */
export function readSettings(
  operation: string,
  input: JsonObject,
  isFifo: boolean,
  before: MappingSettings = DEFAULTS,
): MappingSettings {
  for (const member of REFUSED_MEMBERS) {
    if (input[member] !== undefined && input[member] !== null)
      throw refuseFeature('lambda', operation, member);
  }
  const settings = {
    enabled: typeof input['Enabled'] === 'boolean' ? input['Enabled'] : before.enabled,
    batchSize: whole(input, 'BatchSize', 1, isFifo ? RECEIVE_MAX : BATCH_SIZE_MAX) ?? before.batchSize,
    windowSeconds:
      whole(input, 'MaximumBatchingWindowInSeconds', 0, WINDOW_SECONDS_MAX) ?? before.windowSeconds,
    maximumConcurrency: readConcurrency(input) ?? before.maximumConcurrency,
    reportsFailures: readResponseTypes(operation, input) ?? before.reportsFailures,
    filters: readFilters(input) ?? before.filters,
  };
  if (settings.batchSize > RECEIVE_MAX && settings.windowSeconds < 1) {
    invalid(
      `Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than ${RECEIVE_MAX}`,
    );
  }
  if (isFifo && settings.windowSeconds > 0) {
    invalid('Batching window is not supported for FIFO queues.');
  }
  return settings;
}

/** A mapping as GetEventSourceMapping shows it. */
export function describeMapping(account: string, mapping: Mapping, state?: string): JsonObject {
  const { uuid, eventSourceArn, functionName, enabled, maximumConcurrency, filters } = mapping;
  return {
    UUID: uuid,
    EventSourceMappingArn: `arn:${PARTITION}:lambda:${REGION}:${account}:event-source-mapping:${uuid}`,
    EventSourceArn: eventSourceArn,
    FunctionArn: functionArn(account, functionName),
    BatchSize: mapping.batchSize,
    MaximumBatchingWindowInSeconds: mapping.windowSeconds,
    FunctionResponseTypes: mapping.reportsFailures ? ['ReportBatchItemFailures'] : [],
    ...(maximumConcurrency === undefined
      ? {}
      : { ScalingConfig: { MaximumConcurrency: maximumConcurrency } }),
    ...(filters.length === 0 ? {} : { FilterCriteria: { Filters: filters.map((Pattern) => ({ Pattern })) } }),
    State: state ?? (enabled ? 'Enabled' : 'Disabled'),
    StateTransitionReason: 'USER_INITIATED',
    LastModified: mapping.lastModified,
  };
}

function readConcurrency(input: JsonObject): number | undefined {
  const scaling = input['ScalingConfig'];
  return isObject(scaling) ? whole(scaling, 'MaximumConcurrency', 2, 1000) : undefined;
}

function readResponseTypes(operation: string, input: JsonObject): boolean | undefined {
  const types = input['FunctionResponseTypes'];
  if (!isArray(types)) return undefined;
  const other = types.find((type) => type !== 'ReportBatchItemFailures');
  if (other !== undefined) throw refuseFeature('lambda', operation, `FunctionResponseTypes ${asText(other)}`);
  return types.length > 0;
}

function readFilters(input: JsonObject): readonly string[] | undefined {
  const criteria = input['FilterCriteria'];
  if (!isObject(criteria)) return undefined;
  const filters = isArray(criteria['Filters']) ? criteria['Filters'] : [];
  if (filters.length > FILTERS_MAX) invalid(`FilterCriteria has more than ${FILTERS_MAX} filters.`);
  return filters.map((filter) => {
    const pattern = isObject(filter) ? asText(filter['Pattern']) : '';
    try {
      compilePattern(pattern);
    } catch {
      invalid('Invalid filter pattern definition.');
    }
    return pattern;
  });
}

function whole(input: JsonObject, member: string, min: number, max: number): number | undefined {
  const value: Json | undefined = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  return invalid(`${member} is not a whole number from ${min} to ${max}.`);
}

function invalid(message: string): never {
  throw apiError('lambda', 'InvalidParameterValueException', message);
}
