import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { SourceRecord } from '../records/record.ts';
import type { Clients } from './clients.ts';

/** Where a transfer takes records from and brings them to. */
export interface TransferStore {
  readonly tableName: string;
  readonly quarantineTableName: string;
  readonly queueUrl: string;
  readonly bucketName: string;
}

/** What the services themselves say, whatever the workflow has counted. */
export interface StoreCounts {
  readonly inTable: number;
  /** By the record's id. */
  readonly inQuarantine: ReadonlyMap<string, Quarantined>;
  readonly inQueue: number;
}

/** When and why a record was put aside. */
export interface Quarantined {
  readonly at: string;
  readonly reason: string;
}

/** The row that {@link leavePoison} writes. */
export const POISON_ID = 'SH-LEGACY-0001';

export async function countStore(clients: Clients, store: TransferStore): Promise<StoreCounts> {
  const [inTable, inQuarantine, inQueue] = await Promise.all([
    countItems(clients, store.tableName),
    readQuarantine(clients, store.quarantineTableName),
    countMessages(clients, store.queueUrl),
  ]);
  return { inTable, inQuarantine, inQueue };
}

async function countItems({ dynamodb }: Clients, tableName: string): Promise<number> {
  let count = 0;
  let start: Record<string, { S: string }> | undefined;
  do {
    const page = await dynamodb.send(
      new ScanCommand({
        TableName: tableName,
        Select: 'COUNT',
        ConsistentRead: true,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    count += page.Count ?? 0;
    const id = page.LastEvaluatedKey?.['id']?.S;
    start = id === undefined ? undefined : { id: { S: id } };
  } while (start !== undefined);
  return count;
}

async function readQuarantine(
  { dynamodb }: Clients,
  tableName: string,
): Promise<ReadonlyMap<string, Quarantined>> {
  const found = new Map<string, Quarantined>();
  let start: Record<string, { S: string }> | undefined;
  do {
    const page = await dynamodb.send(
      new ScanCommand({
        TableName: tableName,
        ProjectionExpression: 'id, reason, quarantinedAt',
        ConsistentRead: true,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    for (const item of page.Items ?? []) {
      const at = item['quarantinedAt']?.S ?? '';
      found.set(item['id']?.S ?? '', { at, reason: item['reason']?.S ?? '' });
    }
    const id = page.LastEvaluatedKey?.['id']?.S;
    start = id === undefined ? undefined : { id: { S: id } };
  } while (start !== undefined);
  return found;
}

async function countMessages({ sqs }: Clients, queueUrl: string): Promise<number> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return (
    Number(Attributes['ApproximateNumberOfMessages'] ?? 0) +
    Number(Attributes['ApproximateNumberOfMessagesNotVisible'] ?? 0)
  );
}

/** Puts the records into the bucket as JSON Lines, for the loader. Gives the object's key. */
export async function uploadRecords(
  { s3 }: Clients,
  bucketName: string,
  records: readonly SourceRecord[],
): Promise<string> {
  const key = `records-${Date.now()}.jsonl`;
  await s3.send(
    new PutObjectCommand({
      Bucket: bucketName,
      Key: key,
      Body: records.map((record) => `${record.text}\n`).join(''),
      ContentType: 'application/jsonl',
    }),
  );
  return key;
}

/**
 * Puts a row into the table that no loader would write, as a program that knows nothing of the transfer may have left it:
 * without a payload. It can never be sent, so it must end in quarantine.
 */
export async function leavePoison({ dynamodb }: Clients, tableName: string): Promise<void> {
  await dynamodb.send(
    new PutItemCommand({
      TableName: tableName,
      Item: {
        id: { S: POISON_ID },
        version: { N: '1' },
        note: { S: 'Imported from the old warehouse system; the payload was lost on the way.' },
      },
    }),
  );
}
