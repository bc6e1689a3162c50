import type { AttributeValue, WriteRequest } from '@aws-sdk/client-dynamodb';
import type { LoadedRecord } from './records.ts';

/** Sends one BatchWriteItem and gives back the requests that the table did not take. */
export type SendBatch = (requests: WriteRequest[]) => Promise<readonly WriteRequest[]>;

/** BatchWriteItem's own limit. */
export const BATCH_SIZE_MAX = 25;
const LANES = 4;
const ATTEMPTS_MAX = 8;
const DELAY_FIRST_MS = 50;
const DELAY_MAX_MS = 5_000;

/** The table took some records and refused others for too long. Loading again is safe: the same records, by the same ids. */
export class TableBusyError extends Error {
  constructor(left: number) {
    super(`${left} records of a batch were not taken after ${ATTEMPTS_MAX} attempts`);
    this.name = 'TableBusyError';
  }
}

export function toItem(record: LoadedRecord): Record<string, AttributeValue> {
  return { id: { S: record.id }, version: { N: '1' }, payload: { S: record.payload } };
}

/**
 * Writes all records, {@link BATCH_SIZE_MAX} a call and a few calls at a time. What a call leaves unprocessed, throttled
 * tables do that with status 200, is sent again with growing, jittered delays. Returns the number written.
 */
export async function writeRecords(
  records: readonly LoadedRecord[],
  send: SendBatch,
  sleep: (delayMs: number) => Promise<void>,
): Promise<number> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < records.length) {
      const batch = records.slice(next, next + BATCH_SIZE_MAX);
      next += batch.length;
      await writeBatch(
        batch.map((record) => ({ PutRequest: { Item: toItem(record) } })),
        send,
        sleep,
      );
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return records.length;
}

async function writeBatch(
  requests: readonly WriteRequest[],
  send: SendBatch,
  sleep: (delayMs: number) => Promise<void>,
): Promise<void> {
  let left = requests;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    if (attempt > 0) {
      await sleep(Math.random() * Math.min(DELAY_MAX_MS, DELAY_FIRST_MS * 2 ** attempt));
    }
    left = await send([...left]);
    if (left.length === 0) return;
  }
  throw new TableBusyError(left.length);
}
