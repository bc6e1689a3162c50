/** The transfer-records workflow on the yard's DynamoDB and SQS, in this process: filled, run, and looked at. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Json, JsonObject } from '@stepyard/asl';
import { isArray, isObject } from '@stepyard/asl';
import type { ServiceCaller } from '@stepyard/engine';
import { createIntegrationRunner, openEngine, openSqliteStore, systemClock } from '@stepyard/engine';
import type { Services } from '@stepyard/services';
import { createServiceCaller, createServices } from '@stepyard/services';
import { definitionText } from '@stepyard/testing';

const DEFINITION = fileURLToPath(new URL('../../definitions/transfer-records.asl.json', import.meta.url));
const ORIGIN = 'http://127.0.0.1:4566';
const QUEUE = 'records.fifo';
const QUEUE_URL = `${ORIGIN}/000000000000/${QUEUE}`;
export const RECORDS = ['a', 'b', 'c'];

/** Deletes first and sends then, as the workflow must not do. */
export type Order = 'send first' | 'delete first';

interface Yard {
  readonly services: Services;
  readonly caller: ServiceCaller;
}

async function openYard(directory: string): Promise<Yard> {
  const services: Services = await createServices({
    dataDir: join(directory, 'services'),
    gatewayOrigin: () => ORIGIN,
    caller: () => caller,
    log: () => undefined,
  });
  const caller = createServiceCaller({ services: services.all });
  return { services, caller };
}

/** Makes the tables, the queue and the topic, and puts the records in. */
export async function fill(directory: string): Promise<void> {
  const { services, caller } = await openYard(directory);
  const call = (service: string, operation: string, input: JsonObject): Promise<unknown> =>
    caller.call({ service, operation, input });
  for (const TableName of ['records', 'quarantine']) {
    await call('dynamodb', 'CreateTable', {
      TableName,
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    });
  }
  await call('sqs', 'CreateQueue', { QueueName: QUEUE, Attributes: { FifoQueue: 'true' } });
  await call('sns', 'CreateTopic', { Name: 'notifications' });
  for (const id of RECORDS) {
    const Item = { id: { S: id }, version: { N: '1' }, payload: { S: `payload of ${id}` } };
    await call('dynamodb', 'PutItem', { TableName: 'records', Item });
  }
  await services.close();
}

/** Runs the workflow to its end, from wherever it stands. `point` is called before and after every call of a service. */
export async function transfer(
  directory: string,
  order: Order,
  point: (name: string) => void,
): Promise<{ readonly status: string; readonly error: string | undefined }> {
  const { services, caller } = await openYard(directory);
  const watched: ServiceCaller = {
    ...caller,
    async call(request) {
      point(`before ${request.operation}`);
      const answer = await caller.call(request);
      point(`after ${request.operation}`);
      return answer;
    },
  };
  const engine = await openEngine({
    clock: systemClock,
    store: openSqliteStore({ path: join(directory, 'journal.sqlite') }),
    runner: createIntegrationRunner(watched),
    seed: 'transfer',
  });
  const { stateMachineArn } = await engine.createStateMachine({
    name: 'transfer-records',
    definition: definition(order),
    roleArn: 'arn:aws:iam::000000000000:role/r',
  });
  const executionArn = stateMachineArn.replace(':stateMachine:', ':execution:').concat(':run');
  const known = await engine.list({ stateMachineArn });
  if (known.items.length === 0) await engine.start({ stateMachineArn, name: 'run' });
  const { status, error } = await engine.whenEnded(executionArn);
  await engine.close();
  await services.close();
  return { status, error };
}

function definition(order: Order): string {
  const text = definitionText(readFileSync(DEFINITION, 'utf8'), {
    Partition: 'aws',
    TableName: 'records',
    QuarantineTableName: 'quarantine',
    QueueUrl: QUEUE_URL,
    LoaderFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:loader',
    TopicArn: 'arn:aws:sns:us-east-1:000000000000:notifications',
    StateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:transfer-records',
  });
  if (order === 'send first') return text;
  const machine: {
    States: { 'Transfer page': { ItemProcessor: { StartAt: string; States: Record<string, JsonObject> } } };
  } = JSON.parse(text);
  const processor = machine.States['Transfer page'].ItemProcessor;
  const { End: _end, ...remove } = processor.States['Delete record'] ?? {};
  const { Next: _next, ...send } = processor.States['Send record'] ?? {};
  processor.StartAt = 'Delete record';
  processor.States['Delete record'] = { ...remove, Output: '{% $states.input %}', Next: 'Send record' };
  processor.States['Send record'] = { ...send, Output: 'sent', End: true };
  return JSON.stringify(machine);
}

export interface Whereabouts {
  /** Ids of the records that the table holds, and of those that are in the queue, once for each message. */
  readonly inTable: readonly string[];
  readonly inQueue: readonly string[];
}

/** Looks into the table and the queue without taking anything out. */
export async function whereabouts(directory: string): Promise<Whereabouts> {
  const { services, caller } = await openYard(directory);
  const scan = await caller.call({ service: 'dynamodb', operation: 'Scan', input: { TableName: 'records' } });
  const items = scan.output['Items'] ?? [];
  const inTable = (isArray(items) ? items : []).map(idOf);
  const queued = services.messages.queues().flatMap(({ messages }) => messages);
  await services.close();
  return { inTable, inQueue: queued.map(({ body }) => body.replace('payload of ', '')) };
}

function idOf(item: Json): string {
  const id = isObject(item) ? item['id'] : undefined;
  const text = isObject(id) ? id['S'] : undefined;
  return typeof text === 'string' ? text : '';
}
