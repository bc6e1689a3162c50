import type { JsonObject } from '@stepyard/asl';
import { ServiceError } from '@stepyard/engine';
import { ACCOUNT_ID, PARTITION, REGION } from '../../service.ts';
import { objectOf, textOf } from '../assets.ts';
import { flagOf, objectsOf, pick } from '../members.ts';
import type { ProvisionContext, Provisioner } from '../provisioner.ts';
import type { Provisioned } from '../scope.ts';

const NAME_RULES = { lengthMax: 255 };
const PROVISIONED_DEFAULT = { ReadCapacityUnits: 5, WriteCapacityUnits: 5 };

/** AWS::DynamoDB::Table, and a GlobalTable as the one replica that is here. A table that exists is kept with its items. */
export const dynamoDbTable: Provisioner = { type: 'AWS::DynamoDB::Table', create };
export const dynamoDbGlobalTable: Provisioner = { type: 'AWS::DynamoDB::GlobalTable', create };

async function create(properties: JsonObject, context: ProvisionContext): Promise<Provisioned> {
  const tableName = context.name(properties['TableName'], NAME_RULES);
  const existing = await describeTable(context, tableName);
  if (existing === undefined) {
    await call(context, 'CreateTable', createInput(properties, tableName));
  } else if (JSON.stringify(existing['KeySchema']) !== JSON.stringify(properties['KeySchema'])) {
    throw new Error(
      `the data directory has a table ${tableName} with other keys; delete the table or use another directory`,
    );
  }
  const timeToLive = objectOf(properties['TimeToLiveSpecification']);
  const attribute = textOf(timeToLive['AttributeName']);
  if (attribute !== undefined && existing === undefined) {
    await call(context, 'UpdateTimeToLive', {
      TableName: tableName,
      TimeToLiveSpecification: { AttributeName: attribute, Enabled: flagOf(timeToLive['Enabled'] ?? true) },
    });
  }
  if (properties['StreamSpecification'] !== undefined) context.unhosted('its stream');
  return {
    ref: tableName,
    attributes: {
      Arn: tableArn(tableName),
      TableId: tableName,
      StreamArn: `${tableArn(tableName)}/stream/none`,
    },
  };
}

function tableArn(name: string): string {
  return `arn:${PARTITION}:dynamodb:${REGION}:${ACCOUNT_ID}:table/${name}`;
}

function createInput(properties: JsonObject, tableName: string): JsonObject {
  const isProvisioned = properties['BillingMode'] !== 'PAY_PER_REQUEST';
  const throughput = isProvisioned
    ? { ProvisionedThroughput: properties['ProvisionedThroughput'] ?? PROVISIONED_DEFAULT }
    : {};
  const indexes = objectsOf(properties['GlobalSecondaryIndexes']).map((index) => ({
    ...pick(index, ['IndexName', 'KeySchema', 'Projection']),
    ...(isProvisioned
      ? { ProvisionedThroughput: index['ProvisionedThroughput'] ?? PROVISIONED_DEFAULT }
      : {}),
  }));
  const localIndexes = objectsOf(properties['LocalSecondaryIndexes']).map((index) =>
    pick(index, ['IndexName', 'KeySchema', 'Projection']),
  );
  return {
    TableName: tableName,
    ...pick(properties, ['AttributeDefinitions', 'KeySchema']),
    BillingMode: isProvisioned ? 'PROVISIONED' : 'PAY_PER_REQUEST',
    ...throughput,
    ...(indexes.length === 0 ? {} : { GlobalSecondaryIndexes: indexes }),
    ...(localIndexes.length === 0 ? {} : { LocalSecondaryIndexes: localIndexes }),
  };
}

async function describeTable(context: ProvisionContext, tableName: string): Promise<JsonObject | undefined> {
  try {
    return objectOf((await call(context, 'DescribeTable', { TableName: tableName }))['Table']);
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

async function call(context: ProvisionContext, operation: string, input: JsonObject): Promise<JsonObject> {
  return (await context.target.call({ service: 'dynamodb', operation, input })).output;
}
