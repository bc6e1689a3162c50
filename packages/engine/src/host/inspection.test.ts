import type { Json } from '@stepyard/asl';
import { describe, expect, test } from 'vitest';
import { engineUnderTest, type EngineUnderTest } from './engine.fixture.ts';
import type { Inspection } from './inspection.ts';
import { dataFlowOf, lookAt, Watch } from './inspection.ts';

const LAMBDA = 'arn:aws:lambda:us-east-1:000000000000:function:f';

/** Runs a definition to its end, or as far as it gets in `advanceMs`. */
async function inspected(
  definition: Parameters<EngineUnderTest['machine']>[0],
  options: {
    mocks?: NonNullable<Parameters<typeof engineUnderTest>[0]>['mocks'];
    advanceMs?: number;
    input?: Json;
  } = {},
): Promise<{ inspection: Inspection; yard: EngineUnderTest; executionArn: string }> {
  const yard = await engineUnderTest({ mocks: options.mocks ?? {} });
  const stateMachineArn = await yard.machine(definition);
  const { executionArn } = await yard.engine.start({
    stateMachineArn,
    input: JSON.stringify(options.input ?? { n: 1 }),
  });
  await yard.clock.advance(options.advanceMs ?? 0);
  return { inspection: await yard.engine.inspection(executionArn), yard, executionArn };
}

/** `name status` of every visit, indented by its parent. */
function outline(inspection: Inspection, untilEventId?: number): string[] {
  return lookAt(inspection, untilEventId).visits.map(
    ({ stateName, status, parent, index }) =>
      `${parent === 0 ? '' : `${parent}[${index}] `}${stateName} ${status}`,
  );
}

const RETRIED = {
  StartAt: 'T',
  States: {
    T: {
      Type: 'Task',
      Resource: LAMBDA,
      Retry: [{ ErrorEquals: ['E'], IntervalSeconds: 10, MaxAttempts: 1 }],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'W' }],
      End: true,
    },
    W: { Type: 'Wait', Seconds: 60, Next: 'F' },
    F: { Type: 'Fail', Error: 'Bad', Cause: 'very' },
  },
};
const failing = { T: [{ throw: { error: 'E', cause: 'c' }, times: 2 }] };

describe('visits', () => {
  test('a task that is retried, caught, and what it waits for', async () => {
    const { inspection, yard, executionArn } = await inspected(RETRIED, { mocks: failing });
    expect(outline(inspection)).toEqual(['T waiting']);
    const look = lookAt(inspection);
    expect(look.pending).toMatchObject([{ kind: 'retry', stateName: 'T', retry: 1, dueMs: 1_010_000 }]);
    await yard.clock.advance(10_000);
    const later = await yard.engine.inspection(executionArn);
    expect(outline(later)).toEqual(['T caught', 'W waiting']);
    const [visit] = lookAt(later).visits;
    expect(visit?.attempts.map(({ status, failure }) => [status, failure?.error])).toEqual([
      ['failed', 'E'],
      ['failed', 'E'],
    ]);
    expect(lookAt(later).transitions).toBe(3);
    await yard.clock.advance(60_000);
    const ended = await yard.engine.inspection(executionArn);
    expect(outline(ended)).toEqual(['T caught', 'W succeeded', 'F failed']);
    expect(lookAt(ended).visits.at(-1)).toMatchObject({ endedMs: 1_070_000, failure: { error: 'Bad' } });
  });

  test('branches and iterations lie within their state; one failure aborts the others', async () => {
    const { inspection } = await inspected({
      StartAt: 'P',
      States: {
        P: {
          Type: 'Parallel',
          Branches: [
            {
              StartAt: 'M',
              States: {
                M: {
                  Type: 'Map',
                  ItemsPath: '$.list',
                  Parameters: { x: 1 },
                  ItemProcessor: { StartAt: 'I', States: { I: { Type: 'Pass', End: true } } },
                  End: true,
                },
              },
            },
            { StartAt: 'S', States: { S: { Type: 'Wait', Seconds: 9, End: true } } },
          ],
          Parameters: { list: [1, 2] },
          Next: 'N',
        },
        N: { Type: 'Pass', End: true },
      },
    });
    expect(outline(inspection)).toEqual([
      'P running',
      '2[0] M succeeded',
      '2[1] S waiting',
      '4[0] I succeeded',
      '4[1] I succeeded',
    ]);
    const { visits, visitOf } = lookAt(inspection);
    expect(visits.map(({ children }) => children)).toEqual([
      { total: 2, running: 1, succeeded: 1, failed: 0 },
      { total: 2, running: 0, succeeded: 2, failed: 0 },
      undefined,
      undefined,
      undefined,
    ]);
    const iteration = inspection.description.eventCount;
    expect(visitOf(1)).toBe(0);
    expect(visitOf(2)).toBe(2);
    expect(iteration).toBeGreaterThan(10);
  });

  test('what runs when the execution is stopped is aborted', async () => {
    const { yard, executionArn } = await inspected(RETRIED, { mocks: failing });
    await yard.engine.stop({ executionArn });
    // It had failed, and was to be tried again.
    expect(outline(await yard.engine.inspection(executionArn))).toEqual(['T failed']);
  });
});

/** What there is to compare of two looks. */
function said(look: ReturnType<typeof lookAt>): unknown {
  const { visits, tally, transitions, largestPayload, pending, timers, eventCount, status } = look;
  return { visits, tally, transitions, largestPayload, pending, timers, eventCount, status };
}

describe('watching', () => {
  test('what has been seen is not replayed again, and it comes to the same', async () => {
    const { inspection, yard, executionArn } = await inspected(RETRIED, { mocks: failing });
    const watch = new Watch(inspection);
    for (const byMs of [0, 5_000, 5_000, 30_000, 30_000, 1_000]) {
      await yard.clock.advance(byMs);
      const { turnCount } = watch.seen;
      const since = await yard.engine.inspectionSince(executionArn, watch.seen);
      watch.advance(since);
      const whole = await yard.engine.inspection(executionArn);
      expect(since.turns).toEqual(whole.turns.slice(turnCount));
      expect(watch.description).toEqual(whole.description);
      expect(said(watch.look)).toEqual(said(lookAt(whole)));
      expect(said(watch.lookBack(4))).toEqual(said(lookAt(whole, 4)));
      expect(watch.events(1, Number.POSITIVE_INFINITY, true)).toEqual(
        (await yard.engine.inspect(executionArn)).events,
      );
    }
    expect(watch.look.status).toBe('FAILED');
    expect((await yard.engine.inspectionSince(executionArn, watch.seen)).turns).toEqual([]);
    expect(watch.briefs(2).map(({ type, visit }) => [type, visit])).toMatchObject([
      ['TaskStateEntered', 2],
      ['LambdaFunctionScheduled', 2],
      ...Array.from({ length: watch.look.eventCount - 4 }, () => [expect.any(String), expect.any(Number)]),
      ['ExecutionFailed', 0],
    ]);
    expect(watch.briefs(3)[0]?.resource).toBe(LAMBDA);
    expect(watch.dataFlow(2)).toEqual(dataFlowOf(await yard.engine.inspection(executionArn), 2));
  });

  test('turns that find no new events are applied once: heartbeats', async () => {
    const yard = await engineUnderTest();
    const { activityArn } = await yard.engine.createActivity('a');
    const stateMachineArn = await yard.machine({
      StartAt: 'T',
      States: { T: { Type: 'Task', Resource: activityArn, HeartbeatSeconds: 60, End: true } },
    });
    const { executionArn } = await yard.engine.start({ stateMachineArn, input: '{}' });
    const watch = new Watch(await yard.engine.inspection(executionArn));
    const task = await yard.engine.getActivityTask({ activityArn });
    const taskToken = task?.taskToken ?? '';
    for (let beat = 0; beat < 4; beat++) {
      await yard.clock.advance(20_000);
      await yard.engine.sendTaskHeartbeat(taskToken);
      watch.advance(await yard.engine.inspectionSince(executionArn, watch.seen));
      expect(said(watch.look)).toEqual(said(lookAt(await yard.engine.inspection(executionArn))));
    }
    await yard.engine.sendTaskSuccess({ taskToken, output: '1' });
    watch.advance(await yard.engine.inspectionSince(executionArn, watch.seen));
    expect(watch.look.status).toBe('SUCCEEDED');
  });
});

describe('the past', () => {
  const definition = {
    StartAt: 'A',
    States: {
      A: { Type: 'Pass', Assign: { v: 'a' }, Result: { from: 'A' }, Next: 'B' },
      B: { Type: 'Pass', Assign: { v: 'b' }, Next: 'C' },
      C: { Type: 'Succeed' },
    },
  };

  test('stands still after any event, with the variables and the data of that moment', async () => {
    const { inspection } = await inspected(definition);
    const at = (event: number) => lookAt(inspection, event);
    expect(at(2).open.lines).toMatchObject([{ stateName: 'A', input: { n: 1 }, variables: {} }]);
    expect(at(4).open.lines).toMatchObject([{ stateName: 'B', variables: { v: 'a' } }]);
    expect(at(6).open.lines).toMatchObject([{ stateName: 'C', variables: { v: 'b' } }]);
    expect(at(99)).toMatchObject({ status: 'SUCCEEDED', eventCount: 8 });
    expect(at(99).open).toEqual({ lines: [], count: 0 });
    expect(outline(inspection, 4)).toEqual(['A succeeded', 'B running']);
  });

  test('the way of the data through a state, and the variables before it', async () => {
    const { inspection } = await inspected({
      StartAt: 'A',
      States: {
        A: {
          Type: 'Pass',
          InputPath: '$',
          Parameters: { 'm.$': '$.n' },
          ResultPath: '$.r',
          OutputPath: '$.r',
          Assign: { 'k.$': '$.m' },
          End: true,
        },
      },
    });
    expect(dataFlowOf(inspection, 2)).toMatchObject({
      input: { n: 1 },
      output: { m: 1 },
      variables: {},
      assigned: { k: 1 },
      context: { State: { Name: 'A' } },
    });
    expect(dataFlowOf(inspection, 2)?.steps.map(({ station, value }) => [station, value])).toEqual([
      ['afterInputPath', { n: 1 }],
      ['afterParameters', { m: 1 }],
      ['result', { m: 1 }],
      ['afterResultSelector', { m: 1 }],
      ['afterResultPath', { n: 1, r: { m: 1 } }],
    ]);
    expect(dataFlowOf(inspection, 3)).toBeUndefined();
  });

  test('a child that ended where it started, and an Express execution, are looked at like any other', async () => {
    const { engine, clock, machine } = await engineUnderTest();
    const stateMachineArn = await machine({
      StartAt: 'M',
      States: {
        M: {
          Type: 'Map',
          ItemProcessor: {
            ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
            StartAt: 'I',
            States: { I: { Type: 'Pass', End: true } },
          },
          End: true,
        },
      },
    });
    const { executionArn } = await engine.start({ stateMachineArn, input: '[1,2]' });
    await clock.advance(0);
    expect(lookAt(await engine.inspection(executionArn)).visits).toMatchObject([
      { stateName: 'M', status: 'succeeded', mapRunEvent: 4, children: { total: 2, succeeded: 2 } },
    ]);
    const [run] = (await engine.listMapRuns({ executionArn })).items;
    const [child] = (await engine.list({ mapRunArn: run?.mapRunArn ?? '' })).items;
    const inspection = await engine.inspection(child?.executionArn ?? '');
    expect(outline(inspection)).toEqual(['I succeeded']);

    const express = await machine(definition, { name: 'e', type: 'EXPRESS' });
    const sync = await engine.startSync({ stateMachineArn: express });
    expect(outline(await engine.inspection(sync.executionArn))).toEqual([
      'A succeeded',
      'B succeeded',
      'C succeeded',
    ]);
    const listed = await engine.list({ stateMachineArn: express, includesExpress: true });
    expect(listed.items.map((item) => item.executionArn)).toEqual([sync.executionArn]);
    expect((await engine.tally()).get(express)?.counts.SUCCEEDED).toBe(1);
  });
});

describe('a fork', () => {
  test('goes on from a state with edited data, and tells what it is a fork of', async () => {
    const { yard, executionArn } = await inspected(RETRIED, { mocks: failing, advanceMs: 70_000 });
    const fork = await yard.engine.fork({
      executionArn,
      stateName: 'F',
      input: '{"edited":true}',
      variables: '{"v":1}',
      name: 'again',
    });
    await yard.clock.advance(0);
    const description = await yard.engine.describe(fork.executionArn);
    expect(description).toMatchObject({
      name: 'again',
      status: 'FAILED',
      forkOf: executionArn,
      input: '{"n":1}',
    });
    expect(outline(await yard.engine.inspection(fork.executionArn))).toEqual(['F failed']);
    await expect(
      yard.engine.fork({ executionArn, stateName: 'F', input: '1', name: 'again' }),
    ).rejects.toThrow('Execution Already Exists');
  });

  test('may have a definition of its own, which its forks keep and the machine never sees', async () => {
    const { yard, executionArn } = await inspected(RETRIED, { mocks: failing });
    const definition = JSON.stringify({ StartAt: 'X', States: { X: { Type: 'Succeed' } } });
    const fork = await yard.engine.fork({ executionArn, stateName: 'X', input: '{}', definition });
    await yard.clock.advance(0);
    const again = await yard.engine.fork({
      executionArn: fork.executionArn,
      stateName: 'X',
      input: '{"y":1}',
    });
    await yard.clock.advance(0);
    const { output } = await yard.engine.describe(again.executionArn);
    expect(output).toBe('{"y":1}');
    const machine = await yard.engine.describeStateMachineForExecution(again.executionArn);
    expect(machine.definition).toBe(definition);
    const own = await yard.engine.describeStateMachine(machine.stateMachineArn);
    expect(own.definition).toBe(JSON.stringify(RETRIED));
    expect(lookAt(await yard.engine.inspection(again.executionArn)).visits).toHaveLength(1);
  });

  const WITHIN = {
    StartAt: 'V',
    States: {
      V: { Type: 'Pass', Assign: { outer: 1 }, Next: 'P' },
      P: {
        Type: 'Parallel',
        Branches: [
          { StartAt: 'A', States: { A: { Type: 'Task', Resource: LAMBDA, End: true } } },
          {
            StartAt: 'B',
            States: {
              B: { Type: 'Pass', Assign: { inner: 2 }, Next: 'C' },
              C: {
                Type: 'Pass',
                Parameters: { 'in.$': '$', 'outer.$': '$outer', 'inner.$': '$inner' },
                Next: 'D',
              },
              D: { Type: 'Task', Resource: LAMBDA, End: true },
            },
          },
        ],
        Next: 'E',
      },
      E: { Type: 'Pass', Parameters: { 'results.$': '$', 'outer.$': '$outer' }, End: true },
    },
  };

  /** Of an execution whose branch D failed, after A had given "a". */
  async function withinParallel(): Promise<{ yard: EngineUnderTest; executionArn: string; visit: number }> {
    const mocks = { A: [{ return: 'a' }], D: [{ throw: { error: 'E' } }, { return: 'd' }] };
    const { inspection, yard, executionArn } = await inspected(WITHIN, { mocks });
    expect(outline(inspection)).toEqual([
      'V succeeded',
      'P failed',
      '4[0] A succeeded',
      '4[1] B succeeded',
      '4[1] C succeeded',
      '4[1] D failed',
    ]);
    const visit = lookAt(inspection).visits.find(({ stateName }) => stateName === 'C')?.id ?? 0;
    return { yard, executionArn, visit };
  }

  test('within a branch: the finished one is kept, variables go where they were, and it can be forked again', async () => {
    const { yard, executionArn, visit } = await withinParallel();
    const first = await yard.engine.fork({
      executionArn,
      stateName: 'C',
      visit,
      input: '"edited"',
      variables: '{"outer":10,"inner":20}',
    });
    await yard.clock.advance(0);
    const inspection = await yard.engine.inspection(first.executionArn);
    expect(outline(inspection)).toEqual([
      'P succeeded',
      '2[1] C succeeded',
      '2[1] D succeeded',
      'E succeeded',
    ]);
    expect(inspection.description.output).toBe('{"results":["a","d"],"outer":10}');
    expect(dataFlowOf(inspection, 4)?.output).toEqual({ in: 'edited', outer: 10, inner: 20 });
    // Its own visits have ids of their own, and its variables stay unless others are given.
    const again = await yard.engine.fork({
      executionArn: first.executionArn,
      stateName: 'C',
      visit: 4,
      input: '"twice"',
    });
    await yard.clock.advance(0);
    const last = await yard.engine.inspection(again.executionArn);
    expect(dataFlowOf(last, 4)?.output).toEqual({ in: 'twice', outer: 10, inner: 20 });
  });

  test.each([
    [{}, "'C' is none of the definition's. To begin at a state within a Map or Parallel, say which visit"],
    [{ visit: 1 }, 'There was no visit of a state that began with event 1.'],
    [{ visit: 2 }, "Event 2 is where 'V' was entered, not 'C'."],
    [
      { definition: JSON.stringify({ StartAt: 'C', States: { C: { Type: 'Succeed' } } }) },
      "An execution cannot begin there: 'P' is not a state of the definition.",
    ],
  ])('within a branch, refuses %j', async (request, message) => {
    const { yard, executionArn, visit } = await withinParallel();
    const given = 'definition' in request ? { ...request, visit } : request;
    await expect(yard.engine.fork({ executionArn, stateName: 'C', input: '1', ...given })).rejects.toThrow(
      message,
    );
  });

  test('of lines that hold more than 16 MiB is refused', async () => {
    const text = 'x'.repeat(200_000);
    const { yard, executionArn, inspection } = await inspected(
      {
        StartAt: 'M',
        States: {
          M: {
            Type: 'Map',
            ItemsPath: '$.list',
            ItemProcessor: {
              StartAt: 'T',
              States: { T: { Type: 'Task', Resource: LAMBDA, Next: 'F' }, F: { Type: 'Pass', End: true } },
            },
            End: true,
          },
        },
      },
      { mocks: { T: [{ return: text, times: 90 }] }, input: { list: Array.from({ length: 90 }, () => 1) } },
    );
    const visit = lookAt(inspection).visits.find(({ stateName }) => stateName === 'T')?.id ?? 0;
    await expect(yard.engine.fork({ executionArn, stateName: 'T', visit, input: '1' })).rejects.toThrow(
      'is larger than 16777216 bytes',
    );
  });

  test.each([
    [{ stateName: 'nowhere', input: '{}' }, "'nowhere' is none of the definition's"],
    [{ stateName: 'W', input: '{' }, 'Invalid input'],
    [{ stateName: 'W', input: '{}', variables: '[]' }, 'Invalid variables'],
    [{ stateName: 'W', input: '{}', definition: '{}' }, 'Invalid State Machine Definition'],
  ])('refuses %j', async (request, message) => {
    const { yard, executionArn } = await inspected(RETRIED, { mocks: failing });
    await expect(yard.engine.fork({ executionArn, ...request })).rejects.toThrow(message);
  });
});

test('changes are told one by one, with what is durable', async () => {
  const { engine, clock, machine } = await engineUnderTest();
  const stateMachineArn = await machine({
    StartAt: 'W',
    States: { W: { Type: 'Wait', Seconds: 1, End: true } },
  });
  const told: string[] = [];
  const end = engine.onChange(({ status, eventCount }) => told.push(`${status} ${eventCount}`));
  await engine.start({ stateMachineArn });
  await clock.advance(1000);
  end();
  await engine.start({ stateMachineArn });
  expect(told).toEqual(['RUNNING 2', 'SUCCEEDED 4']);
});
