import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { startedInput } from '../core/run-core.fixture.ts';
import { createMemoryStore } from './memory-store.ts';
import { openSqliteStore } from './sqlite/sqlite-store.ts';
import type { ExecutionRow, Store, Write } from './store.ts';

const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:machine';

function row(sequence: number, fields: Partial<ExecutionRow> = {}): ExecutionRow {
  return {
    sequence,
    started: startedInput({ executionArn: arnOf(sequence), name: `e${sequence}`, input: '{"a":  1.0}' }),
    startMs: 1000 + sequence,
    revision: 1,
    interpreter: 1,
    child: undefined,
    traceHeader: undefined,
    status: 'RUNNING',
    outcome: undefined,
    stopMs: undefined,
    eventCount: 0,
    redrive: undefined,
    ...fields,
  };
}

function arnOf(sequence: number): string {
  return `arn:aws:states:us-east-1:000000000000:execution:machine:e${sequence}`;
}

function started(sequence: number, fields: Partial<ExecutionRow> = {}): Write {
  return { kind: 'started', row: row(sequence, fields) };
}

function turn(execution: number, atEventId: number): Write {
  return { kind: 'turn', record: { execution, atEventId, timeMs: 5, inputs: `[${atEventId}]` } };
}

function ended(execution: number, stopMs: number): Write {
  const state = {
    status: 'FAILED',
    outcome: { status: 'FAILED', error: 'E' },
    stopMs,
    eventCount: 9,
  } as const;
  return { kind: 'changed', execution, state: { ...state, redrive: undefined } };
}

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

/** A store, and what opens it again after the process is gone. */
interface Case {
  store: Store;
  reopen(): Promise<Store>;
}

const CASES: readonly (readonly [string, () => Case])[] = [
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
      const directory = mkdtempSync(join(tmpdir(), 'stepyard-store-'));
      directories.push(directory);
      const path = join(directory, 'journal.sqlite');
      const opened: Case = {
        store: openSqliteStore({ path }),
        async reopen() {
          await opened.store.close();
          return (opened.store = openSqliteStore({ path }));
        },
      };
      return opened;
    },
  ],
];

describe.each(CASES)('the %s store', (_name, open) => {
  test('keeps executions as they were written', async () => {
    const { store, reopen } = open();
    const child = { parent: 1, mapRun: 4, number: 0, processor: '/States/M', itemCount: 2 };
    const other = row(2, { child, traceHeader: 'Root=1', interpreter: 3, revision: 7 });
    await store.commit([started(1), { kind: 'started', row: other }]);
    const again = await reopen();
    expect(again.execution(1)).toEqual(row(1));
    expect(again.execution(arnOf(2))).toEqual(other);
    expect(again.execution(3)).toBeUndefined();
    expect(again.lastSequence()).toBe(2);
    await again.close();
  });

  test('keeps the turns of each execution in their order, whichever were written in between', async () => {
    const { store, reopen } = open();
    await store.commit([started(1), started(2), turn(1, 0), turn(2, 0)]);
    await Promise.all([store.commit([turn(1, 3), turn(2, 4)]), store.commit([turn(1, 5)])]);
    const again = await reopen();
    await again.commit([turn(1, 8)]);
    expect(again.turns(1).map(({ atEventId }) => atEventId)).toEqual([0, 3, 5, 8]);
    expect(again.turns(2).map(({ inputs }) => inputs)).toEqual(['[0]', '[4]']);
    expect(again.turns(3)).toEqual([]);
    await again.close();
  });

  test('keeps snapshots in their order, and knows which turns are in them', async () => {
    const { store, reopen } = open();
    const snapshot = (byte: number, replaces = false): Write => {
      return { kind: 'snapshot', execution: 1, interpreter: 1, bytes: Uint8Array.of(byte), replaces };
    };
    const kept = (found: Store): [number[], number[]] => {
      const snapshots = found.snapshots(1);
      const later = found.turns(1, snapshots.at(-1)?.mark);
      return [snapshots.map(({ bytes }) => bytes[0] ?? -1), later.map(({ atEventId }) => atEventId)];
    };
    await store.commit([started(1), started(2), snapshot(7), turn(1, 0), turn(2, 0)]);
    expect(kept(store)).toEqual([[7], [0]]);
    await store.commit([turn(1, 2), snapshot(8), turn(2, 3), turn(1, 4), turn(1, 4)]);
    const again = await reopen();
    expect(kept(again)).toEqual([
      [7, 8],
      [4, 4],
    ]);
    await again.commit([snapshot(9, true), turn(1, 6)]);
    expect(kept(again)).toEqual([[9], [6]]);
    expect(again.turns(1).map(({ atEventId }) => atEventId)).toEqual([0, 2, 4, 4, 6]);
    expect(again.snapshots(2)).toEqual([]);
    const archived = { kind: 'archived', execution: 1, stopMs: 9, history: Uint8Array.of(1) } as const;
    await again.commit([ended(1, 9), { ...archived, keepsTurns: true }]);
    expect(kept(again)).toEqual([[9], [6]]);
    await again.commit([{ kind: 'removed', execution: 1 }]);
    expect(kept(again)).toEqual([[], []]);
    await again.close();
  });

  test('knows who is awake, and the timers of who is not', async () => {
    const { store, reopen } = open();
    await store.commit([started(1), started(2), started(3), turn(2, 0), turn(3, 0), ended(3, 9)]);
    const timers = [
      { timer: 2, dueMs: 50 },
      { timer: 1, dueMs: 60 },
    ];
    await store.commit([{ kind: 'asleep', execution: 2, eventCount: 4, timers }]);
    await store.commit([{ kind: 'asleep', execution: 1, eventCount: 3, timers: [{ timer: 1, dueMs: 50 }] }]);
    const again = await reopen();
    expect(again.awake()).toEqual([]);
    expect(again.runningCount()).toBe(2);
    expect(again.execution(2)?.eventCount).toBe(4);
    expect(again.tally()).toContainEqual({ machineArn: MACHINE, status: 'RUNNING', count: 2 });
    expect(again.nextTimerMs()).toBe(50);
    expect(again.dueTimers(59, 9)).toEqual([
      { execution: 1, timer: 1, dueMs: 50 },
      { execution: 2, timer: 2, dueMs: 50 },
    ]);
    expect(again.dueTimers(60, 1)).toHaveLength(1);
    const own = again.dueTimers(60, 9).filter(({ execution }) => execution === 2);
    await again.commit([{ kind: 'awake', execution: 2, timers: own }, turn(2, 4)]);
    const third = await reopen();
    expect(third.awake().map(({ sequence }) => sequence)).toEqual([2]);
    expect(third.turns(2).map(({ atEventId }) => atEventId)).toEqual([0, 4]);
    expect(third.dueTimers(99, 9)).toEqual([{ execution: 1, timer: 1, dueMs: 50 }]);
    await third.close();
  });

  test('lists newest first, by status, by version, by page', async () => {
    const { store } = open();
    const version = `${MACHINE}:1`;
    const ofVersion = { started: { ...row(3).started, stateMachineVersionArn: version } };
    await store.commit([started(1), started(2), started(3, ofVersion), started(4), ended(2, 9), ended(4, 9)]);
    const list = (filter: object): number[] =>
      store.executions({ of: { machineArn: MACHINE }, limit: 9, ...filter }).map(({ sequence }) => sequence);
    expect(list({})).toEqual([4, 3, 2, 1]);
    expect(list({ limit: 2 })).toEqual([4, 3]);
    expect(list({ before: 3 })).toEqual([2, 1]);
    expect(list({ status: 'FAILED' })).toEqual([4, 2]);
    expect(list({ startedBy: version })).toEqual([3]);
    expect(list({ isRedriven: true })).toEqual([]);
    expect(list({ of: { machineArn: 'another' } })).toEqual([]);
    expect(list({ of: 'all' })).toEqual([4, 3, 2, 1]);
    await store.close();
  });

  test('keeps resources in the order in which they came', async () => {
    const { store, reopen } = open();
    const put = (key: string, value: string | undefined): Write => ({
      kind: 'resource',
      of: 'machine',
      key,
      value,
    });
    await store.commit([put('b', '1'), put('a', '2'), put('c', '3'), put('b', '4'), put('c', undefined)]);
    const again = await reopen();
    expect(again.resources('machine')).toEqual([
      { key: 'b', value: '4' },
      { key: 'a', value: '2' },
    ]);
    expect(again.resources('alias')).toEqual([]);
    expect(again.resource('machine', 'b')).toBe('4');
    expect(again.resource('machine', 'c')).toBeUndefined();
    expect(again.lastRevision()).toBe(0);
    await again.commit(
      [9, 10].map((key) => ({ kind: 'resource', of: 'revision', key: String(key), value: '' })),
    );
    expect(again.lastRevision()).toBe(10);
    await again.close();
  });

  test('a removed execution takes its map runs and their children with it', async () => {
    const { store } = open();
    const mapRunArn = 'arn:aws:states:us-east-1:000000000000:mapRun:machine/L:1';
    const child = { parent: 1, mapRun: 4, number: 0, processor: '', itemCount: 1 };
    const ofRun = { child, started: { ...row(2).started, mapRunArn } };
    const mapRun = { arn: mapRunArn, execution: 1, id: 4, description: '{}' };
    await store.commit([started(1), turn(1, 0), { kind: 'mapRun', row: mapRun }, started(2, ofRun)]);
    expect(store.mapRun(mapRunArn)).toEqual(mapRun);
    expect(store.mapRunsOf(1)).toEqual([mapRun]);
    await store.commit([ended(1, 70), ended(2, 20)]);
    expect(store.endedBefore(70, 9)).toEqual([]);
    expect(store.endedBefore(71, 9).map(({ sequence }) => sequence)).toEqual([1]);
    await store.commit([{ kind: 'removed', execution: 1 }]);
    expect([store.execution(1), store.execution(2), store.mapRun(mapRunArn)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(store.turns(1)).toEqual([]);
    await store.close();
  });

  test('an archived history stands for the turns; a redrive drops it', async () => {
    const { store } = open();
    await store.commit([started(1), turn(1, 0), ended(1, 9)]);
    const history = new Uint8Array([1, 2]);
    await store.commit([{ kind: 'archived', execution: 1, stopMs: 9, history, keepsTurns: true }]);
    const late = new Uint8Array([3]);
    await store.commit([{ kind: 'archived', execution: 1, stopMs: 9, history: late, keepsTurns: false }]);
    expect([...(store.history(1) ?? [])]).toEqual([1, 2]);
    expect(store.turns(1)).toHaveLength(1);
    const { status, outcome, stopMs, eventCount } = row(1);
    const redrive = { count: 1, dateMs: 20, token: 't' };
    const state = { status, outcome, stopMs, eventCount, redrive };
    await store.commit([{ kind: 'changed', execution: 1, state }, turn(1, 9)]);
    expect(store.history(1)).toBeUndefined();
    await store.commit([{ kind: 'archived', execution: 1, stopMs: 9, history, keepsTurns: true }]);
    expect(store.history(1)).toBeUndefined();
    expect(store.turns(1).map(({ atEventId }) => atEventId)).toEqual([0, 9]);
    await store.commit([
      ended(1, 30),
      { kind: 'archived', execution: 1, stopMs: 30, history, keepsTurns: false },
    ]);
    expect(store.turns(1)).toEqual([]);
    await store.close();
  });
});
