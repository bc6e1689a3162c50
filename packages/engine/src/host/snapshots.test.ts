/** An interpreter that is another one than that which wrote the data goes on from snapshots. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '@stepyard/asl';
import { afterEach, expect, test } from 'vitest';
import type { VirtualClock } from '../clock/virtual-clock.ts';
import { createVirtualClock } from '../clock/virtual-clock.ts';
import { printHistory } from '../core/history/print-history.ts';
import { INTERPRETER_VERSION } from '../core/interpreter-version.ts';
import { storeViolations } from '../invariants/store-violations.ts';
import { openSqliteStore } from '../journal/sqlite/sqlite-store.ts';
import type { Store } from '../journal/store.ts';
import { ReplayMismatch } from '../journal/replay.ts';
import type { Engine, EngineLogEntry } from './engine-api.ts';
import { openEngine } from './engine.ts';
import type { Look } from './inspection.ts';
import { lookAt } from './inspection.ts';

const ACTIVITY = 'arn:aws:states:us-east-1:000000000000:activity:a';

const REST = {
  Work: { Type: 'Task', Resource: ACTIVITY, ResultPath: '$.work', Next: 'Sleep' },
  Sleep: { Type: 'Wait', Seconds: 60, Next: 'Last' },
  Last: { Type: 'Pass', End: true },
};
const BEFORE: Json = { StartAt: 'First', States: { First: { Type: 'Pass', Next: 'Work' }, ...REST } };
/** With one more state on the way: whatever is replayed arrives at other events. */
const AFTER: Json = {
  StartAt: 'First',
  States: { First: { Type: 'Pass', Next: 'Extra' }, Extra: { Type: 'Pass', Next: 'Work' }, ...REST },
};

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

class Yard {
  readonly clock: VirtualClock = createVirtualClock({ startMs: 1_000_000 });
  readonly log: EngineLogEntry[] = [];
  readonly #restingEventsMax: number | undefined;
  #isOlder = false;
  path: string;
  engine!: Engine;

  constructor(restingEventsMax?: number) {
    this.#restingEventsMax = restingEventsMax;
    this.path = Yard.#newPath();
  }

  static #newPath(): string {
    const directory = mkdtempSync(join(tmpdir(), 'stepyard-snapshots-'));
    directories.push(directory);
    return join(directory, 'journal.sqlite');
  }

  async open(): Promise<void> {
    this.engine = await openEngine({
      clock: this.clock,
      store: this.#openStore(),
      runner: { run: () => new Promise(() => undefined) },
      onLog: (entry) => this.log.push(entry),
      ...(this.#restingEventsMax === undefined ? {} : { restingEventsMax: this.#restingEventsMax }),
    });
  }

  /** What a process leaves behind that dies now. */
  async crash(): Promise<void> {
    const left = this.path;
    this.path = Yard.#newPath();
    for (const suffix of ['', '-wal']) {
      if (existsSync(`${left}${suffix}`)) copyFileSync(`${left}${suffix}`, `${this.path}${suffix}`);
    }
    await this.engine.close();
  }

  edit(sql: string): void {
    const database = new DatabaseSync(this.path);
    database.exec(sql);
    database.close();
  }

  /** The definition as this interpreter understands it. */
  async otherMeaning(definition: Json): Promise<void> {
    const store = openSqliteStore({ path: this.path });
    const known = JSON.parse(store.resource('revision', '1') ?? '{}') as object;
    const value = JSON.stringify({ ...known, definition: JSON.stringify(definition) });
    await store.commit([{ kind: 'resource', of: 'revision', key: '1', value }]);
    await store.close();
  }

  /** From now on what the store has is another interpreter's. */
  olderInterpreter(): void {
    this.#isOlder = true;
  }

  #openStore(): Store {
    const store = openSqliteStore({ path: this.path, durability: 'normal' });
    const older = <Row extends { readonly interpreter: number }>(row: Row): Row => ({
      ...row,
      interpreter: INTERPRETER_VERSION - Number(this.#isOlder),
    });
    return new Proxy(store, {
      get: (target, name) => {
        if (name === 'awake') return () => target.awake().map(older);
        if (name === 'snapshots') return (execution: number) => target.snapshots(execution).map(older);
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  async start(definition: Json): Promise<string> {
    await this.engine.createActivity('a');
    const { stateMachineArn } = await this.engine.createStateMachine({
      name: 'm',
      definition: JSON.stringify(definition),
      roleArn: 'arn:aws:iam::000000000000:role/r',
    });
    const { executionArn } = await this.engine.start({ stateMachineArn, name: 'run', input: '{"a": 1.0}' });
    await this.clock.advance(0);
    return executionArn;
  }

  /** One second each, and until what was due then is durable. */
  async rounds(arn: string, count: number): Promise<void> {
    for (let round = 0; round < count; round++) {
      const before = await this.history(arn);
      await this.clock.advance(1000);
      while ((await this.history(arn)) === before) await this.clock.advance(0);
      // Until it has left memory again.
      await this.clock.advance(0);
    }
  }

  async takeTask(): Promise<string> {
    const taken = await this.engine.getActivityTask({ activityArn: ACTIVITY });
    if (taken === undefined) throw new Error('there is a task to take');
    return taken.taskToken;
  }

  async history(arn: string): Promise<string> {
    return printHistory((await this.engine.inspect(arn)).events);
  }

  async bytes(executionArn: string): Promise<string> {
    const { chunks } = await this.engine.historyBytes({ executionArn });
    return Buffer.concat(chunks).toString();
  }

  /** How many snapshots the execution has. Throws where the data is not right. */
  snapshots(): number {
    const store = openSqliteStore({ path: this.path });
    const count = store.snapshots(1).length;
    const [wrong] = storeViolations(store);
    void store.close();
    if (wrong !== undefined) throw new Error(wrong);
    return count;
  }
}

async function opened(restingEventsMax?: number): Promise<Yard> {
  const yard = new Yard(restingEventsMax);
  await yard.open();
  return yard;
}

test('after a clean shutdown another interpreter goes on, in the middle of a task, with the history as it was', async () => {
  const yard = await opened();
  const arn = await yard.start(BEFORE);
  const taskToken = await yard.takeTask();
  const before = await yard.bytes(arn);
  await yard.engine.close();
  expect(yard.snapshots()).toBe(1);
  yard.olderInterpreter();
  await yard.otherMeaning(AFTER);
  await yard.open();
  expect(await yard.bytes(arn)).toBe(before);
  await yard.engine.sendTaskSuccess({ taskToken, output: '"done"' });
  await yard.clock.advance(60_000);
  expect(await yard.engine.describe(arn)).toMatchObject({
    status: 'SUCCEEDED',
    output: '{"a":1,"work":"done"}',
  });
  const after = await yard.bytes(arn);
  expect(after.startsWith(before.slice(0, -1))).toBe(true);
  await yard.engine.close();
  expect(yard.log).toEqual([]);
});

test('it is looked at from there on; what was before is in the history', async () => {
  const yard = await opened();
  const arn = await yard.start(BEFORE);
  const taskToken = await yard.takeTask();
  const wanted = lookAt(await yard.engine.inspection(arn));
  await yard.engine.close();
  await yard.otherMeaning(AFTER);
  await yard.open();
  const look = async (event?: number): Promise<Look> => lookAt(await yard.engine.inspection(arn), event);
  const now = await look();
  expect(now.visits.map(({ id, ...rest }) => [id, rest])).toEqual(
    wanted.visits.filter(({ stateName }) => stateName === 'Work').map(({ id, ...rest }) => [id, rest]),
  );
  expect(now).toMatchObject({ eventCount: 6, transitions: 2, pending: wanted.pending, open: wanted.open });
  expect(now.visitOf(2)).toBe(0);
  await yard.engine.sendTaskSuccess({ taskToken, output: '1' });
  const [work, sleep] = (await look()).visits;
  expect(work).toMatchObject({ stateName: 'Work', status: 'succeeded', attempts: [{ status: 'succeeded' }] });
  expect(sleep).toMatchObject({ stateName: 'Sleep', status: 'waiting' });
  expect((await look(7)).visits).toHaveLength(1);
  await expect(look(5)).rejects.toThrow(ReplayMismatch);
  await yard.engine.close();
});

test('what had left memory goes on the same way', async () => {
  const yard = await opened(0);
  const arn = await yard.start(BEFORE);
  await yard.engine.sendTaskSuccess({ taskToken: await yard.takeTask(), output: '1' });
  await yard.clock.advance(10_000);
  const before = await yard.history(arn);
  await yard.crash();
  yard.olderInterpreter();
  await yard.otherMeaning(AFTER);
  await yard.open();
  expect(await yard.history(arn)).toBe(before);
  await yard.clock.advance(50_000);
  expect(await yard.engine.describe(arn)).toMatchObject({ status: 'SUCCEEDED', stopDateMs: 1_060_000 });
  expect(await yard.history(arn)).not.toContain('Extra');
  await yard.engine.close();
});

test('turns after the snapshot are replayed on trial', async () => {
  const yard = await opened();
  const arn = await yard.start(BEFORE);
  await yard.engine.close();
  await yard.open();
  await yard.engine.sendTaskSuccess({ taskToken: await yard.takeTask(), output: '1' });
  const before = await yard.history(arn);
  await yard.crash();
  await yard.otherMeaning(AFTER);
  await yard.open();
  expect(await yard.history(arn)).toBe(before);
  await yard.clock.advance(60_000);
  expect((await yard.engine.describe(arn)).status).toBe('SUCCEEDED');
  await yard.engine.close();
});

test('without a snapshot, what does not fit any more is stopped with a clear error, and its journal stays', async () => {
  const yard = await opened();
  const arn = await yard.start(BEFORE);
  await yard.engine.sendTaskSuccess({ taskToken: await yard.takeTask(), output: '1' });
  const before = await yard.history(arn);
  await yard.crash();
  await yard.otherMeaning(AFTER);
  await yard.open();
  const cause =
    'Stepyard cannot go on with this execution: an input was recorded after event 5, but replay is at event 7. Its journal is kept.';
  expect(await yard.engine.describe(arn)).toMatchObject({ status: 'FAILED', error: 'States.Runtime', cause });
  expect(yard.log).toEqual([{ level: 'error', message: cause, executionArn: arn }]);
  await yard.engine.close();
  // The interpreter that wrote it can still tell of it.
  await yard.otherMeaning(BEFORE);
  await yard.open();
  expect(await yard.history(arn)).toBe(before);
  await yard.engine.close();
});

test('what another interpreter began and this one could replay has its snapshot from the start on', async () => {
  const yard = await opened();
  const arn = await yard.start(BEFORE);
  await yard.engine.sendTaskSuccess({ taskToken: await yard.takeTask(), output: '1' });
  await yard.crash();
  yard.olderInterpreter();
  await yard.open();
  await yard.crash();
  await yard.otherMeaning(AFTER);
  await yard.open();
  await yard.clock.advance(60_000);
  expect((await yard.engine.describe(arn)).status).toBe('SUCCEEDED');
  await yard.engine.close();
});

test.each([
  ['damaged', "UPDATE snapshot SET bytes = CAST(substr(bytes, 1, 50) || x'00' || substr(bytes, 52) AS BLOB)"],
  ['cut short', 'UPDATE snapshot SET bytes = substr(bytes, 1, length(bytes) / 2)'],
  ['nothing', "UPDATE snapshot SET bytes = x''"],
])('a snapshot that is %s is refused in one line, and the execution replayed', async (_how, sql) => {
  const yard = await opened();
  const arn = await yard.start(BEFORE);
  await yard.engine.sendTaskSuccess({ taskToken: await yard.takeTask(), output: '1' });
  const before = await yard.history(arn);
  await yard.engine.close();
  yard.edit(sql);
  await yard.open();
  expect(await yard.history(arn)).toBe(before);
  expect(yard.log.map(({ message }) => message)).toEqual([
    expect.stringMatching(
      /^A snapshot is not used \(the snapshot is [a-z ]+\): the execution is replayed from its start\.$/u,
    ),
  ]);
  await yard.engine.close();
  // The next one took its place.
  expect(yard.snapshots()).toBe(1);
});

test('one that never leaves memory has a snapshot after many turns', async () => {
  const yard = await opened();
  const arn = await yard.start(BEFORE);
  const taskToken = await yard.takeTask();
  for (let beat = 0; beat < 2000; beat++) await yard.engine.sendTaskHeartbeat(taskToken);
  await yard.crash();
  expect(yard.snapshots()).toBe(1);
  await yard.otherMeaning(AFTER);
  await yard.open();
  await yard.engine.sendTaskSuccess({ taskToken, output: '1' });
  await yard.clock.advance(60_000);
  expect((await yard.engine.describe(arn)).status).toBe('SUCCEEDED');
  await yard.engine.close();
});

const ROUNDS: Json = {
  QueryLanguage: 'JSONata',
  StartAt: 'Count',
  States: {
    Count: { Type: 'Pass', Assign: { n: '{% $exists($n) ? $n + 1 : 1 %}' }, Next: 'Sleep' },
    Sleep: { Type: 'Wait', Seconds: 1, Next: 'More' },
    More: { Type: 'Choice', Choices: [{ Condition: '{% $n < 80 %}', Next: 'Count' }], Default: 'Done' },
    Done: { Type: 'Succeed', Output: '{% $n %}' },
  },
};

test('one that sleeps and wakes for ever has its history in snapshots that go on from each other, and not in too many', async () => {
  const yard = await opened(0);
  const arn = await yard.start(ROUNDS);
  const counts: number[] = [];
  for (let round = 0; round < 7; round++) {
    await yard.rounds(arn, 10);
    const before = await yard.history(arn);
    await yard.crash();
    counts.push(yard.snapshots());
    await yard.open();
    expect(await yard.history(arn)).toBe(before);
  }
  // After 64 of them a whole one took their place.
  expect(counts).toEqual([11, 21, 31, 41, 51, 61, 7]);
  await yard.rounds(arn, 10);
  expect(await yard.engine.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: '80' });
  await yard.engine.close();
});

test('what failed is redriven by another interpreter from where it stands', async () => {
  const yard = await opened();
  const arn = await yard.start(BEFORE);
  await yard.engine.sendTaskFailure({ taskToken: await yard.takeTask(), error: 'E' });
  const before = await yard.history(arn);
  await yard.engine.close();
  expect(yard.snapshots()).toBe(1);
  yard.olderInterpreter();
  await yard.otherMeaning(AFTER);
  await yard.open();
  await yard.engine.redrive({ executionArn: arn });
  await yard.engine.sendTaskSuccess({ taskToken: await yard.takeTask(), output: '1' });
  await yard.clock.advance(60_000);
  expect((await yard.engine.describe(arn)).status).toBe('SUCCEEDED');
  expect((await yard.history(arn)).startsWith(before)).toBe(true);
  await yard.engine.close();
});
