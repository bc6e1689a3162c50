// Source: https://docs.aws.amazon.com/step-functions/latest/dg/redrive-map-run.html; nothing of it is recorded.
import type { Json, JsonObject } from '@stepyard/asl';
import { expect, test } from 'vitest';
import type { MapRunIo, WriteRequest } from '../tasks/map-run-io.ts';
import type { EngineUnderTest } from './engine.fixture.ts';
import { engineUnderTest } from './engine.fixture.ts';

const DAY_MS = 86_400_000;
const TASK = { Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:000000000000:function:f' };
const WRITER = { Resource: 'arn:aws:states:::s3:putObject', Parameters: { Bucket: 'b', Prefix: 'p' } };

/** A Distributed Map whose children run a Pass, then a Task. */
function machine(fields: JsonObject = {}, type = 'STANDARD'): Json {
  return {
    StartAt: 'M',
    States: {
      M: {
        Type: 'Map',
        Label: 'L',
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: type },
          StartAt: 'P',
          States: { P: { Type: 'Pass', Next: 'C' }, C: { ...TASK, End: true } },
        },
        End: true,
        ...fields,
      },
    },
  };
}

interface Failed extends EngineUnderTest {
  readonly executionArn: string;
  readonly mapRunArn: string;
  /** Names or ARNs of the children, in the order of their starts. */
  readonly children: () => Promise<readonly string[]>;
}

/** Runs the machine over two items until it has failed. */
async function failed(
  definition: Json,
  options: Parameters<typeof engineUnderTest>[0],
  items: Json = ['a', 'b'],
): Promise<Failed> {
  const under = await engineUnderTest(options);
  const { engine, clock } = under;
  const stateMachineArn = await under.machine(definition);
  const { executionArn } = await engine.start({ stateMachineArn, name: 'e', input: JSON.stringify(items) });
  await clock.advance(10_000);
  expect(await engine.whenEnded(executionArn)).toMatchObject({
    status: 'FAILED',
    redriveStatus: 'REDRIVABLE',
  });
  const [mapRun] = (await engine.listMapRuns({ executionArn })).items;
  if (mapRun === undefined) throw new Error('there is no map run');
  const { mapRunArn } = mapRun;
  const children = async (): Promise<readonly string[]> =>
    (await engine.list({ mapRunArn })).items.map((child) => child.executionArn).toReversed();
  return { ...under, executionArn, mapRunArn, children };
}

test('Standard children go on from the state that failed; what was stopped too', async () => {
  const { engine, clock, executionArn, mapRunArn, children } = await failed(machine(), {
    mocks: {
      C: [{ throw: { error: 'E' } }, { return: 'late', afterSeconds: 60 }, { return: 1 }, { return: 2 }],
    },
  });
  const before = await children();
  const [first = ''] = before;
  expect(await engine.describe(first)).toMatchObject({
    status: 'FAILED',
    redriveStatus: 'REDRIVABLE_BY_MAP_RUN',
  });
  await expect(engine.redrive({ executionArn: first })).rejects.toThrow('redriven by its Map Run');
  await clock.advance(DAY_MS);
  const { redriveDateMs } = await engine.redrive({ executionArn });
  await clock.advance(1000);
  expect(await engine.whenEnded(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '[1,2]' });
  expect(await children()).toEqual(before);
  for (const child of before) {
    expect(await engine.describe(child)).toMatchObject({
      status: 'SUCCEEDED',
      redriveCount: 1,
      redriveDateMs,
    });
    const { events } = await engine.inspect(child);
    // The Pass before the Task is not run again.
    expect(events.filter(({ type }) => type === 'PassStateEntered')).toHaveLength(1);
  }
  expect(await engine.describeMapRun(mapRunArn)).toMatchObject({
    status: 'SUCCEEDED',
    redriveCount: 1,
    redriveDateMs,
    executionCounts: {
      succeeded: 2,
      failed: 0,
      aborted: 0,
      total: 2,
      pendingRedrive: 0,
      failuresNotRedrivable: 0,
    },
    itemCounts: { succeeded: 2, total: 2 },
  });
  expect((await engine.listMapRuns({ executionArn })).items).toHaveLength(1);
});

test('Express children start anew from their first state, with the same ARN', async () => {
  const { engine, clock, executionArn, children } = await failed(machine({}, 'EXPRESS'), {
    mocks: {
      C: [{ throw: { error: 'E' } }, { return: 'late', afterSeconds: 60 }, { return: 1 }, { return: 2 }],
    },
  });
  const before = await children();
  await clock.advance(13 * DAY_MS);
  await engine.redrive({ executionArn });
  await clock.advance(1000);
  expect(await engine.whenEnded(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '[1,2]' });
  expect(await children()).toEqual(before);
  for (const child of before) {
    const { description, events } = await engine.inspect(child);
    expect(description).toMatchObject({ status: 'SUCCEEDED', redriveCount: 0, itemCount: 1 });
    expect(events[0]?.type).toBe('ExecutionStarted');
    expect(events.filter(({ type }) => type === 'PassStateEntered')).toHaveLength(1);
  }
});

test('a map run that fails again can be redriven again', async () => {
  const error = { throw: { error: 'E' } };
  const { engine, clock, executionArn, mapRunArn } = await failed(
    machine(),
    { mocks: { C: [error, error, error, { return: 1 }] } },
    ['a'],
  );
  for (const status of ['FAILED', 'FAILED', 'SUCCEEDED']) {
    await engine.redrive({ executionArn });
    await clock.advance(1000);
    expect(await engine.whenEnded(executionArn)).toMatchObject({ status });
  }
  expect(await engine.describeMapRun(mapRunArn)).toMatchObject({ redriveCount: 3 });
});

test('the export has what came of the children in the end, and how often they were redriven', async () => {
  const written: WriteRequest[] = [];
  const io: MapRunIo = {
    async *read() {
      /* the items are the state's input */
    },
    write: (request) => {
      written.push(request);
      return Promise.resolve({ bucket: 'b', key: 'manifest.json' });
    },
  };
  const { engine, clock, executionArn } = await failed(
    machine({ ResultWriter: WRITER }),
    { mocks: { C: [{ throw: { error: 'E' } }, { return: 1 }] }, mapRunIo: io },
    ['a'],
  );
  await engine.redrive({ executionArn });
  await clock.advance(1000);
  expect(await engine.whenEnded(executionArn)).toMatchObject({ status: 'SUCCEEDED' });
  expect(
    written.map(({ children }) =>
      children.map(({ outcome, redriveCount }) => [outcome.status, redriveCount]),
    ),
  ).toEqual([[['FAILED', 0]], [['SUCCEEDED', 1]]]);
});

test('a map run within a child is redriven with it', async () => {
  const inner = machine() as { States: { M: JsonObject } };
  const { engine, clock, executionArn } = await failed(
    machine({
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'Inner',
        States: { Inner: { ...inner.States.M, Label: 'Inner' } },
      },
    }),
    { mocks: { C: [{ throw: { error: 'E' } }, { return: 1 }] } },
    [['a']],
  );
  await engine.redrive({ executionArn });
  await clock.advance(1000);
  expect(await engine.whenEnded(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '[[1]]' });
});

test('a child that waits for its turn is pending, and of no other status', async () => {
  const { engine, clock, executionArn, mapRunArn } = await failed(
    machine({ MaxConcurrency: 1, ToleratedFailureCount: 1 }),
    {
      mocks: {
        C: [
          { throw: { error: 'E' } },
          { throw: { error: 'E' } },
          { return: 1, afterSeconds: 60 },
          { return: 2 },
        ],
      },
    },
  );
  const listed = async (request: object): Promise<readonly (readonly [string, boolean])[]> =>
    (await engine.list({ mapRunArn, ...request })).items.map(
      ({ status, isPendingRedrive }) => [status, isPendingRedrive ?? false] as const,
    );
  expect(await listed({ isPendingRedrive: true })).toEqual([]);
  expect(await listed({ statusFilter: 'FAILED' })).toHaveLength(2);
  await engine.redrive({ executionArn });
  await clock.advance(1000);
  expect(await listed({})).toEqual([
    ['FAILED', true],
    ['RUNNING', false],
  ]);
  expect(await listed({ statusFilter: 'FAILED' })).toEqual([]);
  const [pending] = (await engine.list({ mapRunArn, isPendingRedrive: true })).items;
  expect(await engine.describe(pending?.executionArn ?? '')).toMatchObject({ isPendingRedrive: true });
  expect((await engine.describeMapRun(mapRunArn)).executionCounts).toMatchObject({
    pendingRedrive: 1,
    running: 1,
  });
  await clock.advance(60_000);
  expect(await engine.whenEnded(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '[1,2]' });
  expect(await listed({ isPendingRedrive: true })).toEqual([]);
  expect(await listed({ isRedriven: true })).toHaveLength(2);
  expect(await listed({ isRedriven: false })).toEqual([]);
});
