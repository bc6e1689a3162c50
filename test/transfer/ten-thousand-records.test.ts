/**
 * 10,000 records go from a file through the bucket, the loader and the table into the queue, on a yard that is killed half way.
 * At no moment is a record in neither place: not right after the kill, not at the end.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ScanCommand, type ScanCommandOutput } from '@aws-sdk/client-dynamodb';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { synthesise } from '@stepyard/server';
import { OUTPUT, stackName } from '../../lib/outputs.ts';
import { readRecordsFile } from '../../showcase/records/read-records-file.ts';
import type { Clients } from '../../showcase/run/clients.ts';
import { followExecution } from '../../showcase/run/follow-execution.ts';
import { countStore, uploadRecords, type TransferStore } from '../../showcase/run/transfer-store.ts';
import { required, STAGE } from '../../showcase/run/use-cases.ts';
import { startKillableYard, type KillableYard } from './killable-yard.ts';

const RECORDS = 10_000;
const KILL_AFTER = 3000;
const RECEIVERS = 4;

let folder: string;
let assemblyDir: string;
let yard: KillableYard | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stepyard-transfer-'));
  assemblyDir = join(folder, 'cdk.out');
  await synthesise({
    appDir: fileURLToPath(new URL('../..', import.meta.url)),
    outDir: assemblyDir,
    onOutput: (text) => process.stderr.write(text),
  });
});

afterAll(async () => {
  await yard?.end('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

test('10,000 records survive a kill -9 in the middle of their transfer', { timeout: 240_000 }, async () => {
  const dataDir = join(folder, 'data');
  const path = join(folder, 'records.csv');
  const ids = Array.from({ length: RECORDS }, (_, index) => `P-${index}`);
  writeFileSync(
    path,
    `id,name,stock\n${ids.map((id, index) => `${id},part ${index},${index % 37}\n`).join('')}`,
  );
  const { records } = readRecordsFile(path, 'id');

  yard = await startKillableYard(dataDir, assemblyDir);
  const first = place(yard);
  const key = await uploadRecords(yard.clients, first.store.bucketName, records);
  await start(yard.clients, first.machine, {
    source: { bucket: first.store.bucketName, key, recordKey: 'id' },
  });
  await untilQueued(yard.clients, first.store, KILL_AFTER);
  await yard.end('SIGKILL');

  yard = await startKillableYard(dataDir, assemblyDir);
  const { store, machine } = place(yard);
  const inTable = await idsInTable(yard.clients, store.tableName);
  const inQueue = await idsInQueue(yard.clients, store.queueUrl);
  expect(inQueue.size).toBeGreaterThanOrEqual(KILL_AFTER);
  expect(inTable.size).toBeGreaterThan(0);
  expect(ids.filter((id) => !inTable.has(id) && !inQueue.has(id))).toEqual([]);

  const ended = await followExecution(
    yard.clients.sfn,
    await start(yard.clients, machine, {}),
    () => undefined,
    new AbortController().signal,
  );
  expect(ended).toMatchObject({ status: 'SUCCEEDED' });
  // The execution that was killed goes on as well: they share the pages that are left.
  expect(ended.generations).toBeGreaterThan(1);
  for (const id of await idsInQueue(yard.clients, store.queueUrl)) inQueue.add(id);
  expect(ids.filter((id) => !inQueue.has(id))).toEqual([]);
  expect(await countStore(yard.clients, store)).toMatchObject({ inTable: 0, inQuarantine: new Map() });
});

function place({ outputs }: KillableYard): { readonly store: TransferStore; readonly machine: string } {
  const output = (name: string): string => required(outputs, stackName(STAGE, 'transfer-records'), name);
  return {
    machine: output(OUTPUT.stateMachineArn),
    store: {
      tableName: output(OUTPUT.tableName),
      quarantineTableName: output(OUTPUT.quarantineTableName),
      queueUrl: output(OUTPUT.queueUrl),
      bucketName: output(OUTPUT.bucketName),
    },
  };
}

/** Gives the execution's ARN. */
async function start(clients: Clients, stateMachineArn: string, input: object): Promise<string> {
  const { executionArn = '' } = await clients.sfn.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
  );
  return executionArn;
}

async function untilQueued(clients: Clients, store: TransferStore, least: number): Promise<void> {
  while ((await countStore(clients, store)).inQueue < least) await sleep(100);
}

async function idsInTable({ dynamodb }: Clients, tableName: string): Promise<Set<string>> {
  const ids = new Set<string>();
  let from: ScanCommandOutput['LastEvaluatedKey'];
  do {
    const page: ScanCommandOutput = await dynamodb.send(
      new ScanCommand({ TableName: tableName, ConsistentRead: true, ExclusiveStartKey: from }),
    );
    for (const item of page.Items ?? []) ids.add(item['id']?.S ?? '');
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return ids;
}

/** Receives until the queue gives nothing more; what was received stays invisible for a while. */
async function idsInQueue({ sqs }: Clients, queueUrl: string): Promise<Set<string>> {
  const ids = new Set<string>();
  const receive = async (): Promise<void> => {
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ['recordId'],
        }),
      );
      if (Messages.length === 0) return;
      for (const { MessageAttributes } of Messages)
        ids.add(MessageAttributes?.['recordId']?.StringValue ?? '');
    }
  };
  await Promise.all(Array.from({ length: RECEIVERS }, receive));
  return ids;
}
