import { randomUUID } from 'node:crypto';
import { isObject, type JsonObject } from '@stepyard/asl';
import { asText } from '../../member.ts';
import { apiError, refuseFeature } from '../../service.ts';
import type { Operations } from '../../wire/json-service.ts';
import { readText, requiredText } from '../api.ts';
import { parseFunctionName } from '../function.ts';
import type { Functions } from '../functions.ts';
import { describeMapping, queueName, readSettings, type Mapping } from './mapping.ts';
import type { Mappings } from './mappings.ts';

const PAGE_MAX = 100;

type Describe = (mapping: Mapping, state?: string) => JsonObject;

/** What Lambda does with event source mappings. */
export function mappingOperations(mappings: Mappings, functions: Functions): Operations {
  const describe: Describe = (mapping, state) => describeMapping(functions.account, mapping, state);
  return {
    CreateEventSourceMapping: async (input) => describe(await create(mappings, functions, input)),
    GetEventSourceMapping: (input) => describe(mappings.get(requiredText(input, 'UUID'))),
    UpdateEventSourceMapping: (input) => describe(update(mappings, functions, input)),
    ListEventSourceMappings: (input) => list(mappings, describe, input),
    DeleteEventSourceMapping(input) {
      const mapping = mappings.get(requiredText(input, 'UUID'));
      mappings.delete(mapping.uuid);
      return describe(mapping, 'Deleting');
    },
  };
}

async function create(mappings: Mappings, functions: Functions, input: JsonObject): Promise<Mapping> {
  const operation = 'CreateEventSourceMapping';
  const { record } = functions.get(requiredText(input, 'FunctionName'), operation);
  const { functionName, timeoutSeconds } = record.configuration;
  const eventSourceArn = requiredText(input, 'EventSourceArn');
  const queue = queueName(eventSourceArn, operation);
  if (eventSourceArn.split(':')[4] !== functions.account) {
    throw refuseFeature('lambda', operation, `the event source ${eventSourceArn} (of another account)`);
  }
  const settings = readSettings(operation, input, queue.endsWith('.fifo'));
  const existing = mappings
    .list()
    .find((mapping) => mapping.eventSourceArn === eventSourceArn && mapping.functionName === functionName);
  if (existing !== undefined) {
    throw apiError(
      'lambda',
      'ResourceConflictException',
      `An event source mapping with SQS arn (" ${eventSourceArn} ") and function (" ${functionName} ") already exists. ` +
        `Please update or delete the existing mapping with UUID ${existing.uuid}`,
      409,
    );
  }
  await checkQueue(mappings, operation, queue, timeoutSeconds);
  const mapping: Mapping = {
    uuid: randomUUID(),
    eventSourceArn,
    functionName,
    ...settings,
    lastModified: nowSeconds(),
  };
  mappings.put(mapping);
  return mapping;
}

function update(mappings: Mappings, functions: Functions, input: JsonObject): Mapping {
  const operation = 'UpdateEventSourceMapping';
  const before = mappings.get(requiredText(input, 'UUID'));
  const isFifo = before.eventSourceArn.endsWith('.fifo');
  const name = readText(input['FunctionName']);
  const functionName =
    name === undefined
      ? before.functionName
      : functions.get(name, operation).record.configuration.functionName;
  const settings = readSettings(operation, input, isFifo, before);
  const mapping = { ...before, ...settings, functionName, lastModified: nowSeconds() };
  mappings.put(mapping);
  return mapping;
}

function list(mappings: Mappings, describe: Describe, input: JsonObject): JsonObject {
  const name = readText(input['FunctionName']);
  const bare = name === undefined ? undefined : parseFunctionName(name).name;
  const source = readText(input['EventSourceArn']);
  const marker = readText(input['Marker']) ?? '';
  const found = mappings
    .list()
    .filter(
      (mapping) =>
        (bare === undefined || mapping.functionName === bare) &&
        (source === undefined || mapping.eventSourceArn === source) &&
        mapping.uuid > marker,
    )
    .toSorted((a, b) => (a.uuid < b.uuid ? -1 : 1));
  const size = Math.min(PAGE_MAX, Math.max(1, Number(input['MaxItems'] ?? PAGE_MAX) || PAGE_MAX));
  const page = found.slice(0, size);
  return {
    EventSourceMappings: page.map((mapping) => describe(mapping)),
    ...(found.length > size ? { NextMarker: page.at(-1)?.uuid ?? '' } : {}),
  };
}

/** The queue must exist, and hide a message for as long as the function may run. */
async function checkQueue(
  mappings: Mappings,
  operation: string,
  queue: string,
  timeoutSeconds: number,
): Promise<void> {
  const sqs = mappings.sqs(operation);
  let visibilitySeconds: number;
  try {
    const { output } = await sqs.call('GetQueueUrl', { QueueName: queue });
    const { output: found } = await sqs.call('GetQueueAttributes', {
      QueueUrl: asText(output['QueueUrl']),
      AttributeNames: ['VisibilityTimeout'],
    });
    const attributes = found['Attributes'];
    visibilitySeconds = Number(isObject(attributes) ? attributes['VisibilityTimeout'] : undefined);
  } catch {
    throw apiError(
      'lambda',
      'InvalidParameterValueException',
      'Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. ' +
        `SQS Error Message: The specified queue ${queue} does not exist.`,
    );
  }
  if (visibilitySeconds < timeoutSeconds) {
    throw apiError(
      'lambda',
      'InvalidParameterValueException',
      `Queue visibility timeout: ${visibilitySeconds} seconds is less than Function timeout: ${timeoutSeconds} seconds`,
    );
  }
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
