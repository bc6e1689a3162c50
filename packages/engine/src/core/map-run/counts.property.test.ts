import type { Json } from '@stepyard/asl';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EndStatus } from '../effect.ts';
import type { Input } from '../input.ts';
import type { CoreRun } from '../run-core.fixture.ts';
import { runCore } from '../run-core.fixture.ts';
import type { MapRun, RunCounts } from './map-run.ts';

/** What may happen to a map run; numbers choose among what there is. */
type Happening =
  | { readonly kind: 'ends'; readonly which: number; readonly status: EndStatus; readonly isFull: boolean }
  | { readonly kind: 'read'; readonly count: number; readonly isLast: boolean }
  | { readonly kind: 'readFails' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'redrive'; readonly afterDays: number }
  | { readonly kind: 'update'; readonly maxConcurrency: number; readonly tolerated: number };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('ends' as const),
      which: fc.nat(20),
      status: fc.constantFrom<EndStatus>('SUCCEEDED', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'),
      isFull: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('read' as const), count: fc.nat(4), isLast: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'readFails' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'stop' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('redrive' as const), afterDays: fc.constantFrom(0, 1, 15) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('update' as const),
      maxConcurrency: fc.nat(3),
      tolerated: fc.nat(3),
    }),
  },
);

function machine(executionType: 'STANDARD' | 'EXPRESS', batched: boolean, written: boolean): Json {
  return {
    StartAt: 'M',
    States: {
      M: {
        Type: 'Map',
        MaxConcurrency: 2,
        ToleratedFailureCount: 1,
        ItemReader: { Resource: 'arn:aws:states:::s3:getObject', Parameters: { Bucket: 'b', Key: 'k' } },
        ...(batched ? { ItemBatcher: { MaxItemsPerBatch: 2 } } : {}),
        ...(written
          ? { ResultWriter: { Resource: 'arn:aws:states:::s3:putObject', Parameters: { Bucket: 'b' } } }
          : {}),
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: executionType },
          StartAt: 'P',
          States: { P: { Type: 'Pass', End: true } },
        },
        End: true,
      },
    },
  };
}

/** The input that says it, if it can happen now. */
function inputOf(happens: Happening, run: MapRun, isRunning: boolean): Input | undefined {
  const mapRun = run.id;
  switch (happens.kind) {
    case 'ends': {
      const open = [...run.open.keys()];
      const child = open[happens.which % open.length];
      if (child === undefined) return undefined;
      const { status, isFull } = happens;
      const isDone = status === 'SUCCEEDED';
      return {
        kind: 'childEnded',
        mapRun,
        child,
        status,
        ...(isDone ? { output: child } : {}),
        ...(isFull && !isDone ? { isFull } : {}),
      };
    }
    case 'read': {
      const values = Array.from({ length: happens.count }, (_, index) => index);
      return run.items.isReading
        ? { kind: 'itemsRead', mapRun, values, source: 'S3://b/k', isLast: happens.isLast }
        : undefined;
    }
    case 'readFails':
      return run.items.isReading ? { kind: 'itemsFailed', mapRun, cause: 'no' } : undefined;
    case 'stop':
      return { kind: 'stopped' };
    case 'redrive':
      return isRunning ? undefined : { kind: 'redriven' };
    case 'update':
      return {
        kind: 'mapRunUpdated',
        mapRun,
        maxConcurrency: happens.maxConcurrency,
        toleratedFailureCount: happens.tolerated,
      };
    default:
      return happens satisfies never;
  }
}

const ENDED = ['succeeded', 'failed', 'timedOut', 'aborted'] as const;

function sum(counts: RunCounts): number {
  const ended = ENDED.reduce((all, name) => all + counts[name], 0);
  return ended + counts.pending + counts.running + counts.pendingRedrive;
}

function violations({ execution }: CoreRun, run: MapRun): string[] {
  const { executionCounts: executions, itemCounts: items } = run;
  const unsuccessful = executions.failed + executions.timedOut + executions.aborted;
  const rules: [string, boolean][] = [
    ['executions add up', sum(executions) === executions.total],
    ['items add up', sum(items) === items.total],
    ['nothing is negative', [...Object.values(executions), ...Object.values(items)].every((n) => n >= 0)],
    ['running ones are those that are open', executions.running === run.open.size],
    ['those that wait are counted', executions.pendingRedrive === run.pendingRedrive.length],
    ['what did not succeed is kept', unsuccessful === run.unsuccessful.size],
    ['what cannot be redriven is among it', executions.failuresNotRedrivable <= run.unsuccessful.size],
    ['no result is written twice', executions.resultsWritten <= executions.total],
    ['nothing runs or waits after the end', run.status === 'RUNNING' || sumOf(run) === 0],
    [
      'a map run runs no longer than its execution',
      run.status !== 'RUNNING' || execution.status === 'RUNNING',
    ],
  ];
  return rules.filter(([, holds]) => !holds).map(([rule]) => rule);
}

function sumOf({ executionCounts: { running, pendingRedrive } }: MapRun): number {
  return running + pendingRedrive;
}

test('whatever happens to a map run and however often it is redriven, its counts are right', () => {
  const inputs = fc.record({
    type: fc.constantFrom('STANDARD' as const, 'EXPRESS' as const),
    batched: fc.boolean(),
    written: fc.boolean(),
    happenings: fc.array(happening, { maxLength: 40 }),
  });
  fc.assert(
    fc.property(inputs, ({ type, batched, written, happenings }) => {
      const run = runCore(machine(type, batched, written));
      let seconds = 0;
      for (const happens of happenings) {
        const mapRun = [...run.execution.mapRuns.values()].at(-1);
        if (mapRun === undefined || run.execution.status === 'SUCCEEDED') return;
        const isRunning = run.execution.status === 'RUNNING';
        const input = inputOf(happens, mapRun, isRunning);
        if (input === undefined || (!isRunning && input.kind !== 'redriven')) continue;
        seconds += happens.kind === 'redrive' ? happens.afterDays * 86_400 : 1;
        run.at(seconds, input);
        if (mapRun.phase === 'writing')
          run.at(seconds, { kind: 'resultsWritten', mapRun: mapRun.id, bucket: 'b', key: 'k' });
        for (const each of run.execution.mapRuns.values()) expect(violations(run, each)).toEqual([]);
      }
    }),
    { numRuns: 300 },
  );
});
