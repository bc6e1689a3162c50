/** What a restart finds: the process is gone without a word, the store is opened by another one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '@stepyard/asl';
import { isObject, parseJson } from '@stepyard/asl';
import { afterEach, describe, expect, test } from 'vitest';
import type { VirtualClock } from '../clock/virtual-clock.ts';
import { createVirtualClock } from '../clock/virtual-clock.ts';
import { printHistory } from '../core/history/print-history.ts';
import { createMemoryStore } from '../journal/memory-store.ts';
import { openSqliteStore } from '../journal/sqlite/sqlite-store.ts';
import type { Store } from '../journal/store.ts';
import { StoreError } from '../journal/store.ts';
import type { TaskRequest, TaskResult, TaskRunner } from '../tasks/task-runner.ts';
import type { Engine, EngineLogEntry } from './engine-api.ts';
import { openEngine } from './engine.ts';

const LAMBDA = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const ACTIVITY = 'arn:aws:states:us-east-1:000000000000:activity:a';
const task = (resource: string, more: object = {}): Json => ({
  StartAt: 'T',
  States: { T: { Type: 'Task', Resource: resource, End: true, ...more } },
});
const WAIT: Json = { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 60, End: true } } };
const TOKEN = task('arn:aws:states:::sqs:sendMessage.waitForTaskToken', {
  Parameters: { QueueUrl: 'q', 'MessageBody.$': '$$.Task.Token' },
});

/** In the last one every execution that rests leaves memory at once. */
const KINDS = ['memory', 'SQLite', 'SQLite, always asleep'];

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

/** Opens the store that there is, as another process would. */
function openings(kind: string): () => Store {
  if (kind === 'memory') {
    const store = createMemoryStore();
    return () => store;
  }
  const directory = mkdtempSync(join(tmpdir(), 'stepyard-recovery-'));
  directories.push(directory);
  return () => openSqliteStore({ path: join(directory, 'journal.sqlite') });
}

/** An engine whose process can die. Tasks run for ever unless `answers` has something for their state. */
class Yard {
  readonly clock: VirtualClock = createVirtualClock({ startMs: 1_000_000 });
  readonly log: EngineLogEntry[] = [];
  readonly invoked: string[] = [];
  readonly answers = new Map<string, TaskResult>();
  readonly #openStore: () => Store;
  #store!: Store;
  #alive!: { isDead: boolean };
  engine!: Engine;
  reattached: ((submission: Json) => Promise<TaskResult>) | undefined;

  readonly #restingEventsMax: number | undefined;

  constructor(openStore: () => Store, restingEventsMax: number | undefined) {
    this.#openStore = openStore;
    this.#restingEventsMax = restingEventsMax;
  }

  static async open(kind: string): Promise<Yard> {
    const yard = new Yard(openings(kind), kind.endsWith('asleep') ? 0 : undefined);
    await yard.open();
    return yard;
  }

  async open(): Promise<void> {
    const alive = { isDead: false };
    this.#alive = alive;
    this.#store = this.#openStore();
    this.engine = await openEngine({
      clock: this.clock,
      store: this.#mortal(this.#store, alive),
      runner: this.#runner(),
      mapRunIo: {
        read: () => items(),
        write: async () => ({ bucket: 'b', key: 'k' }),
      },
      onLog: (entry) => this.log.push(entry),
      ...(this.#restingEventsMax === undefined ? {} : { restingEventsMax: this.#restingEventsMax }),
    });
  }

  /** Nothing that was not durable by now ever will be. */
  async crash(): Promise<void> {
    this.#alive.isDead = true;
    const closing = this.engine.close();
    await this.clock.advance(0);
    await closing;
    await this.open();
  }

  get store(): Store {
    return this.#store;
  }

  async machine(definition: Json, fields: { name?: string; type?: 'EXPRESS' } = {}): Promise<string> {
    const { stateMachineArn } = await this.engine.createStateMachine({
      name: fields.name ?? 'm',
      definition: JSON.stringify(definition),
      roleArn: 'arn:aws:iam::000000000000:role/r',
      ...(fields.type === undefined ? {} : { type: fields.type }),
    });
    return stateMachineArn;
  }

  async start(definition: Json, input = '{}'): Promise<string> {
    const { executionArn } = await this.engine.start({
      stateMachineArn: await this.machine(definition),
      name: 'run',
      input,
    });
    await this.clock.advance(0);
    return executionArn;
  }

  async history(executionArn: string): Promise<string> {
    return printHistory((await this.engine.inspect(executionArn)).events);
  }

  #mortal(store: Store, alive: { isDead: boolean }): Store {
    return new Proxy(store, {
      get: (target, name) => {
        if (name === 'commit' && alive.isDead) return () => Promise.reject(new StoreError('dead'));
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  #runner(): TaskRunner {
    return {
      run: async ({ stateName }, report) => {
        this.invoked.push(stateName);
        if (stateName === 'Job') report.submitted({ JobId: '7' });
        return this.answers.get(stateName) ?? (await new Promise<never>(() => undefined));
      },
      reattach: async (_request: TaskRequest, submission: Json) =>
        this.reattached?.(submission) ?? { kind: 'failed', error: 'States.TaskFailed', cause: 'gone' },
    };
  }
}

async function* items(): AsyncGenerator<{ value: Json; source: string }> {
  for (let value = 1; value <= 3; value++) yield await Promise.resolve({ value, source: 's3://b/k' });
}

function tokenIn(events: Awaited<ReturnType<Engine['inspect']>>['events']): string {
  const text = events.find(({ type }) => type === 'TaskScheduled')?.details?.['parameters'];
  const parameters = typeof text === 'string' ? parseJson(text) : undefined;
  const token = isObject(parameters) ? parameters['MessageBody'] : undefined;
  return typeof token === 'string' ? token : '';
}

describe.each(KINDS)('after a crash, over %s', (kind) => {
  test('a wait goes on to its due time; one that is overdue ends at once', async () => {
    const yard = await Yard.open(kind);
    const arn = await yard.start(WAIT, '{"a": 1.0}');
    await yard.clock.advance(10_000);
    await yard.crash();
    expect((await yard.engine.describe(arn)).status).toBe('RUNNING');
    await yard.clock.advance(49_999);
    expect((await yard.engine.describe(arn)).status).toBe('RUNNING');
    await yard.clock.advance(1);
    expect(await yard.engine.describe(arn)).toMatchObject({ status: 'SUCCEEDED', stopDateMs: 1_060_000 });
    expect(await yard.history(arn)).toContain('1<0 ExecutionStarted {"a": 1.0}');
    await yard.engine.close();
  });

  test('what has ended is described, listed and told as before, and its name is taken', async () => {
    const yard = await Yard.open(kind);
    const arn = await yard.start(WAIT);
    await yard.clock.advance(60_000);
    const before = [await yard.engine.describe(arn), await yard.history(arn)];
    await yard.crash();
    expect([await yard.engine.describe(arn), await yard.history(arn)]).toEqual(before);
    const stateMachineArn = await yard.machine(WAIT);
    const { items: listed } = await yard.engine.list({ stateMachineArn, statusFilter: 'SUCCEEDED' });
    expect(listed.map(({ executionArn }) => executionArn)).toEqual([arn]);
    await expect(yard.engine.start({ stateMachineArn, name: 'run' })).rejects.toThrow('Already Exists');
    await yard.engine.close();
  });

  test('a task token stays valid', async () => {
    const yard = await Yard.open(kind);
    yard.answers.set('T', { kind: 'succeeded', output: { MessageId: '1' } });
    const arn = await yard.start(TOKEN);
    const taskToken = tokenIn((await yard.engine.inspect(arn)).events);
    await yard.crash();
    await yard.engine.sendTaskHeartbeat(taskToken);
    await yard.engine.sendTaskSuccess({ taskToken, output: '"done"' });
    expect((await yard.engine.describe(arn)).output).toBe('"done"');
    await expect(yard.engine.sendTaskSuccess({ taskToken, output: '1' })).rejects.toThrow('Task Timed Out');
    expect(yard.invoked).toEqual(['T']);
    await yard.engine.close();
  });

  test('a token that was answered before its call returned has ended its task', async () => {
    const yard = await Yard.open(kind);
    const arn = await yard.start(TOKEN);
    const taskToken = tokenIn((await yard.engine.inspect(arn)).events);
    await yard.engine.sendTaskSuccess({ taskToken, output: '"early"' });
    await yard.crash();
    expect((await yard.engine.whenEnded(arn)).output).toBe('"early"');
    await yard.engine.close();
  });

  test.each([
    [LAMBDA, 'Lambda.Unknown'],
    ['arn:aws:states:::dynamodb:getItem', 'DynamoDB.SdkClientException'],
  ])('a call of %s in flight is in doubt: it fails as %s, and Retry decides', async (resource, error) => {
    const yard = await Yard.open(kind);
    const retry = { Retry: [{ ErrorEquals: [error], IntervalSeconds: 5, MaxAttempts: 1 }] };
    const arn = await yard.start(
      task(resource, {
        ...retry,
        ...(resource === LAMBDA ? {} : { Parameters: { TableName: 't', Key: {} } }),
      }),
    );
    await yard.crash();
    expect(yard.invoked).toEqual(['T']);
    yard.answers.set('T', { kind: 'succeeded', output: 'second' });
    await yard.clock.advance(5000);
    expect(yard.invoked).toEqual(['T', 'T']);
    expect((await yard.engine.describe(arn)).output).toBe('"second"');
    await yard.engine.close();
  });

  test('a job is found again; one that is gone has failed', async () => {
    const yard = await Yard.open(kind);
    const definition: Json = {
      StartAt: 'Job',
      States: {
        Job: {
          Type: 'Task',
          Resource: 'arn:aws:states:::batch:submitJob.sync',
          Parameters: { JobName: 'j', JobQueue: 'q', JobDefinition: 'd' },
          End: true,
        },
      },
    };
    const arn = await yard.start(definition);
    const found: Json[] = [];
    yard.reattached = async (submission) => {
      found.push(submission);
      return { kind: 'succeeded', output: 'job' };
    };
    await yard.crash();
    expect((await yard.engine.whenEnded(arn)).output).toBe('"job"');
    expect([found, yard.invoked]).toEqual([[{ JobId: '7' }], ['Job']]);
    await yard.engine.close();
  });

  test('an activity waits for a worker still; one that a worker has taken stays with it', async () => {
    const yard = await Yard.open(kind);
    await yard.engine.createActivity('a');
    const arn = await yard.start(task(ACTIVITY), '{"x":1}');
    await yard.crash();
    const taken = await yard.engine.getActivityTask({ activityArn: ACTIVITY, workerName: 'w' });
    expect(taken?.input).toBe('{"x":1}');
    await yard.crash();
    const polled = yard.engine.getActivityTask({ activityArn: ACTIVITY });
    await yard.clock.advance(60_000);
    expect(await polled).toBeUndefined();
    await yard.engine.sendTaskSuccess({ taskToken: taken?.taskToken ?? '', output: '2' });
    expect((await yard.engine.describe(arn)).output).toBe('2');
    expect(await yard.history(arn)).toContain('ActivityStarted w');
    await yard.engine.close();
  });

  test('machines, versions, aliases, tags and activities are there, and executions run what they began with', async () => {
    const yard = await Yard.open(kind);
    const { engine } = yard;
    await engine.createActivity('a');
    const arn = await yard.start(WAIT);
    const stateMachineArn = await yard.machine(WAIT);
    await engine.setTags(stateMachineArn, new Map([['k', 'v']]));
    const version = await engine.publishVersion({ stateMachineArn, description: 'first' });
    const gone = await engine.publishVersion({ stateMachineArn, description: 'same revision' });
    expect(gone).toEqual(version);
    const routes = [{ stateMachineVersionArn: version.stateMachineVersionArn, weight: 100 }];
    const alias = await engine.createAlias({ name: 'live', routes });
    const updated = await engine.updateStateMachine({
      stateMachineArn,
      definition: JSON.stringify({ StartAt: 'P', States: { P: { Type: 'Pass', End: true } } }),
    });
    const second = await engine.publishVersion({ stateMachineArn });
    await engine.deleteVersion(second.stateMachineVersionArn);
    await yard.crash();
    const again = yard.engine;
    expect(await again.describeStateMachine(stateMachineArn)).toEqual(updated);
    expect(await again.describeVersion(version.stateMachineVersionArn)).toEqual(version);
    expect(await again.describeAlias(alias.stateMachineAliasArn)).toEqual(alias);
    expect(await again.tags(stateMachineArn)).toEqual(new Map([['k', 'v']]));
    expect((await again.listActivities()).items).toHaveLength(1);
    expect((await again.describeStateMachineForExecution(arn)).definition).toBe(JSON.stringify(WAIT));
    const { stateMachineVersionArn } = await again.publishVersion({ stateMachineArn });
    expect(stateMachineVersionArn).toBe(`${stateMachineArn}:3`);
    await yard.clock.advance(60_000);
    expect(await yard.history(arn)).toContain('WaitStateExited');
    await again.close();
  });

  test('a redrive goes on from where it failed, with the token of the client', async () => {
    const yard = await Yard.open(kind);
    yard.answers.set('T', { kind: 'failed', error: 'E', cause: undefined });
    const executionArn = await yard.start(task(LAMBDA));
    await yard.crash();
    yard.answers.set('T', { kind: 'succeeded', output: 1 });
    const first = await yard.engine.redrive({ executionArn, clientToken: 'c' });
    await yard.crash();
    expect(await yard.engine.redrive({ executionArn, clientToken: 'c' })).toEqual(first);
    await yard.clock.advance(0);
    expect(await yard.engine.describe(executionArn)).toMatchObject({ redriveCount: 1 });
    await yard.engine.close();
  });
});

describe.each(KINDS)('Express executions after a crash, over %s', (kind) => {
  test('one that nobody waited for begins again: at least once', async () => {
    const yard = await Yard.open(kind);
    const stateMachineArn = await yard.machine(task(LAMBDA), { type: 'EXPRESS' });
    const { executionArn } = await yard.engine.start({ stateMachineArn });
    await yard.clock.advance(0);
    yard.answers.set('T', { kind: 'succeeded', output: 1 });
    await yard.crash();
    expect((await yard.engine.whenEnded(executionArn)).status).toBe('SUCCEEDED');
    expect(yard.invoked).toEqual(['T', 'T']);
    await yard.engine.close();
  });

  test('one whose caller is gone ends: at most once', async () => {
    const yard = await Yard.open(kind);
    const stateMachineArn = await yard.machine(task(LAMBDA), { type: 'EXPRESS' });
    yard.engine.startSync({ stateMachineArn }).catch(() => undefined);
    await yard.clock.advance(0);
    await yard.crash();
    const { items: listed } = await yard.engine.list({ stateMachineArn, includesExpress: true });
    expect(listed).toMatchObject([{ status: 'ABORTED' }]);
    expect(yard.invoked).toEqual(['T']);
    await yard.engine.close();
  });
});

const map = (processor: Json, more: object = {}): Json => ({
  StartAt: 'M',
  States: {
    M: {
      Type: 'Map',
      Label: 'L',
      ItemProcessor: {
        ...(isObject(processor) ? processor : {}),
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      },
      End: true,
      ...more,
    },
  },
});

describe.each(KINDS)('a Distributed Map after a crash, over %s', (kind) => {
  test('its children go on, and their ends are heard', async () => {
    const yard = await Yard.open(kind);
    const arn = await yard.start(map(WAIT), '[1,2,3]');
    await yard.crash();
    const { items: runs } = await yard.engine.listMapRuns({ executionArn: arn });
    expect(runs).toMatchObject([{ status: 'RUNNING', executionCounts: { running: 3 } }]);
    await yard.clock.advance(60_000);
    expect(await yard.engine.whenEnded(arn)).toMatchObject({ status: 'SUCCEEDED', output: '[1,2,3]' });
    const { items: children } = await yard.engine.list({ mapRunArn: runs[0]?.mapRunArn ?? '' });
    expect(children.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED']);
    await yard.engine.close();
  });

  test('children that ended where they started are there, with their histories', async () => {
    const yard = await Yard.open(kind);
    const pass: Json = { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } };
    const definition = map(pass, { MaxConcurrency: 2, ResultPath: null, Next: 'W', End: undefined });
    const states = isObject(definition) && isObject(definition['States']) ? definition['States'] : {};
    const withWait = JSON.parse(
      JSON.stringify({
        StartAt: 'M',
        States: { ...states, ...(isObject(WAIT) && isObject(WAIT['States']) ? WAIT['States'] : {}) },
      }),
    ) as Json;
    const arn = await yard.start(withWait, '[1,2,3]');
    await yard.crash();
    const [run] = (await yard.engine.listMapRuns({ executionArn: arn })).items;
    expect(run).toMatchObject({ status: 'SUCCEEDED', itemCounts: { succeeded: 3 } });
    const { items: children } = await yard.engine.list({ mapRunArn: run?.mapRunArn ?? '' });
    expect(children.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED']);
    const child = children[0]?.executionArn ?? '';
    expect(await yard.history(child)).toContain('PassStateExited P 3');
    expect((await yard.engine.describeStateMachineForExecution(child)).stateMachineArn).toContain('m/L');
    await yard.clock.advance(60_000);
    expect((await yard.engine.describe(arn)).status).toBe('SUCCEEDED');
    await yard.engine.close();
  });

  test('it reads on, and children are stopped that should have been', async () => {
    const yard = await Yard.open(kind);
    const reader = {
      ItemReader: {
        Resource: 'arn:aws:states:::s3:getObject',
        ReaderConfig: { InputType: 'JSON' },
        Parameters: { Bucket: 'b', Key: 'k' },
      },
    };
    const arn = await yard.start(map(WAIT, reader));
    await yard.crash();
    await yard.clock.advance(30_000);
    await yard.engine.stop({ executionArn: arn });
    await yard.crash();
    await yard.clock.advance(0);
    expect((await yard.engine.describe(arn)).status).toBe('ABORTED');
    const [run] = (await yard.engine.listMapRuns({ executionArn: arn })).items;
    const { items: children } = await yard.engine.list({ mapRunArn: run?.mapRunArn ?? '' });
    expect(children.map(({ status }) => status)).toEqual(['ABORTED', 'ABORTED', 'ABORTED']);
    expect(yard.log.every(({ message }) => message === 'dead')).toBe(true);
    await yard.engine.close();
  });

  // Source: https://docs.aws.amazon.com/step-functions/latest/dg/redrive-map-run.html
  test('its Standard children are redriven after a crash, and after one in the midst of it', async () => {
    const yard = await Yard.open(kind);
    await yard.engine.createActivity('a');
    const executionArn = await yard.start(map(task(ACTIVITY)), '[1,2,3]');
    const poll = async (): Promise<string> =>
      (await yard.engine.getActivityTask({ activityArn: ACTIVITY }))?.taskToken ?? '';
    await yard.engine.sendTaskSuccess({ taskToken: await poll(), output: '"one"' });
    await yard.engine.sendTaskFailure({ taskToken: await poll(), error: 'E' });
    await yard.clock.advance(0);
    expect(await yard.engine.describe(executionArn)).toMatchObject({ status: 'FAILED' });
    await yard.crash();
    await yard.engine.redrive({ executionArn });
    await yard.crash();
    await yard.clock.advance(0);
    for (const n of [2, 3]) await yard.engine.sendTaskSuccess({ taskToken: await poll(), output: String(n) });
    await yard.clock.advance(0);
    expect(await yard.engine.whenEnded(executionArn)).toMatchObject({
      status: 'SUCCEEDED',
      output: '["one",2,3]',
    });
    const [run] = (await yard.engine.listMapRuns({ executionArn })).items;
    expect(run).toMatchObject({
      redriveCount: 1,
      executionCounts: { succeeded: 3, total: 3, failed: 0, aborted: 0 },
    });
    const { items: children } = await yard.engine.list({ mapRunArn: run?.mapRunArn ?? '' });
    expect(children.map(({ redriveCount }) => redriveCount)).toEqual([1, 1, 0]);
    await yard.engine.close();
  });

  test('its Express children start anew after a crash, and after one in the midst of it', async () => {
    const yard = await Yard.open(kind);
    yard.answers.set('T', { kind: 'failed', error: 'E', cause: undefined });
    const processor = {
      ...(task(LAMBDA) as object),
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
    };
    const executionArn = await yard.start(map({}, { ItemProcessor: processor }), '[1,2]');
    await yard.clock.advance(0);
    expect(await yard.engine.describe(executionArn)).toMatchObject({ status: 'FAILED' });
    await yard.crash();
    yard.answers.set('T', { kind: 'succeeded', output: 'x' });
    await yard.engine.redrive({ executionArn });
    await yard.crash();
    await yard.clock.advance(0);
    expect(await yard.engine.whenEnded(executionArn)).toMatchObject({
      status: 'SUCCEEDED',
      output: '["x","x"]',
    });
    const [run] = (await yard.engine.listMapRuns({ executionArn })).items;
    expect((await yard.engine.list({ mapRunArn: run?.mapRunArn ?? '' })).items).toHaveLength(2);
    await yard.engine.close();
  });
});

describe.each(KINDS)('many that wait, over %s', (kind) => {
  test('they wake in the order in which they are due, before and after a restart', async () => {
    const yard = await Yard.open(kind);
    const definition: Json = {
      StartAt: 'W',
      States: {
        W: { Type: 'Wait', SecondsPath: '$', Next: 'T' },
        T: { Type: 'Task', Resource: LAMBDA, TimeoutSeconds: 100, End: true },
      },
    };
    const stateMachineArn = await yard.machine(definition);
    const seconds = [30, 10, 20, 10, 40];
    for (const [index, input] of seconds.entries()) {
      await yard.engine.start({ stateMachineArn, name: `e${index}`, input: String(input) });
    }
    await yard.clock.advance(15_000);
    expect(yard.invoked).toEqual(['T', 'T']);
    await yard.crash();
    // The two that were in flight are in doubt; three wait.
    const statuses = async (): Promise<string[]> =>
      (await yard.engine.list({ stateMachineArn })).items.map(({ status }) => status);
    expect(await statuses()).toEqual(['RUNNING', 'FAILED', 'RUNNING', 'FAILED', 'RUNNING']);
    const woken: string[] = [];
    yard.engine.onEvents((executionArn, [first]) => {
      if (first?.type === 'WaitStateExited') woken.push(executionArn.slice(-2));
    });
    yard.answers.set('T', { kind: 'succeeded', output: 1 });
    await yard.clock.advance(60_000);
    expect(woken).toEqual(['e2', 'e0', 'e4']);
    expect(await statuses()).toEqual(['SUCCEEDED', 'FAILED', 'SUCCEEDED', 'FAILED', 'SUCCEEDED']);
    await yard.engine.close();
  });

  test('a stop reaches one that has left memory, and its timer never fires', async () => {
    const yard = await Yard.open(kind);
    const executionArn = await yard.start(WAIT);
    await yard.engine.stop({ executionArn });
    const before = await yard.history(executionArn);
    await yard.clock.advance(120_000);
    expect(await yard.history(executionArn)).toBe(before);
    await yard.engine.redrive({ executionArn });
    await yard.crash();
    await yard.clock.advance(60_000);
    expect((await yard.engine.describe(executionArn)).status).toBe('SUCCEEDED');
    await yard.engine.close();
  });
});

test('turns that do not fit stop their own execution alone, which says so and keeps its journal', async () => {
  const yard = await Yard.open('memory');
  yard.answers.set('T', { kind: 'succeeded', output: { MessageId: '1' } });
  const executionArn = await yard.start(TOKEN);
  const { stateMachineArn } = await yard.engine.describe(executionArn);
  const other = await yard.engine.start({ stateMachineArn, name: 'other' });
  await yard.clock.advance(0);
  const [record] = yard.store.turns(1);
  Object.assign(record ?? {}, { atEventId: 3 });
  await yard.crash();
  const cause =
    'Stepyard cannot go on with this execution: an input was recorded after event 3, but replay is at event 4. Its journal is kept.';
  const stopped = { status: 'FAILED', error: 'States.Runtime', cause };
  expect(await yard.engine.whenEnded(executionArn)).toMatchObject(stopped);
  expect(yard.log).toContainEqual({ level: 'error', message: cause, executionArn });
  expect(yard.store.turns(1)).toHaveLength(1);
  expect((await yard.engine.describe(other.executionArn)).status).toBe('RUNNING');
  await yard.engine.close();
});
