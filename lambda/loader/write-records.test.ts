import type { WriteRequest } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import type { LoadedRecord } from './records.ts';
import { BATCH_SIZE_MAX, TableBusyError, writeRecords } from './write-records.ts';

const noSleep = async (): Promise<void> => {};

function someRecords(count: number): LoadedRecord[] {
  return Array.from({ length: count }, (_, index) => ({ id: `r${index}`, payload: `{"id":"r${index}"}` }));
}

/** A table that takes what `accepts` says of each call, and remembers. */
function table(accepts: (requests: readonly WriteRequest[], call: number) => number) {
  const ids: string[] = [];
  const sizes: number[] = [];
  const send = async (requests: WriteRequest[]): Promise<readonly WriteRequest[]> => {
    const taken = accepts(requests, sizes.length);
    sizes.push(requests.length);
    ids.push(...requests.slice(0, taken).map((request) => request.PutRequest?.Item?.['id']?.S ?? ''));
    return requests.slice(taken);
  };
  return { ids, sizes, send };
}

describe('writeRecords', () => {
  test('writes every record once, in batches that DynamoDB takes', async () => {
    const { ids, sizes, send } = table((requests) => requests.length);
    expect(await writeRecords(someRecords(101), send, noSleep)).toBe(101);
    expect(new Set(ids).size).toBe(101);
    expect(ids).toHaveLength(101);
    expect(Math.max(...sizes)).toBe(BATCH_SIZE_MAX);
  });

  test('sends again what a call left unprocessed, and only that', async () => {
    const { ids, sizes, send } = table((requests, call) => (call === 0 ? 10 : requests.length));
    await writeRecords(someRecords(25), send, noSleep);
    expect(sizes).toEqual([25, 15]);
    expect(new Set(ids).size).toBe(25);
  });

  test('waits longer and longer, within bounds, and gives up at last', async () => {
    const delays: number[] = [];
    const { send } = table(() => 0);
    const sleep = async (delayMs: number): Promise<void> => {
      delays.push(delayMs);
    };
    await expect(writeRecords(someRecords(3), send, sleep)).rejects.toThrow(TableBusyError);
    expect(delays).toHaveLength(7);
    for (const [index, delayMs] of delays.entries()) {
      expect(delayMs).toBeLessThanOrEqual(Math.min(5000, 50 * 2 ** (index + 1)));
    }
  });

  test('stores version 1 and the payload as it is', async () => {
    const requests: WriteRequest[] = [];
    await writeRecords(
      [{ id: 'a', payload: '{"id":"a","price":1.0}' }],
      async (sent) => {
        requests.push(...sent);
        return [];
      },
      noSleep,
    );
    expect(requests).toEqual([
      {
        PutRequest: {
          Item: { id: { S: 'a' }, version: { N: '1' }, payload: { S: '{"id":"a","price":1.0}' } },
        },
      },
    ]);
  });

  test('writes nothing when there is nothing', async () => {
    const { sizes, send } = table(() => 0);
    expect(await writeRecords([], send, noSleep)).toBe(0);
    expect(sizes).toEqual([]);
  });
});
