// Nothing of this is recorded. Source: https://docs.aws.amazon.com/step-functions/latest/dg/redrive-map-run.html
import type { Json, JsonObject } from '@stepyard/asl';
import { describe, expect, test } from 'vitest';
import type { Effect } from '../effect.ts';
import type { Input, MapRunInput } from '../input.ts';
import type { CoreRun } from '../run-core.fixture.ts';
import { runCore } from '../run-core.fixture.ts';
import type { MapRun } from './map-run.ts';
import { startedOf } from './start-child.ts';

const DAY_S = 86_400;
const READER = { Resource: 'arn:aws:states:::s3:getObject', Parameters: { Bucket: 'b', Key: 'k' } };
const WRITER = { Resource: 'arn:aws:states:::s3:putObject', Parameters: { Bucket: 'b', Prefix: 'p' } };

function machine(fields: JsonObject = {}, type = 'STANDARD'): Json {
  return {
    StartAt: 'M',
    States: {
      M: {
        Type: 'Map',
        Label: 'L',
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: type },
          StartAt: 'C',
          States: { C: { Type: 'Pass', End: true } },
        },
        End: true,
        ...fields,
      },
    },
  };
}

function mapRunOf({ execution }: CoreRun): MapRun {
  const run = [...execution.mapRuns.values()].at(-1);
  if (run === undefined) throw new Error('there is no map run');
  return run;
}

/** The id of the first map run: of its MapRunStarted event. */
const FIRST = 4;

type End = Extract<MapRunInput, { kind: 'childEnded' }>;

function ended(child: number, status: End['status'], more: Partial<End> = {}): Input {
  return { kind: 'childEnded', mapRun: FIRST, child, status, ...more };
}

function succeeded(child: number, output: Json): Input {
  return ended(child, 'SUCCEEDED', { output });
}

/** Which children were asked for, and how. */
function asked(effects: readonly Effect[]): string[] {
  return effects.flatMap((effect) => {
    if (effect.kind === 'startChildren')
      return effect.children.map((_, index) => `startChild ${effect.first + index}`);
    return effect.kind === 'startChild' || effect.kind === 'redriveChild'
      ? [`${effect.kind} ${effect.child}`]
      : [];
  });
}

/** The counts that are not 0. */
function counts(run: CoreRun): Record<string, number> {
  return Object.fromEntries(Object.entries(mapRunOf(run).executionCounts).filter(([, count]) => count !== 0));
}

function eventsFrom(run: CoreRun, id: number): string[] {
  return run
    .history()
    .split('\n')
    .slice(id - 1)
    .map((line) => line.replace(/"?arn:\S*/u, 'ARN'));
}

const REDRIVEN: Input = { kind: 'redriven' };

describe('Standard children', () => {
  test('that did not succeed are redriven, the others keep their results', () => {
    const run = runCore(machine(), ['a', 'b', 'c']);
    run.at(1, succeeded(1, 'B'));
    run.at(2, ended(0, 'FAILED', { error: 'E' }));
    expect(run.execution.outcome).toMatchObject({ error: 'States.ExceedToleratedFailureThreshold' });
    expect(counts(run)).toEqual({ succeeded: 1, failed: 1, aborted: 1, total: 3, resultsWritten: 2 });
    const events = run.execution.events.length;
    expect(asked(run.at(10, REDRIVEN))).toEqual(['redriveChild 0', 'redriveChild 2']);
    expect(counts(run)).toEqual({ succeeded: 1, running: 2, total: 3, resultsWritten: 1 });
    run.at(11, succeeded(0, 'A'), succeeded(2, 'C'));
    expect(eventsFrom(run, events + 1)).toEqual([
      `${events + 1}<${events} ExecutionRedriven`,
      `${events + 2}<${events + 1} MapRunRedriven`,
      `${events + 3}<${events + 2} MapRunSucceeded`,
      `${events + 4}<${events + 3} MapStateSucceeded`,
      `${events + 5}<${events + 2} MapStateExited M ["A","B","C"]`,
      `${events + 6}<${events + 5} ExecutionSucceeded ["A","B","C"]`,
    ]);
    expect(run.execution.events[events + 1]?.more).toEqual({ mapRunArn: mapRunOf(run).arn, redriveCount: 1 });
    expect(mapRunOf(run)).toMatchObject({ redriveCount: 1, redrivenMs: 10_000, status: 'SUCCEEDED' });
    expect(run.execution.mapRuns.size).toBe(1);
  });

  test('wait for room, and count as pending until there is some', () => {
    const run = runCore(machine({ MaxConcurrency: 1, ToleratedFailureCount: 1 }), ['a', 'b', 'c', 'd']);
    run.at(1, ended(0, 'FAILED'));
    run.at(2, ended(1, 'TIMED_OUT'));
    expect(run.execution.status).toBe('FAILED');
    expect(counts(run)).toMatchObject({ failed: 1, timedOut: 1, total: 2 });
    expect(mapRunOf(run).itemCounts).toMatchObject({ pending: 2, total: 4 });
    expect(asked(run.at(3, REDRIVEN))).toEqual(['redriveChild 0']);
    expect(counts(run)).toEqual({ pendingRedrive: 1, running: 1, total: 2 });
    expect(asked(run.at(4, succeeded(0, 'A')))).toEqual(['redriveChild 1']);
    // What no child had got yet comes last.
    expect(asked(run.at(5, succeeded(1, 'B')))).toEqual(['startChild 2']);
    run.at(6, succeeded(2, 'C'));
    run.at(7, succeeded(3, 'D'));
    expect(run.execution.outcome?.output).toEqual(['A', 'B', 'C', 'D']);
  });

  test('that still wait when the map run ends are as they were before', () => {
    const run = runCore(machine({ MaxConcurrency: 1, ToleratedFailureCount: 1 }), ['a', 'b']);
    run.at(1, ended(0, 'FAILED'));
    run.at(2, ended(1, 'TIMED_OUT'));
    run.at(3, REDRIVEN);
    run.at(4, { kind: 'stopped' });
    expect(counts(run)).toEqual({ aborted: 1, timedOut: 1, total: 2, resultsWritten: 1 });
    expect(asked(run.at(5, REDRIVEN))).toEqual(['redriveChild 0']);
    expect(run.execution.events.at(-1)?.more).toMatchObject({ redriveCount: 2 });
  });

  test('whose history is full, or that ended 14 days ago, stay failed and count against the tolerated ones', () => {
    const tolerant = machine({ ToleratedFailureCount: 2 });
    const run = runCore(tolerant, ['a', 'b', 'c', 'd']);
    run.at(0, ended(0, 'FAILED', { isFull: true }));
    run.at(1, ended(1, 'FAILED'));
    run.at(1.001, ended(2, 'FAILED'));
    expect(run.execution.status).toBe('FAILED');
    expect(asked(run.at(1 + 14 * DAY_S, REDRIVEN))).toEqual([
      'redriveChild 1',
      'redriveChild 2',
      'redriveChild 3',
    ]);
    expect(counts(run)).toEqual({
      failed: 1,
      failuresNotRedrivable: 1,
      running: 3,
      total: 4,
      resultsWritten: 1,
    });

    const late = runCore(machine(), ['a', 'b']);
    late.at(1, ended(0, 'FAILED'));
    expect(asked(late.at(1.001 + 14 * DAY_S, REDRIVEN))).toEqual([]);
    expect(late.execution.outcome).toMatchObject({ error: 'States.ExceedToleratedFailureThreshold' });
    expect(counts(late)).toMatchObject({ failed: 1, aborted: 1, failuresNotRedrivable: 2 });
  });
});

describe('Express children', () => {
  test('start anew, under the ARN that they had, however long ago it was', () => {
    const run = runCore(machine({}, 'EXPRESS'), ['a']);
    const batch = run.effects.find((effect) => effect.kind === 'startChildren');
    const [child] = batch?.children ?? [];
    if (batch === undefined || child === undefined) throw new Error('no child is started');
    const started = startedOf(batch.origin, child);
    run.at(1, ended(0, 'FAILED'));
    const again = run.at(100 * DAY_S, REDRIVEN).find((effect) => effect.kind === 'startChild');
    expect(again?.started).toEqual({ ...started, seed: `${started.seed}/1` });
    expect(again).toMatchObject({ child: 0, timeMs: 100 * DAY_S * 1000 });
    run.at(101 * DAY_S, succeeded(0, 'A'));
    expect(run.execution.outcome?.output).toEqual(['A']);
  });
});

describe('the items', () => {
  const READ: Input = {
    kind: 'itemsRead',
    mapRun: FIRST,
    values: ['a', 'b'],
    source: 'S3://b/k',
    isLast: false,
  };
  const reads = (effects: readonly Effect[]): number[] =>
    effects.flatMap((effect) => (effect.kind === 'readItems' ? [effect.from] : []));

  test('are read from the start again where no child had started', () => {
    const run = runCore(machine({ ItemReader: READER }));
    run.at(1, { kind: 'itemsFailed', mapRun: FIRST, cause: 'no' });
    expect(run.execution.outcome).toMatchObject({ error: 'States.ItemReaderFailed' });
    expect(reads(run.at(2, REDRIVEN))).toEqual([0]);
    run.at(3, { ...READ, isLast: true });
    expect(mapRunOf(run).itemCounts).toMatchObject({ total: 2, running: 2 });
  });

  test('are those of the first time where children had started; the rest of them is read on', () => {
    const run = runCore(machine({ ItemReader: READER }));
    run.at(1, READ);
    run.at(2, ended(1, 'FAILED'));
    const effects = run.at(3, REDRIVEN);
    expect(asked(effects)).toEqual(['redriveChild 0', 'redriveChild 1']);
    expect(reads(effects)).toEqual([2]);
    expect(mapRunOf(run).itemCounts).toMatchObject({ total: 2, running: 2 });
  });
});

test('results are written again, once the children have ended again', () => {
  const run = runCore(machine({ ResultWriter: WRITER }), ['a']);
  run.at(1, ended(0, 'FAILED', { error: 'E' }));
  run.at(2, { kind: 'resultsWritten', mapRun: FIRST, bucket: 'b', key: 'k' });
  run.at(3, REDRIVEN);
  // What an earlier export comes to means nothing any more.
  run.at(4, { kind: 'resultsWritten', mapRun: FIRST, bucket: 'b', key: 'old' });
  const [written] = run.at(5, succeeded(0, null)).filter(({ kind }) => kind === 'writeResults');
  expect(written).toMatchObject({ mapRun: FIRST, pending: [] });
  run.at(6, { kind: 'resultsWritten', mapRun: FIRST, bucket: 'b', key: 'new' });
  expect(run.execution.outcome?.output).toEqual({
    MapRunArn: mapRunOf(run).arn,
    ResultWriterDetails: { Bucket: 'b', Key: 'new' },
  });
});

test('a map run whose results could not be written writes them when it is redriven', () => {
  const run = runCore(machine({ ResultWriter: WRITER }), ['a']);
  run.at(1, succeeded(0, 1));
  run.at(2, { kind: 'resultsFailed', mapRun: FIRST, cause: 'no' });
  expect(run.execution.outcome).toMatchObject({ error: 'States.ResultWriterFailed' });
  const effects = run.at(3, REDRIVEN);
  expect(asked(effects)).toEqual([]);
  expect(effects.some(({ kind }) => kind === 'writeResults')).toBe(true);
});

describe('a new map run is started', () => {
  test.each([
    ['of an output that is too large', { OutputPath: '$' }, { output: 'x'.repeat(200_000) }],
    ['of a path that finds nothing', { OutputPath: '$.none' }, { output: {} }],
  ])('after one that failed because %s', (_name, fields, { output }) => {
    const run = runCore(machine(fields), ['a', 'b']);
    run.at(1, succeeded(0, output), succeeded(1, output));
    expect(run.execution.status).toBe('FAILED');
    expect(asked(run.at(2, REDRIVEN))).toEqual(['startChild 0', 'startChild 1']);
    expect(run.execution.mapRuns.size).toBe(2);
    expect(run.history()).not.toContain('MapRunRedriven');
  });

  test('where the state had not started one', () => {
    const run = runCore(
      {
        StartAt: 'W',
        States: {
          W: { Type: 'Wait', Seconds: 9, Next: 'M' },
          ...(machine() as { States: JsonObject }).States,
        },
      },
      ['a'],
    );
    run.at(1, { kind: 'stopped' });
    run.at(2, REDRIVEN);
    run.sleepUntil(11);
    expect(asked(run.effects)).toEqual(['startChild 0']);
  });
});

test('a map run is redriven 1000 times', () => {
  const run = runCore(machine(), ['a']);
  for (let redrives = 0; redrives < 1000; redrives++) {
    run.at(redrives, ended(0, 'FAILED'));
    run.at(redrives, REDRIVEN);
  }
  expect(counts(run)).toEqual({ running: 1, total: 1 });
  run.at(1000, ended(0, 'FAILED'));
  run.at(1000, REDRIVEN);
  expect(run.execution.outcome).toEqual({
    status: 'FAILED',
    error: 'States.Runtime',
    cause: 'The Map Run has been redriven 1000 times already.',
  });
  expect(mapRunOf(run)).toMatchObject({ status: 'FAILED', redriveCount: 1000 });
});

test('a map run that another branch ends is aborted, and redriven with its branch', () => {
  const processor = (machine() as { States: { M: JsonObject } }).States.M;
  const activity = { Type: 'Task', Resource: 'arn:aws:states:us-east-1:000000000000:activity:a', End: true };
  const run = runCore(
    {
      StartAt: 'P',
      States: {
        P: {
          Type: 'Parallel',
          Branches: [
            { StartAt: 'M', States: { M: processor } },
            { StartAt: 'T', States: { T: activity } },
          ],
          End: true,
        },
      },
    },
    ['a'],
  );
  const [task = 0] = run.execution.tasks.keys();
  const [mapRun = 0] = run.execution.mapRuns.keys();
  const before = run.execution.events.length;
  run.at(1, { kind: 'taskFailed', task, error: 'E' });
  expect(run.execution.events.slice(before).map(({ type }) => type)).toEqual([
    'ActivityFailed',
    'TaskStateAborted',
    'MapRunAborted',
    'MapStateAborted',
    'ParallelStateFailed',
    'ExecutionFailed',
  ]);
  expect(mapRunOf(run).status).toBe('ABORTED');
  expect(asked(run.at(2, REDRIVEN))).toEqual(['redriveChild 0']);
  run.at(3, { kind: 'childEnded', mapRun, child: 0, status: 'SUCCEEDED', output: 'A' });
  const [again = 0] = run.execution.tasks.keys();
  run.at(4, { kind: 'taskSucceeded', task: again, output: 'T' });
  expect(run.execution.outcome?.output).toEqual([['A'], 'T']);
});
