import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json, JsonObject } from '@stepyard/asl';
import { afterEach, describe, expect, test } from 'vitest';
import { printHistory } from '../core/history/print-history.ts';
import { createMemoryStore } from '../journal/memory-store.ts';
import { openSqliteStore } from '../journal/sqlite/sqlite-store.ts';
import type { Store, Write } from '../journal/store.ts';
import { storeViolations } from '../invariants/store-violations.ts';
import type { EngineUnderTest } from './engine.fixture.ts';
import { engineUnderTest } from './engine.fixture.ts';
import type { Engine, ExecutionSummary } from './engine-api.ts';
import type { MapRunDescription } from './map-run-api.ts';

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

function newPath(): string {
  const directory = mkdtempSync(join(tmpdir(), 'stepyard-instant-'));
  directories.push(directory);
  return join(directory, 'journal.sqlite');
}

const PASS: Json = { Type: 'Pass', End: true };

function distributed(states: JsonObject, fields: JsonObject = {}, type = 'STANDARD'): Json {
  const ProcessorConfig = { Mode: 'DISTRIBUTED', ExecutionType: type };
  const ItemProcessor = { ProcessorConfig, StartAt: Object.keys(states)[0] ?? '', States: states };
  return { StartAt: 'M', States: { M: { Type: 'Map', Label: 'L', ItemProcessor, End: true, ...fields } } };
}

/** Fails for items over so much; waits for an hour where the item says so. */
const choosing = (more: JsonObject = {}): JsonObject => ({
  C: {
    Type: 'Choice',
    Choices: [
      { Variable: '$', StringEquals: 'wait', Next: 'W' },
      { Variable: '$', StringEquals: 'fail', Next: 'F' },
    ],
    Default: 'P',
  },
  F: { Type: 'Fail', Error: 'E' },
  W: { Type: 'Wait', Seconds: 3600, End: true },
  P: PASS,
  ...more,
});

async function start(under: EngineUnderTest, definition: Json, input: Json): Promise<string> {
  const stateMachineArn = await under.machine(definition);
  return (await under.engine.start({ stateMachineArn, name: 'e', input: JSON.stringify(input) }))
    .executionArn;
}

async function mapRunOf(engine: Engine, executionArn: string): Promise<MapRunDescription> {
  const [mapRun] = (await engine.listMapRuns({ executionArn })).items;
  if (mapRun === undefined) throw new Error('there is no map run');
  return engine.describeMapRun(mapRun.mapRunArn);
}

/** In the order of their starts, page by page. */
async function childrenOf(engine: Engine, executionArn: string): Promise<ExecutionSummary[]> {
  const { mapRunArn } = await mapRunOf(engine, executionArn);
  const children: ExecutionSummary[] = [];
  let after: string | undefined;
  do {
    const page = await engine.list({ mapRunArn, maxResults: 700, ...(after === undefined ? {} : { after }) });
    children.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return children.toReversed();
}

/** All writes so far. */
function watched(store: Store): Write[] {
  const writes: Write[] = [];
  const commit = store.commit.bind(store);
  store.commit = (more) => {
    writes.push(...more);
    return commit(more);
  };
  return writes;
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe.each(['memory', 'SQLite'])('children that end in their first turns, over %s', (kind) => {
  const newStore = (): Store =>
    kind === 'memory' ? createMemoryStore() : openSqliteStore({ path: newPath() });

  test('more than are told of at once: all are listed, described and found by their ARNs', async () => {
    const store = newStore();
    const writes = watched(store);
    const under = await engineUnderTest({ store });
    const { engine } = under;
    const arn = await start(under, distributed({ P: PASS }), numbers(2500));
    const { status, output } = await engine.whenEnded(arn);
    expect([status, output]).toEqual(['SUCCEEDED', JSON.stringify(numbers(2500))]);
    const blocks = writes.flatMap((write) => (write.kind === 'children' ? [write.block.inputs.length] : []));
    expect(blocks).toEqual([1000, 1000, 500]);
    const children = await childrenOf(engine, arn);
    expect(children.map(({ name }) => name)).toEqual([...new Set(children.map(({ name }) => name))]);
    expect(children).toHaveLength(2500);
    for (const number of [0, 999, 1000, 2499]) {
      const child = await engine.describe(children[number]?.executionArn ?? '');
      expect(child).toMatchObject({
        status: 'SUCCEEDED',
        input: `${number}`,
        output: `${number}`,
        itemCount: 1,
      });
      const { items } = await engine.history({ executionArn: child.executionArn });
      expect(printHistory(items).split('\n').slice(1)).toEqual([
        `2<0 PassStateEntered P ${number}`,
        `3<2 PassStateExited P ${number}`,
        `4<3 ExecutionSucceeded ${number}`,
      ]);
    }
    expect((await mapRunOf(engine, arn)).executionCounts).toMatchObject({ succeeded: 2500, total: 2500 });
    expect(storeViolations(store)).toEqual([]);
    await engine.close();
  });

  test('among them are some that fail, and some that go on', async () => {
    const store = newStore();
    const under = await engineUnderTest({ store });
    const { engine, clock } = under;
    const input = ['a', 'fail', 'b', 'wait', 'c', 'd', 'fail'];
    const arn = await start(under, distributed(choosing(), { ToleratedFailureCount: 2 }), input);
    await clock.advance(0);
    expect((await mapRunOf(engine, arn)).executionCounts).toMatchObject({
      succeeded: 4,
      failed: 2,
      running: 1,
    });
    await clock.advance(3_600_000);
    expect(await engine.whenEnded(arn)).toMatchObject({ status: 'SUCCEEDED' });
    const children = await childrenOf(engine, arn);
    expect(children.map(({ status }) => status).toSorted()).toEqual([
      ...Array<string>(2).fill('FAILED'),
      ...Array<string>(5).fill('SUCCEEDED'),
    ]);
    expect(storeViolations(store)).toEqual([]);
    await engine.close();
  });

  test('too many failures: those that did not run yet are stopped, and counted as what they are', async () => {
    const store = newStore();
    const under = await engineUnderTest({ store });
    const { engine, clock } = under;
    const input = numbers(2500).map((number) => (number === 3 ? 'fail' : 'a'));
    const arn = await start(under, distributed(choosing()), input);
    expect(await engine.whenEnded(arn)).toMatchObject({
      status: 'FAILED',
      error: 'States.ExceedToleratedFailureThreshold',
    });
    await clock.advance(0);
    await engine.whenIdle();
    const children = await childrenOf(engine, arn);
    const counted = (status: string): number => children.filter((child) => child.status === status).length;
    const { executionCounts } = await mapRunOf(engine, arn);
    expect(executionCounts).toMatchObject({ total: 2500, failed: 1, succeeded: 999, aborted: 1500 });
    expect([counted('FAILED'), counted('SUCCEEDED'), counted('ABORTED')]).toEqual([1, 999, 1500]);
    const aborted = children.find(({ status }) => status === 'ABORTED')?.executionArn ?? '';
    const { items } = await engine.history({ executionArn: aborted });
    expect(items.map(({ type }) => type)).toEqual(['ExecutionStarted', 'ExecutionAborted']);
    await clock.advance(1000);
    await engine.redrive({ executionArn: arn });
    await clock.advance(0);
    await engine.whenIdle();
    // Number 3 fails again, among the first that are redriven.
    expect((await engine.describe(arn)).status).toBe('FAILED');
    expect(storeViolations(store)).toEqual([]);
    await engine.close();
  });

  test('what is told at once is bounded by what it weighs', async () => {
    const store = newStore();
    const writes = watched(store);
    const under = await engineUnderTest({ store });
    const input = { big: 'x'.repeat(100_000), items: numbers(100) };
    const item = {
      ItemsPath: '$.items',
      ItemSelector: { 'big.$': '$.big' },
      ResultPath: null,
      MaxConcurrency: 60,
    };
    const arn = await start(under, distributed({ P: PASS }, item), input);
    expect(await under.engine.whenEnded(arn)).toMatchObject({ status: 'SUCCEEDED' });
    const blocks = writes.flatMap((write) => (write.kind === 'children' ? [write.block.inputs.length] : []));
    expect(blocks.length).toBeGreaterThan(4);
    expect(blocks.reduce((sum, count) => sum + count)).toBe(100);
    await under.engine.close();
  });

  test('Express children too', async () => {
    const store = newStore();
    const under = await engineUnderTest({ store });
    const arn = await start(under, distributed({ P: PASS }, {}, 'EXPRESS'), numbers(3));
    expect(await under.engine.whenEnded(arn)).toMatchObject({ status: 'SUCCEEDED', output: '[0,1,2]' });
    const children = await childrenOf(under.engine, arn);
    expect(children.map(({ executionArn }) => executionArn.split(':').length)).toEqual([9, 9, 9]);
    expect((await under.engine.inspect(children[1]?.executionArn ?? '')).events).toHaveLength(4);
    expect(storeViolations(store)).toEqual([]);
    await under.engine.close();
  });

  test('listeners hear of each, in order, and the parent last', async () => {
    const under = await engineUnderTest({ store: newStore() });
    const heard: string[] = [];
    under.engine.onEvents((arn, events) => heard.push(`${arn.split(':')[6]} ${events.length}`));
    const arn = await start(under, distributed({ P: PASS }, { MaxConcurrency: 2 }), numbers(3));
    await under.engine.whenEnded(arn);
    expect(heard).toEqual(['m 4', 'm/L 4', 'm/L 4', 'm/L 4', 'm 4']);
    const told = under.changes.map(({ detail }) =>
      [detail['stateMachineArn'], detail['status']].map((text) => JSON.stringify(text)).join(' '),
    );
    const [machine, children] = ['m', 'm/L'].map(
      (name) => `"arn:aws:states:us-east-1:000000000000:stateMachine:${name}"`,
    );
    const child = [`${children} "RUNNING"`, `${children} "SUCCEEDED"`];
    expect(told).toEqual([`${machine} "RUNNING"`, ...child, ...child, ...child, `${machine} "SUCCEEDED"`]);
    await under.engine.close();
  });

  test('a stop while they run leaves none of them out', async () => {
    const store = newStore();
    const under = await engineUnderTest({ store });
    const { engine, clock } = under;
    const arn = await start(under, distributed({ P: PASS }), numbers(3000));
    await engine.stop({ executionArn: arn });
    await clock.advance(0);
    await engine.whenIdle();
    const children = await childrenOf(engine, arn);
    const { executionCounts } = await mapRunOf(engine, arn);
    const aborted = children.filter(({ status }) => status === 'ABORTED').length;
    expect([children.length, aborted]).toEqual([3000, executionCounts.aborted]);
    expect(storeViolations(store)).toEqual([]);
    await engine.close();
  });
});

test('one seed gives the same children, in memory and on disk', async () => {
  const arns = async (store: Store): Promise<string[]> => {
    const under = await engineUnderTest({ store, seed: 'same' });
    const states = { P: { Type: 'Pass', Parameters: { 'id.$': 'States.UUID()' }, End: true } };
    const arn = await start(under, distributed(states), numbers(1200));
    await under.engine.whenEnded(arn);
    const children = await childrenOf(under.engine, arn);
    await under.engine.close();
    return children.map(({ executionArn, name }) => `${executionArn} ${name}`);
  };
  expect(await arns(createMemoryStore())).toEqual(await arns(openSqliteStore({ path: newPath() })));
});

test('their histories are archived a block at a time, and read as they were', async () => {
  const path = newPath();
  const under = await engineUnderTest({ store: openSqliteStore({ path }) });
  const arn = await start(under, distributed({ P: PASS }), numbers(20));
  await under.engine.whenEnded(arn);
  const [child] = await childrenOf(under.engine, arn);
  const executionArn = child?.executionArn ?? '';
  const before = await under.engine.history({ executionArn });
  const [bytes] = (await under.engine.historyBytes({ executionArn })).chunks;
  await under.engine.close();
  const store = openSqliteStore({ path });
  expect(store.unarchivedBlock(0)).toBeUndefined();
  expect(storeViolations(store)).toEqual([]);
  const again = await engineUnderTest({ store });
  expect(await again.engine.history({ executionArn })).toEqual(before);
  const [read] = (await again.engine.historyBytes({ executionArn })).chunks;
  expect(JSON.parse(Buffer.from(read ?? []).toString())).toEqual(
    JSON.parse(Buffer.from(bytes ?? []).toString()),
  );
  await again.engine.close();
});
