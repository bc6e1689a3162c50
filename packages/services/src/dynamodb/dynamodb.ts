import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { isArray, isObject, type Json, type JsonObject } from '@stepyard/asl';
import { ServiceError, type ServiceAnswer } from '@stepyard/engine';
import { asText } from '../member.ts';
import {
  ACCOUNT_ID,
  answer,
  apiError,
  DetailedServiceError,
  PARTITION,
  refuseFeature,
  refuseOperation,
  REGION,
  type AccountOptions,
  type HostedService,
} from '../service.ts';
import { parseJsonBody, readBody, sendAwsJson, sendAwsJsonError, targetOperation } from '../wire/http.ts';
import {
  dynaliteOperation,
  openStore,
  WANTS_ITEM_ON_FAILURE,
  type DynaliteError,
  type Members,
  type Operation,
  type Store,
} from './dynalite.ts';
import {
  changeTable,
  CREATE_EXTRAS,
  describeTimeToLive,
  extraMembers,
  readTable,
  UPDATE_EXTRAS,
  updateTimeToLive,
  withoutPrivate,
} from './extras.ts';
import { DYNALITE_OPERATIONS, TIME_TO_LIVE_OPERATIONS } from './operations.ts';

const SERVICE = 'dynamodb';
const CONTENT_TYPE = 'application/x-amz-json-1.0';
/** DynamoDB's own limit for a request. */
const REQUEST_BYTES_MAX = 16 * 1024 * 1024;
/** 32 levels of an attribute are two of JSON each, under the members of a batch request. */
const JSON_DEPTH_MAX = 32 * 2 + 8;

const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  DYNALITE_OPERATIONS.map((name) => [name, dynaliteOperation(name.charAt(0).toLowerCase() + name.slice(1))]),
);

/** Members that dynalite does not read and that change nothing here: every read is consistent. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set(['ConsistentRead']);

const CONDITIONAL: ReadonlySet<string> = new Set(['PutItem', 'UpdateItem', 'DeleteItem']);

/**
 * DynamoDB, by dynalite, in process. Tables lie under `<dataDir>/dynamodb`, or in memory when there is no data directory.
 *
 * Refused by name, besides any operation off the list: streams, global-secondary-index updates, replicas, resource policies, and
 * every other request member that dynalite would drop without a word. Point-in-time recovery is not offered.
 */
export function createDynamoDb(options: AccountOptions): HostedService {
  const store = openStore(options.dataDir === undefined ? undefined : join(options.dataDir, 'dynamodb'));
  store.tableDb.awsAccountId = options.account ?? ACCOUNT_ID;
  store.tableDb.awsRegion = REGION;
  const ready = finishTableChanges(store);
  const inFlight = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;

  const service: HostedService = {
    name: SERVICE,
    operations: new Set([...OPERATIONS.keys(), ...TIME_TO_LIVE_OPERATIONS]),
    async call(operation, input): Promise<ServiceAnswer> {
      if (closing !== undefined) throw apiError(SERVICE, 'ServiceUnavailable', 'The yard is closing.', 503);
      const running = ready.then(() => run(store, operation, input));
      inFlight.add(running);
      try {
        return answer(await running);
      } catch (error) {
        throw toServiceError(error);
      } finally {
        inFlight.delete(running);
      }
    },
    async handle(request, response) {
      await handleWire(service, request, response);
    },
    close() {
      // dynalite throws, where nobody can catch it, when its database goes while a call is reading.
      closing ??= ready.then(() => Promise.allSettled(inFlight)).then(() => closeStore(store));
      return closing;
    },
  };
  return service;
}

/**
 * A process that died in the middle of CreateTable or DeleteTable leaves the table in a state that dynalite would never end.
 * Never rejects: a store that cannot be read says so at the first call.
 */
async function finishTableChanges(store: Store): Promise<void> {
  try {
    const { TableNames: names } = await run(store, 'ListTables', {});
    for (const name of isArray(names) ? names : []) {
      const table = await readTable(store, asText(name));
      if (table['TableStatus'] === 'CREATING' || table['TableStatus'] === 'UPDATING') {
        await changeTable(store, asText(name), (before) => ({ ...before, TableStatus: 'ACTIVE' }));
      } else if (table['TableStatus'] === 'DELETING') {
        await run(store, 'DeleteTable', { TableName: asText(name) });
      }
    }
  } catch {
    // The first call meets the same failure and reports it.
  }
}

function closeStore(store: Store): Promise<void> {
  return new Promise((resolve) => {
    store.db.close(() => {
      resolve();
    });
  });
}

/** Polls a condition that dynalite fulfils on its next timer. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) {
    await new Promise((resolve) => {
      setTimeout(resolve, 1);
    });
  }
}

async function handleWire(
  service: HostedService,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const text = (await readBody(SERVICE, request, REQUEST_BYTES_MAX)).toString();
    const { output, statusCode, requestId } = await service.call(
      targetOperation(request),
      parseJsonBody(SERVICE, text),
    );
    sendAwsJson(response, CONTENT_TYPE, statusCode, requestId, output);
  } catch (error) {
    sendAwsJsonError(response, CONTENT_TYPE, toServiceError(error));
  }
}

async function run(store: Store, name: string, input: JsonObject): Promise<JsonObject> {
  if (name === 'UpdateTimeToLive') return await updateTimeToLive(store, input);
  if (name === 'DescribeTimeToLive') return await describeTimeToLive(store, input);
  const operation = OPERATIONS.get(name);
  if (operation === undefined) throw refuseOperation(SERVICE, name);
  const request = withTableName(input);
  refuseUnknownMembers(name, operation, request);
  refuseUnsafeValues(request);
  switch (name) {
    case 'CreateTable':
      return await createTable(store, operation, request);
    case 'UpdateTable':
      return await updateTable(store, operation, request);
    case 'DeleteTable':
      return await deleteTable(store, operation, request);
    default: {
      const data = operation.check(request, store);
      if (request[WANTS_ITEM_ON_FAILURE] !== undefined) {
        data[WANTS_ITEM_ON_FAILURE] = request[WANTS_ITEM_ON_FAILURE];
      }
      return toOutput(await operation.run(data, store));
    }
  }
}

async function createTable(store: Store, operation: Operation, input: JsonObject): Promise<JsonObject> {
  const data = operation.check(input, store);
  // dynalite goes on with this object after it has answered: what is answered must be a copy.
  const output = structuredClone(
    toOutput(await operation.run({ ...data, ...extraMembers(store, input) }, store)),
  );
  const tableName = asText(data['TableName']);
  await until(async () => (await readTable(store, tableName))['TableStatus'] === 'ACTIVE');
  const { Tags: tags } = input;
  if (isArray(tags) && tags.length > 0) {
    const arn = `arn:${PARTITION}:dynamodb:${REGION}:${store.tableDb.awsAccountId}:table/${tableName}`;
    await run(store, 'TagResource', { ResourceArn: arn, Tags: tags });
  }
  return output;
}

/** Extras alone are ours to change; dynalite wants to see a change of capacity. */
async function updateTable(store: Store, operation: Operation, input: JsonObject): Promise<JsonObject> {
  if (input['GlobalSecondaryIndexUpdates'] !== undefined) {
    throw refuseFeature(SERVICE, 'UpdateTable', 'GlobalSecondaryIndexUpdates');
  }
  const capacity = input['ProvisionedThroughput'] !== undefined || input['BillingMode'] !== undefined;
  const extras = extraMembers(store, input);
  if (!capacity && Object.keys(extras).length > 0) {
    const table = await changeTable(store, asText(input['TableName']), (before) => ({
      ...before,
      ...extras,
    }));
    return { TableDescription: withoutPrivate(table) };
  }
  const output = structuredClone(toOutput(await operation.run(operation.check(input, store), store)));
  if (Object.keys(extras).length > 0) {
    await changeTable(store, asText(input['TableName']), (before) => ({ ...before, ...extras }));
  }
  return output;
}

async function deleteTable(store: Store, operation: Operation, input: JsonObject): Promise<JsonObject> {
  const data = operation.check(input, store);
  const table = await readTable(store, asText(data['TableName']));
  if (table['DeletionProtectionEnabled'] === true) {
    throw apiError(
      SERVICE,
      'ValidationException',
      `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.`,
    );
  }
  return structuredClone(toOutput(await operation.run(data, store)));
}

/** AWS takes a table's ARN wherever it takes its name. */
function withTableName(input: JsonObject): JsonObject {
  const name = input['TableName'];
  const match = typeof name === 'string' ? /^arn:[^:]+:dynamodb:[^:]*:\d*:table\/([^/]+)$/u.exec(name) : null;
  return match === null ? input : { ...input, TableName: match[1] ?? '' };
}

/** dynalite drops a member it does not know: a stream or a condition's answer would silently be missing. */
function refuseUnknownMembers(name: string, operation: Operation, input: JsonObject): void {
  for (const [member, value] of Object.entries(input)) {
    if (operation.members.has(member) || WITHOUT_EFFECT.has(member)) continue;
    if (name === 'CreateTable' && CREATE_EXTRAS.includes(member)) continue;
    if (name === 'UpdateTable' && UPDATE_EXTRAS.includes(member)) continue;
    if (member === WANTS_ITEM_ON_FAILURE && CONDITIONAL.has(name)) continue;
    if (isObject(value) && value['StreamEnabled'] === false) continue;
    throw refuseFeature(SERVICE, name, member);
  }
}

/**
 * dynalite assigns keys plainly, which would drop an attribute named `__proto__` and report success; and it walks values
 * recursively, where DynamoDB has a limit of 32 levels.
 */
function refuseUnsafeValues(value: Json): void {
  let level: Json[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > JSON_DEPTH_MAX) {
      throw apiError(SERVICE, 'ValidationException', 'Nesting Levels have exceeded supported limits');
    }
    const next: Json[] = [];
    for (const item of level) {
      if (isObject(item) && Object.hasOwn(item, '__proto__')) {
        throw refuseFeature(SERVICE, 'items', 'an attribute named __proto__');
      }
      for (const inner of isArray(item) ? item : isObject(item) ? Object.values(item) : []) {
        if (typeof inner === 'object' && inner !== null) next.push(inner);
      }
    }
    level = next;
  }
}

/** dynalite's answer as plain JSON: it leaves `undefined` members, and its table records hold what is ours alone. */
function toOutput(value: Json): JsonObject {
  if (!isObject(value)) return {};
  const output: Members = {};
  for (const [member, inner] of Object.entries(value) as [string, Json | undefined][]) {
    if (inner === undefined) continue;
    output[member] =
      isObject(inner) && (member === 'Table' || member === 'TableDescription')
        ? withoutPrivate(inner)
        : inner;
  }
  return output;
}

function toServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  const { statusCode, body, message } = error as DynaliteError;
  if (statusCode === undefined || body === undefined) {
    return apiError(SERVICE, 'InternalServerError', message, 500);
  }
  const { __type: type, message: text, Message: otherText, ...members } = body;
  const code = typeof type === 'string' ? type.slice(type.indexOf('#') + 1) : 'InternalServerError';
  return new DetailedServiceError(
    apiError(SERVICE, code, asText(text ?? otherText ?? ''), statusCode),
    members,
  );
}
