import { isObject, type Json, type JsonObject } from '@stepyard/asl';
import { asText } from '../member.ts';
import { apiError, PARTITION, REGION } from '../service.ts';
import type { Members, Store } from './dynalite.ts';

/**
 * What tables have in AWS and dynalite knows nothing of. It is kept in the table's own record, so that DescribeTable answers
 * with it and it survives a restart.
 *   deletion protection: kept and enforced
 *   SSESpecification, TableClass: kept and shown; the data directory is not encrypted by the yard
 *   time to live: kept and shown; expired items stay, as they do on AWS for up to days
 */
export const CREATE_EXTRAS: readonly string[] = [
  'DeletionProtectionEnabled',
  'SSESpecification',
  'TableClass',
  'Tags',
];
export const UPDATE_EXTRAS: readonly string[] = [
  'DeletionProtectionEnabled',
  'SSESpecification',
  'TableClass',
];

/** Where the time-to-live setting is kept in a table's record; never part of an answer. */
const TIME_TO_LIVE = 'StepyardTimeToLive';

/** The members of a table description that follow from a request's extras. */
export function extraMembers(store: Store, input: JsonObject): Members {
  const members: Members = {};
  if (input['DeletionProtectionEnabled'] !== undefined) {
    members['DeletionProtectionEnabled'] = input['DeletionProtectionEnabled'];
  }
  if (typeof input['TableClass'] === 'string') {
    members['TableClassSummary'] = { TableClass: input['TableClass'] };
  }
  const encryption = input['SSESpecification'];
  if (isObject(encryption) && encryption['Enabled'] === true) {
    const key = encryption['KMSMasterKeyId'];
    members['SSEDescription'] = {
      Status: 'ENABLED',
      SSEType: 'KMS',
      KMSMasterKeyArn: keyArn(store, typeof key === 'string' ? key : 'alias/aws/dynamodb'),
    };
  }
  return members;
}

function keyArn(store: Store, key: string): string {
  if (key.startsWith('arn:')) return key;
  const resource = key.startsWith('alias/') ? key : `key/${key}`;
  return `arn:${PARTITION}:kms:${REGION}:${store.tableDb.awsAccountId}:${resource}`;
}

/** A table's description without what only this yard keeps in it. */
export function withoutPrivate(table: JsonObject): JsonObject {
  const { [TIME_TO_LIVE]: _timeToLive, ...description } = table;
  return description;
}

/** Changes a table's record under the table's lock. Rejects with ResourceNotFoundException when there is none. */
export function changeTable(
  store: Store,
  name: string,
  change: (table: Members) => Members,
): Promise<Members> {
  return new Promise((resolve, reject) => {
    store.tableDb.lock(name, (release) => {
      const done = release(() => undefined);
      store.tableDb.get(name, (error, table) => {
        if (error !== null || !isObject(table)) {
          done();
          reject(notFound(name));
          return;
        }
        let changed: Members;
        try {
          changed = change(table);
        } catch (failure) {
          done();
          reject(
            failure instanceof Error ? failure : new Error('cannot change the table', { cause: failure }),
          );
          return;
        }
        store.tableDb.put(name, changed, (putError) => {
          done();
          if (putError === null) resolve(changed);
          else reject(putError);
        });
      });
    });
  });
}

/** UpdateTimeToLive: AWS refuses to set what is already so. */
export async function updateTimeToLive(store: Store, input: JsonObject): Promise<JsonObject> {
  const wanted = input['TimeToLiveSpecification'];
  const attribute = isObject(wanted) ? wanted['AttributeName'] : undefined;
  const enabled = isObject(wanted) ? wanted['Enabled'] : undefined;
  if (
    typeof input['TableName'] !== 'string' ||
    typeof attribute !== 'string' ||
    typeof enabled !== 'boolean'
  ) {
    throw apiError(
      'dynamodb',
      'ValidationException',
      'TableName, TimeToLiveSpecification.AttributeName and TimeToLiveSpecification.Enabled are required.',
    );
  }
  const specification = { AttributeName: attribute, Enabled: enabled };
  await changeTable(store, input['TableName'], (table) => {
    const before = table[TIME_TO_LIVE];
    const wasEnabled = isObject(before) && before['Enabled'] === true;
    if (wasEnabled === enabled) {
      throw apiError(
        'dynamodb',
        'ValidationException',
        `TimeToLive is already ${enabled ? 'enabled' : 'disabled'}`,
      );
    }
    return { ...table, [TIME_TO_LIVE]: specification };
  });
  return { TimeToLiveSpecification: specification };
}

/** DescribeTimeToLive. */
export async function describeTimeToLive(store: Store, input: JsonObject): Promise<JsonObject> {
  const table = await readTable(store, asText(input['TableName']));
  const kept = table[TIME_TO_LIVE];
  const on = isObject(kept) && kept['Enabled'] === true;
  return {
    TimeToLiveDescription: on
      ? { TimeToLiveStatus: 'ENABLED', AttributeName: kept['AttributeName'] as Json }
      : { TimeToLiveStatus: 'DISABLED' },
  };
}

/** A table's record. Rejects with ResourceNotFoundException when there is none. */
export function readTable(store: Store, name: string): Promise<JsonObject> {
  return new Promise((resolve, reject) => {
    store.tableDb.get(name, (error, table) => {
      if (error === null && isObject(table)) resolve(table);
      else reject(notFound(name));
    });
  });
}

function notFound(name: string): Error {
  return apiError(
    'dynamodb',
    'ResourceNotFoundException',
    `Requested resource not found: Table: ${name} not found`,
  );
}
