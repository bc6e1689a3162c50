import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { drawUuid, seededRandom } from '../core/random.ts';
import type { ChildBlock } from './child-block.ts';
import { rowIn } from './child-block.ts';
import { createMemoryStore } from './memory-store.ts';
import { openSqliteStore } from './sqlite/sqlite-store.ts';
import type { ExecutionRow, Store } from './store.ts';

const PLACE = 'arn:aws:states:us-east-1:000000000000';
const MACHINE = `${PLACE}:stateMachine:m`;
const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

/** Children of one map run; the words of their uuids follow from the seed. */
function block(
  first: number,
  count: number,
  mapRun = 'r',
  type: 'STANDARD' | 'EXPRESS' = 'STANDARD',
): ChildBlock {
  const random = seededRandom(`${first}`);
  const uuids = Array.from({ length: type === 'STANDARD' ? count : 2 * count }, () => drawUuid(random));
  return {
    first,
    common: {
      started: {
        kind: 'started',
        stateMachineArn: `${MACHINE}/L`,
        stateMachineName: 'm/L',
        roleArn: 'arn:aws:iam::000000000000:role/r',
        type,
        mapRunArn: `${PLACE}:mapRun:m/L:${mapRun}`,
      },
      executions: `${PLACE}:${type === 'STANDARD' ? 'execution' : 'express'}:m/L`,
      seed: 's',
      redrives: 0,
      timeMs: 5,
      revision: 1,
      interpreter: 1,
      place: { parent: 1, mapRun: 4, processor: '/States/M' },
      firstNumber: 7,
    },
    ids: Int32Array.from(uuids.flatMap(({ a, b, c, d }) => [a, b, c, d])),
    inputs: Array.from({ length: count }, (_, index) => JSON.stringify({ [`line\n${index}`]: '\u2028' })),
    outputs: Array.from({ length: count }, (_, index) => ({ ['__proto__']: index })),
    itemCounts: Array.from({ length: count }, (_, index) => index),
    eventCounts: Array.from({ length: count }, () => 4),
  };
}

function parent(): ExecutionRow {
  const { started, ...row } = rowIn(block(1, 1), 0);
  const { mapRunArn: _, ...own } = started;
  return {
    ...row,
    child: undefined,
    started: { ...own, executionArn: `${PLACE}:execution:m:e`, stateMachineArn: MACHINE },
  };
}

const KINDS: readonly (readonly [string, () => { store: Store; reopen: () => Promise<Store> }])[] = [
  [
    'memory',
    () => {
      const store = createMemoryStore();
      return { store, reopen: async () => store };
    },
  ],
  [
    'SQLite',
    () => {
      const directory = mkdtempSync(join(tmpdir(), 'stepyard-blocks-'));
      directories.push(directory);
      const path = join(directory, 'journal.sqlite');
      const store = openSqliteStore({ path });
      const reopen = async (): Promise<Store> => {
        await store.close();
        return openSqliteStore({ path });
      };
      return { store, reopen };
    },
  ],
];

describe.each(KINDS)('blocks of children in the %s store', (_name, open) => {
  test.each(['STANDARD', 'EXPRESS'] as const)('%s children are found as they were written', async (type) => {
    const { store, reopen } = open();
    const blocks = [block(10, 3, 'r', type), block(20, 1, 'r', type)];
    await store.commit(blocks.map((each) => ({ kind: 'children', block: each })));
    const again = await reopen();
    for (const each of blocks) {
      for (let place = 0; place < each.inputs.length; place++) {
        const row = rowIn(each, place);
        expect(again.execution(row.sequence)).toEqual(row);
        expect(again.execution(row.started.executionArn)).toEqual(row);
        expect(again.execution(`${row.started.executionArn}:more`)).toBeUndefined();
        expect(again.execution(row.started.executionArn.replace('m/L', 'm/K'))).toBeUndefined();
        expect(again.turns(row.sequence)).toEqual([]);
      }
    }
    for (const none of [9, 13, 19, 21]) expect(again.execution(none)).toBeUndefined();
    expect(again.lastSequence()).toBe(20);
    expect([again.runningCount(), again.awake(), again.unarchived(9)]).toEqual([0, [], []]);
    await again.close();
  });

  test('one that is written later than a younger one is found as well', async () => {
    const { store } = open();
    await store.commit([{ kind: 'children', block: block(20, 2) }]);
    const [young, old] = [rowIn(block(20, 2), 1), rowIn(block(10, 2), 0)];
    expect(store.execution(young.started.executionArn)).toEqual(young);
    await store.commit([{ kind: 'children', block: block(10, 2) }]);
    expect(store.execution(old.started.executionArn)).toEqual(old);
    await store.close();
  });

  test('they are listed with those that have rows, newest first, page by page', async () => {
    const { store } = open();
    const alone = { ...rowIn(block(13, 1), 0), status: 'FAILED', outcome: { status: 'FAILED' } } as const;
    await store.commit([
      { kind: 'children', block: block(10, 3) },
      { kind: 'started', row: alone },
      { kind: 'children', block: block(14, 2) },
      { kind: 'children', block: block(30, 2, 'other') },
    ]);
    const of = { mapRunArn: `${PLACE}:mapRun:m/L:r` };
    const list = (filter: object): number[] =>
      store.executions({ of, limit: 9, ...filter }).map(({ sequence }) => sequence);
    expect(list({})).toEqual([15, 14, 13, 12, 11, 10]);
    expect(list({ limit: 2 })).toEqual([15, 14]);
    expect(list({ limit: 3, before: 14 })).toEqual([13, 12, 11]);
    expect(list({ before: 12 })).toEqual([11, 10]);
    expect(list({ status: 'SUCCEEDED', limit: 3 })).toEqual([15, 14, 12]);
    expect(list({ status: 'FAILED' })).toEqual([13]);
    expect(list({ isRedriven: true })).toEqual([]);
    expect(store.executions({ of: 'all', limit: 9 })).toEqual([]);
    expect(store.tally()).toEqual([]);
    await store.close();
  });

  test('they go with their parent, and their histories with them', async () => {
    const { store, reopen } = open();
    const mapRun = { arn: `${PLACE}:mapRun:m/L:r`, execution: 1, id: 4, description: '{}' };
    await store.commit([
      { kind: 'started', row: parent() },
      { kind: 'mapRun', row: mapRun },
      { kind: 'children', block: block(10, 3) },
      { kind: 'children', block: block(20, 1, 'other') },
    ]);
    const histories = new Uint8Array([1, 2]);
    const arn = rowIn(block(10, 3), 1).started.executionArn;
    expect(store.blockHistory(11)).toBeUndefined();
    await store.commit([{ kind: 'childrenArchived', first: 10, histories }]);
    const again = await reopen();
    expect(again.execution(arn)?.sequence).toBe(11);
    expect(again.blockHistory(11)).toMatchObject({ first: 10, place: 1 });
    expect([...(again.blockHistory(11)?.histories ?? [])]).toEqual([1, 2]);
    await again.commit([{ kind: 'removed', execution: 1 }]);
    expect([again.execution(arn), again.execution(11), again.blockHistory(11)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(again.executions({ of: { mapRunArn: mapRun.arn }, limit: 9 })).toEqual([]);
    expect(again.execution(20)).toBeDefined();
    await again.commit([{ kind: 'childrenArchived', first: 10, histories }]);
    expect(again.blockHistory(11)).toBeUndefined();
    await again.close();
  });
});

test('those that are not archived yet are given one after the other', async () => {
  const [, open] = KINDS[1] ?? [];
  if (open === undefined) throw new Error('there is no SQLite store');
  const { store } = open();
  await store.commit([10, 20, 30].map((first) => ({ kind: 'children', block: block(first, 2) })));
  await store.commit([{ kind: 'childrenArchived', first: 20, histories: new Uint8Array([1]) }]);
  expect(store.unarchivedBlock(0)).toEqual(block(10, 2));
  expect(store.unarchivedBlock(10)?.first).toBe(30);
  expect(store.unarchivedBlock(30)).toBeUndefined();
  await store.close();
});
