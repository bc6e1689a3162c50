import type { Json, JsonObject } from '@stepyard/asl';
import { describe, expect, test } from 'vitest';
import { printHistory } from '../core/history/print-history.ts';
import type { Mocks } from '../tasks/mock-runner.ts';
import { MapRunFailure } from '../tasks/map-run-io.ts';
import type { MapRunIo, ReadItem, WriteRequest } from '../tasks/map-run-io.ts';
import type { EngineUnderTest } from './engine.fixture.ts';
import { engineUnderTest } from './engine.fixture.ts';

const CHILD_TASK = { Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:000000000000:function:f', End: true };
const S3_READER = {
  Resource: 'arn:aws:states:::s3:getObject',
  Parameters: { Bucket: 'b', 'Key.$': '$.key' },
  ReaderConfig: { InputType: 'JSONL' },
};
const S3_WRITER = { Resource: 'arn:aws:states:::s3:putObject', Parameters: { Bucket: 'b', Prefix: 'p' } };

function distributed(
  fields: JsonObject = {},
  child: Json = { Type: 'Pass', End: true },
  type = 'STANDARD',
): Json {
  return {
    StartAt: 'M',
    States: {
      M: {
        Type: 'Map',
        Label: 'L',
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: type },
          StartAt: 'C',
          States: { C: child },
        },
        End: true,
        ...fields,
      },
    },
  };
}

interface Ended {
  readonly under: EngineUnderTest;
  readonly arn: string;
  readonly output: Json | undefined;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  readonly history: string;
}

async function run(
  definition: Json,
  input: Json,
  options: { mocks?: Mocks; io?: MapRunIo; seed?: string } = {},
): Promise<Ended> {
  const under = await engineUnderTest({
    autoAdvance: true,
    ...(options.mocks === undefined ? {} : { mocks: options.mocks }),
    ...(options.io === undefined ? {} : { mapRunIo: options.io }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
  });
  const stateMachineArn = await under.machine(definition);
  const { executionArn } = await under.engine.start({
    stateMachineArn,
    name: 'e',
    input: JSON.stringify(input),
  });
  const ended = await under.engine.whenEnded(executionArn);
  const { events } = await under.engine.inspect(executionArn);
  return {
    under,
    arn: executionArn,
    output: ended.output === undefined ? undefined : JSON.parse(ended.output),
    error: ended.error,
    cause: ended.cause,
    history: printHistory(events),
  };
}

/** A dataset in memory, and what was written of results. */
function ioOf(items: readonly Json[], read = { count: 0 }): MapRunIo & { written: WriteRequest[] } {
  const written: WriteRequest[] = [];
  return {
    written,
    async *read(): AsyncGenerator<ReadItem> {
      for (const value of items) {
        read.count++;
        await Promise.resolve();
        yield { value, source: 'S3://b/k' };
      }
    },
    write: async (request) => {
      written.push(request);
      return await Promise.resolve({ bucket: 'b', key: 'p/manifest.json' });
    },
  };
}

describe('the history of the parent ([14] of the recordings)', () => {
  test('of one that succeeds', async () => {
    const { history, output } = await run(distributed(), [1, 2]);
    expect(output).toEqual([1, 2]);
    expect(history.split('\n').map((line) => line.replace(/\{.*|"arn.*/u, '').trim())).toMatchInlineSnapshot(`
      [
        "1<0 ExecutionStarted [1,2]",
        "2<0 MapStateEntered M [1,2]",
        "3<2 MapStateStarted (2)",
        "4<3 MapRunStarted",
        "5<4 MapRunSucceeded",
        "6<5 MapStateSucceeded",
        "7<4 MapStateExited M [1,2]",
        "8<7 ExecutionSucceeded [1,2]",
      ]
    `);
  });

  test('of one whose child fails', async () => {
    const { history, error, cause } = await run(distributed({}, CHILD_TASK), [1, 2], {
      mocks: { C: [{ throw: { error: 'E', cause: 'c' } }, { return: 1, afterSeconds: 5 }] },
    });
    expect({ error, cause }).toEqual({
      error: 'States.ExceedToleratedFailureThreshold',
      cause: 'The specified tolerated failure threshold was exceeded',
    });
    expect(history).toMatchInlineSnapshot(`
      "1<0 ExecutionStarted [1,2]
      2<0 MapStateEntered M [1,2]
      3<2 MapStateStarted (2)
      4<3 MapRunStarted
      5<4 MapRunFailed States.ExceedToleratedFailureThreshold (The specified tolerated failure threshold was exceeded)
      6<5 MapStateFailed
      7<6 ExecutionFailed States.ExceedToleratedFailureThreshold (The specified tolerated failure threshold was exceeded)"
    `);
  });
});

describe('items', () => {
  test('are read as they are needed, and counted', async () => {
    const read = { count: 0 };
    const io = ioOf(
      Array.from({ length: 2500 }, (_, index) => index),
      read,
    );
    const under = await engineUnderTest({ mapRunIo: io });
    const child = { Type: 'Wait', Seconds: 1, End: true };
    const stateMachineArn = await under.machine(
      distributed({ ItemReader: S3_READER, MaxConcurrency: 40 }, child),
    );
    const { executionArn } = await under.engine.start({ stateMachineArn, input: '{"key":"k"}' });
    await under.clock.advance(1500);
    const [mapRun] = (await under.engine.listMapRuns({ executionArn })).items;
    expect(read.count).toBe(1000);
    expect(mapRun?.itemCounts).toMatchObject({ running: 40, succeeded: 40, pending: 920, total: 1000 });
    await under.clock.advance(62_000);
    expect(read.count).toBe(2500);
    expect((await under.engine.describe(executionArn)).status).toBe('SUCCEEDED');
  });

  test('are selected with their index and source', async () => {
    const ItemSelector = {
      'i.$': '$$.Map.Item.Index',
      'v.$': '$$.Map.Item.Value',
      's.$': '$$.Map.Item.Source',
      'in.$': '$.key',
    };
    const { output } = await run(
      distributed({ ItemReader: S3_READER, ItemSelector }),
      { key: 'k' },
      { io: ioOf(['a', 'b']) },
    );
    expect(output).toEqual([
      { i: 0, v: 'a', s: 'S3://b/k', in: 'k' },
      { i: 1, v: 'b', s: 'S3://b/k', in: 'k' },
    ]);
  });

  test.each([
    [{ MaxItemsPerBatch: 2 }, [['aa', 'bb'], ['cc']]],
    // {"Items":["aa","bb"]} has 21 bytes.
    [{ MaxInputBytesPerBatch: 21 }, [['aa', 'bb'], ['cc']]],
    [{ MaxInputBytesPerBatch: 20 }, [['aa'], ['bb'], ['cc']]],
    [{ MaxItemsPerBatch: 9, MaxInputBytesPerBatch: 262_144 }, [['aa', 'bb', 'cc']]],
  ])('come in batches of %j', async (ItemBatcher, batches) => {
    const { output } = await run(distributed({ ItemBatcher }), ['aa', 'bb', 'cc']);
    expect(output).toEqual(batches.map((Items) => ({ Items })));
  });

  test('a batch may be filled by several reads', async () => {
    const items = Array.from({ length: 1500 }, (_, index) => index);
    const ItemBatcher = { MaxItemsPerBatch: 1200 };
    const { output } = await run(
      distributed({ ItemReader: S3_READER, ItemBatcher }),
      { key: 'k' },
      { io: ioOf(items) },
    );
    expect(output).toEqual([{ Items: items.slice(0, 1200) }, { Items: items.slice(1200) }]);
  });

  test('MaxItems ends the reading', async () => {
    const read = { count: 0 };
    const ItemReader = { ...S3_READER, ReaderConfig: { InputType: 'JSONL', MaxItems: 2 } };
    const { output } = await run(distributed({ ItemReader }), { key: 'k' }, { io: ioOf([1, 2, 3], read) });
    expect(output).toEqual([1, 2]);
    expect(read.count).toBe(2);
  });

  test('what cannot be read is States.ItemReaderFailed', async () => {
    const io: MapRunIo = {
      ...ioOf([]),
      // eslint-disable-next-line require-yield -- there is nothing to give
      async *read() {
        throw new MapRunFailure('no such thing');
      },
    };
    const { error, cause, history } = await run(distributed({ ItemReader: S3_READER }), { key: 'k' }, { io });
    expect({ error, cause }).toEqual({ error: 'States.ItemReaderFailed', cause: 'no such thing' });
    expect(history).toContain('5<4 MapRunFailed States.ItemReaderFailed (no such thing)');
  });
});

describe('children', () => {
  test('are executions: listed by their map run, described, with a history', async () => {
    const { under, arn } = await run(distributed({}, CHILD_TASK), [7], { mocks: { C: [{ return: 8 }] } });
    const { engine } = under;
    const [mapRun] = (await engine.listMapRuns({ executionArn: arn })).items;
    const mapRunArn = mapRun?.mapRunArn ?? '';
    expect(mapRunArn).toMatch(/:mapRun:m\/L:[0-9a-f-]{36}$/u);
    const [child] = (await engine.list({ mapRunArn })).items;
    expect(child).toMatchObject({ mapRunArn, itemCount: 1, status: 'SUCCEEDED' });
    expect(child?.executionArn).toMatch(/:execution:m\/L:[0-9a-f-]{36}$/u);
    expect(await engine.describe(child?.executionArn ?? '')).toMatchObject({
      stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:m/L',
      mapRunArn,
      input: '7',
      output: '8',
    });
    const { items } = await engine.history({ executionArn: child?.executionArn ?? '' });
    expect(items.map(({ type }) => type)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'LambdaFunctionScheduled',
      'LambdaFunctionStarted',
      'LambdaFunctionSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
    expect((await engine.listAll()).map(({ executionArn }) => executionArn)).toEqual([arn]);
  });

  test('may be Express', async () => {
    const { under, arn, output } = await run(distributed({}, { Type: 'Pass', End: true }, 'EXPRESS'), [1]);
    expect(output).toEqual([1]);
    const [mapRun] = (await under.engine.listMapRuns({ executionArn: arn })).items;
    const { items } = await under.engine.list({ mapRunArn: mapRun?.mapRunArn ?? '' });
    expect(items[0]?.executionArn).toMatch(/:express:m\/L:[0-9a-f-]{36}:[0-9a-f-]{36}$/u);
  });

  test('run no more than MaxConcurrency at once, which may change meanwhile', async () => {
    const under = await engineUnderTest();
    const child = { Type: 'Wait', Seconds: 10, End: true };
    const stateMachineArn = await under.machine(distributed({ MaxConcurrency: 2 }, child));
    const { executionArn } = await under.engine.start({ stateMachineArn, input: '[1,2,3,4,5,6]' });
    await under.clock.advance(1);
    const [mapRun] = (await under.engine.listMapRuns({ executionArn })).items;
    const mapRunArn = mapRun?.mapRunArn ?? '';
    expect(mapRun?.itemCounts).toMatchObject({ running: 2, pending: 4 });
    await under.engine.updateMapRun({ mapRunArn, maxConcurrency: 3, toleratedFailurePercentage: 10 });
    await under.clock.advance(1);
    expect(await under.engine.describeMapRun(mapRunArn)).toMatchObject({
      maxConcurrency: 3,
      toleratedFailurePercentage: 10,
      itemCounts: { running: 3, pending: 3 },
    });
    await under.clock.advance(20_000);
    expect((await under.engine.describeMapRun(mapRunArn)).status).toBe('SUCCEEDED');
    await expect(under.engine.updateMapRun({ mapRunArn, maxConcurrency: 1 })).rejects.toThrow('not running');
  });

  test('are stopped with their parent', async () => {
    const under = await engineUnderTest();
    const child = { Type: 'Wait', Seconds: 10, End: true };
    const stateMachineArn = await under.machine(distributed({ MaxConcurrency: 1 }, child));
    const { executionArn } = await under.engine.start({ stateMachineArn, input: '[1,2]' });
    await under.clock.advance(1);
    await under.engine.stop({ executionArn });
    await under.engine.whenIdle();
    const [mapRun] = (await under.engine.listMapRuns({ executionArn })).items;
    expect(mapRun).toMatchObject({ status: 'ABORTED', itemCounts: { aborted: 1, pending: 1, running: 0 } });
    const { items } = await under.engine.list({ mapRunArn: mapRun?.mapRunArn ?? '' });
    expect(items.map(({ status }) => status)).toEqual(['ABORTED']);
  });

  test('have the same ids and times for the same seed', async () => {
    const ids = async (seed: string): Promise<unknown> => {
      const { under, arn, history } = await run(
        distributed({}, { Type: 'Wait', Seconds: 3, End: true }),
        [1, 2],
        {
          seed,
        },
      );
      const [mapRun] = (await under.engine.listMapRuns({ executionArn: arn })).items;
      return [history, mapRun, (await under.engine.list({ mapRunArn: mapRun?.mapRunArn ?? '' })).items];
    };
    expect(await ids('a')).toEqual(await ids('a'));
    expect(await ids('a')).not.toEqual(await ids('b'));
  });

  test('that are Distributed Maps themselves', async () => {
    const processor = { StartAt: 'Inner', States: { Inner: { Type: 'Pass', End: true } } };
    const child = {
      Type: 'Map',
      Label: 'Inner',
      ItemProcessor: { ...processor, ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' } },
      End: true,
    };
    expect((await run(distributed({}, child), [[1, 2], [3]])).output).toEqual([[1, 2], [3]]);
  });
});

describe('tolerated failures', () => {
  const mocks = (): Mocks => ({
    C: [{ return: 1 }, { throw: { error: 'E', cause: 'c' } }, { return: 3 }, { return: 4 }],
  });

  test.each([
    [{ ToleratedFailureCount: 1 }, 'SUCCEEDED'],
    [{ ToleratedFailureCount: 0 }, 'FAILED'],
    [{ ToleratedFailurePercentage: 25 }, 'SUCCEEDED'],
    [{ ToleratedFailurePercentage: 24.9 }, 'FAILED'],
    [{ ToleratedFailureCount: 1, ToleratedFailurePercentage: 24 }, 'FAILED'],
  ])('%j', async (fields, status) => {
    const { error } = await run(distributed({ MaxConcurrency: 1, ...fields }, CHILD_TASK), [1, 2, 3, 4], {
      mocks: mocks(),
    });
    expect(error === undefined ? 'SUCCEEDED' : 'FAILED').toBe(status);
  });

  test('of one that failed the output has its description', async () => {
    const { output } = await run(distributed({ ToleratedFailureCount: 1 }, CHILD_TASK), [1, 2, 3, 4], {
      mocks: mocks(),
    });
    expect(output).toMatchObject([1, { Status: 'FAILED', Error: 'E', Cause: 'c', Input: '2' }, 3, 4]);
  });
});

describe('ResultWriter', () => {
  test('exports what came of the children', async () => {
    const io = ioOf([]);
    const { output, arn } = await run(distributed({ ResultWriter: S3_WRITER }), [1, 2], { io });
    expect(output).toEqual({
      MapRunArn: expect.stringContaining(':mapRun:m/L:'),
      ResultWriterDetails: { Bucket: 'b', Key: 'p/manifest.json' },
    });
    expect(io.written).toMatchObject([
      {
        executionArn: arn,
        target: { parameters: { Bucket: 'b', Prefix: 'p' }, transformation: 'NONE' },
        children: [
          { input: '1', outcome: { status: 'SUCCEEDED', output: 1 } },
          { input: '2', outcome: { status: 'SUCCEEDED', output: 2 } },
        ],
        pending: [],
      },
    ]);
  });

  test('exports what there is when the map run fails', async () => {
    const io = ioOf([]);
    const fields = { ResultWriter: S3_WRITER, MaxConcurrency: 1 };
    const { error } = await run(distributed(fields, CHILD_TASK), [1, 2], {
      io,
      mocks: { C: [{ throw: { error: 'E', cause: 'c' } }] },
    });
    expect(error).toBe('States.ExceedToleratedFailureThreshold');
    expect(io.written).toMatchObject([{ children: [{ outcome: { status: 'FAILED' } }], pending: ['2'] }]);
  });

  test('a bucket that cannot be written is States.ResultWriterFailed', async () => {
    const io: MapRunIo = { ...ioOf([]), write: async () => Promise.reject(new MapRunFailure('no bucket')) };
    const { error, cause } = await run(distributed({ ResultWriter: S3_WRITER }), [1], { io });
    expect({ error, cause }).toEqual({ error: 'States.ResultWriterFailed', cause: 'no bucket' });
  });

  test.each([
    [{ OutputType: 'JSON', Transformation: 'COMPACT' }, [[1, 2], 3]],
    [{ OutputType: 'JSON', Transformation: 'FLATTEN' }, [1, 2, 3]],
    [{ OutputType: 'JSONL', Transformation: 'COMPACT' }, '[1,2]\n3'],
    [{ OutputType: 'JSON', Transformation: 'NONE' }, [{ Output: '[1,2]' }, { Output: '3' }]],
  ])('without a bucket %j formats the output', async (WriterConfig, expected) => {
    const { output } = await run(distributed({ ResultWriter: { WriterConfig } }), [[1, 2], 3]);
    expect({ output }).toMatchObject({ output: expected });
  });
});

test('a retried Map has a map run for every attempt', async () => {
  const fields = { Retry: [{ ErrorEquals: ['States.ExceedToleratedFailureThreshold'], MaxAttempts: 1 }] };
  const { under, arn, output } = await run(distributed(fields, CHILD_TASK), [1], {
    mocks: { C: [{ throw: { error: 'E', cause: 'c' } }, { return: 'ok' }] },
  });
  expect(output).toEqual(['ok']);
  const { items } = await under.engine.listMapRuns({ executionArn: arn });
  expect(items.map(({ status }) => status)).toEqual(['SUCCEEDED', 'FAILED']);
});

test('what no map run is, is refused', async () => {
  const { engine } = await engineUnderTest();
  await expect(engine.describeMapRun('x')).rejects.toMatchObject({ code: 'InvalidArn' });
  const arn = 'arn:aws:states:us-east-1:000000000000:mapRun:m/L:x';
  await expect(engine.describeMapRun(arn)).rejects.toMatchObject({ code: 'ResourceNotFound' });
});
