/** What the transfers send and put aside, read off the histories: the parameters of the calls as AWS would get them. */
import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '@stepyard/asl';
import { isObject } from '@stepyard/asl';
import type { MachineRun } from '@stepyard/testing';
import { runMachine } from '@stepyard/testing';
import { definitionFile } from './definition-files.ts';
import { asText } from './definition-graph.ts';

const ARN = 'arn:aws:states:us-east-1:000000000000:execution:machine:run';

/** The state that reads the table. */
const READERS = {
  'transfer-records': 'Read first page',
  'transfer-records-express': 'Read from the start',
} as const;

async function transfer(machine: keyof typeof READERS, item: JsonObject): Promise<readonly JsonObject[]> {
  const { source, substitutions, type } = definitionFile(machine);
  const run = await runMachine({
    definition: source,
    substitutions,
    type,
    mocks: {
      [READERS[machine]]: [{ return: { Count: 1, ScannedCount: 1, Items: [item] } }],
      'Send record': [{ return: { MessageId: 'm' } }],
      'Delete record': [{ return: {} }],
      'Quarantine record': [{ return: {} }],
      'Remove quarantined record': [{ return: {} }],
      'Report success': [{ return: {} }],
    },
  });
  expect(run.status).toBe('SUCCEEDED');
  return calls(run);
}

/** The parameters of every call, in order. */
function calls(run: MachineRun): readonly JsonObject[] {
  return run.history
    .filter((event) => event.type === 'TaskScheduled')
    .map((event) => {
      const text = event.details?.['parameters'];
      const parameters: Json = JSON.parse(typeof text === 'string' ? text : 'null');
      return isObject(parameters) ? parameters : {};
    });
}

const record = (payload: string, version = '1', id = 'a'): JsonObject => ({
  id: { S: id },
  version: { N: version },
  payload: { S: payload },
});

describe.each(['transfer-records', 'transfer-records-express'] as const)('%s', (machine) => {
  const send = async (item: JsonObject): Promise<JsonObject> => (await transfer(machine, item))[1] ?? {};

  test('sends the payload as it is, grouped by a hash of the id, and deletes exactly what it sent', async () => {
    const [, message, deletion] = await transfer(machine, record('{"id":"a", "n":1.0}', '7', 'a/b c'));
    expect(message).toEqual({
      QueueUrl: 'http://127.0.0.1:4566/000000000000/records.fifo',
      MessageBody: '{"id":"a", "n":1.0}',
      MessageGroupId: expect.stringMatching(/^[0-9a-f]{64}$/u),
      MessageDeduplicationId: expect.stringMatching(/^[0-9a-f]{64}$/u),
      MessageAttributes: {
        recordId: { DataType: 'String', StringValue: 'a/b c' },
        recordVersion: { DataType: 'String', StringValue: '7' },
      },
    });
    expect(deletion).toMatchObject({
      TableName: 'records',
      Key: { id: { S: 'a/b c' } },
      ConditionExpression: 'attribute_not_exists(#id) OR (#version = :version AND #payload = :payload)',
      ExpressionAttributeValues: { ':version': { N: '7' }, ':payload': { S: '{"id":"a", "n":1.0}' } },
    });
  });

  test('a repetition has the same ids; another version or another payload is another message of the same group', async () => {
    const [first, again, newer, changed, other] = await Promise.all([
      send(record('x')),
      send(record('x')),
      send(record('x', '2')),
      send(record('y')),
      send(record('x', '1', 'b')),
    ]);
    expect(again).toEqual(first);
    expect(new Set([first, newer, changed, other].map((item) => item?.['MessageDeduplicationId'])).size).toBe(
      4,
    );
    expect(new Set([first, newer, changed].map((item) => item?.['MessageGroupId'])).size).toBe(1);
    expect(other?.['MessageGroupId']).not.toBe(first?.['MessageGroupId']);
  });

  test('puts a record without a payload aside, whole, and removes it only if it still cannot be sent', async () => {
    const item = { id: { S: 'a' }, version: { N: '3' }, note: { S: 'kept' } };
    const put = (await transfer(machine, item)).find((call) => call['TableName'] === 'quarantine');
    expect(put?.['Item']).toEqual({
      id: { S: 'a' },
      record: { M: item },
      reason: { S: expect.stringContaining('payload') },
      executionArn: { S: expect.stringContaining(':machine:') },
      quarantinedAt: { S: expect.stringMatching(/^\d{4}-\d\d-\d\dT/u) },
    });
  });
});

describe('transfer-records', () => {
  test('a difference far behind the first 10,000 characters makes another message', async () => {
    const text = 'x'.repeat(199_999);
    const [, first] = await transfer('transfer-records', record(`${text}1`));
    const [, second] = await transfer('transfer-records', record(`${text}2`));
    expect(first?.['MessageBody']).toHaveLength(200_000);
    expect(first?.['MessageDeduplicationId']).not.toBe(second?.['MessageDeduplicationId']);
  });

  test('a payload of one character more than 200,000 goes to quarantine', async () => {
    const [, put] = await transfer('transfer-records', record('x'.repeat(200_001)));
    expect(put).toMatchObject({ TableName: 'quarantine', Item: { executionArn: { S: ARN } } });
  });

  test.each([
    [
      { id: { S: 'a' } },
      'attribute_not_exists(#id) OR (#id = :id AND attribute_not_exists(#version) AND attribute_not_exists(#payload))',
      { ':id': { S: 'a' } },
    ],
    [
      { id: { S: 'a' }, payload: { S: '' } },
      'attribute_not_exists(#id) OR (#id = :id AND attribute_not_exists(#version) AND #payload = :payload)',
      { ':id': { S: 'a' }, ':payload': { S: '' } },
    ],
    [
      { id: { S: 'a' }, version: { S: 'one' }, payload: { M: {} } },
      'attribute_not_exists(#id) OR (#id = :id AND #version = :version AND #payload = :payload)',
      { ':id': { S: 'a' }, ':version': { S: 'one' }, ':payload': { M: {} } },
    ],
  ])('removes %j from the table only while it is like that', async (item, condition, values) => {
    const removal = (await transfer('transfer-records', item))[2];
    expect(removal?.['ConditionExpression']).toBe(condition);
    expect(removal?.['ExpressionAttributeValues']).toEqual(values);
  });

  test.each([
    ['r'.repeat(60), 'r'.repeat(60)],
    ['r'.repeat(61), /^r{43}-[0-9a-f]{16}$/u],
    ['r'.repeat(80), /^r{43}-[0-9a-f]{16}$/u],
  ])('an execution named %s hands over under a name that fits', async (name, root) => {
    const { source, substitutions } = definitionFile('transfer-records');
    const run = await runMachine({
      definition: source,
      substitutions,
      name,
      input: { cursor: { id: { S: 'm' } } },
      mocks: {
        'Read next page': [
          {
            times: 5,
            return: { Count: 0, ScannedCount: 0, Items: [], LastEvaluatedKey: { id: { S: 'n' } } },
          },
        ],
        'Continue as new': [{ throw: { error: 'StepFunctions.ExecutionAlreadyExistsException' } }],
      },
    });
    const started = calls(run).at(-1);
    const startedName = asText(started?.['Name']);
    expect(startedName.replace(/-g1$/u, '')).toMatch(root);
    expect(startedName.length).toBeLessThanOrEqual(80);
    expect(run.output).toMatchObject({
      status: 'CONTINUED',
      next: `arn:aws:states:us-east-1:000000000000:execution:machine:${startedName}`,
    });
    expect(started?.['Input']).toMatchObject({ cursor: { id: { S: 'n' } }, generation: 1, sweep: 1 });
  });
});
