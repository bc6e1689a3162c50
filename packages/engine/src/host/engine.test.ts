import { describe, expect, test } from 'vitest';
import { createMemoryStore } from '../journal/memory-store.ts';
import type { Store } from '../journal/store.ts';
import type { Json, JsonObject } from '@stepyard/asl';
import { isObject, parseJson } from '@stepyard/asl';
import { printHistory } from '../core/history/print-history.ts';
import type { EngineUnderTest } from './engine.fixture.ts';
import { engineUnderTest } from './engine.fixture.ts';
import { EngineError } from './engine-error.ts';

const PASS: JsonObject = { StartAt: 'A', States: { A: { Type: 'Pass', End: true } } };
const WAIT: Json = { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 60, End: true } } };
const TOKEN: Json = {
  StartAt: 'T',
  States: {
    T: {
      Type: 'Task',
      Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
      Parameters: { QueueUrl: 'q', 'MessageBody.$': '$$.Task.Token' },
      HeartbeatSeconds: 60,
      End: true,
    },
  },
};
const code = (expected: string): object => ({
  asymmetricMatch: (error: unknown) => error instanceof EngineError && error.code === expected,
});

describe('state machines', () => {
  test('creating the same again changes nothing, anything else is refused', async () => {
    const { engine, machine } = await engineUnderTest();
    const arn = await machine(PASS);
    expect(arn).toBe('arn:aws:states:us-east-1:000000000000:stateMachine:m');
    expect(await machine(PASS)).toBe(arn);
    await expect(machine(WAIT)).rejects.toMatchObject({
      code: 'StateMachineAlreadyExists',
      message: `State Machine Already Exists: '${arn}'`,
    });
    await expect(machine(PASS, { name: 'no spaces' })).rejects.toThrow("Invalid Name: 'no spaces'");
    await expect(machine({ StartAt: 'A' }, { name: 'n' })).rejects.toEqual(code('InvalidDefinition'));
    expect((await engine.listStateMachines()).items.map(({ name }) => name)).toEqual(['m']);
  });

  test('an update gives a revision, the same update again the same one; running executions keep theirs', async () => {
    const { engine, machine } = await engineUnderTest();
    const stateMachineArn = await machine(WAIT);
    expect((await engine.describeStateMachine(stateMachineArn)).revisionId).toBeUndefined();
    const { executionArn } = await engine.start({ stateMachineArn });
    const update = { stateMachineArn, definition: JSON.stringify(PASS) };
    const first = await engine.updateStateMachine(update);
    expect((await engine.updateStateMachine(update)).revisionId).toBe(first.revisionId);
    expect((await engine.describeStateMachineForExecution(executionArn)).definition).toBe(
      JSON.stringify(WAIT),
    );
    expect((await engine.describe(executionArn)).status).toBe('RUNNING');
  });

  test.each([
    ['not_a_valid_arn', 'InvalidArn', "Invalid Arn: 'Invalid ARN prefix: not_a_valid_arn'"],
    [
      'arn:aws:states:us-east-1:000000000000:stateMachine:no',
      'StateMachineDoesNotExist',
      "State Machine Does Not Exist: 'arn:aws:states:us-east-1:000000000000:stateMachine:no'",
    ],
  ])('%s: %s', async (arn, expected, message) => {
    const { engine } = await engineUnderTest();
    await expect(engine.describeStateMachine(arn)).rejects.toMatchObject({ code: expected, message });
    await expect(engine.start({ stateMachineArn: arn })).rejects.toEqual(code(expected));
  });
});

describe('executions', () => {
  test('the same name and input again is the same execution while it runs, and refused when it differs or has ended', async () => {
    const { engine, clock, machine } = await engineUnderTest();
    const stateMachineArn = await machine(WAIT);
    const request = { stateMachineArn, name: 'n', input: '{"a": 1}' };
    const first = await engine.start(request);
    expect(await engine.start(request)).toEqual(first);
    await expect(engine.start({ ...request, input: '{}' })).rejects.toEqual(code('ExecutionAlreadyExists'));
    await clock.advance(60_000);
    await expect(engine.start(request)).rejects.toMatchObject({
      message: `Execution Already Exists: '${first.executionArn}'`,
    });
  });

  test.each([['{'], ['['.repeat(2000) + ']'.repeat(2000)]])(
    'input that is no JSON is refused',
    async (input) => {
      const { engine, machine } = await engineUnderTest();
      const stateMachineArn = await machine(PASS);
      await expect(engine.start({ stateMachineArn, input })).rejects.toEqual(code('InvalidExecutionInput'));
      expect((await engine.list({ stateMachineArn })).items).toEqual([]);
    },
  );

  test('is described while it runs and when it has ended, its input letter by letter', async () => {
    const { engine, clock, machine, changes } = await engineUnderTest();
    const { executionArn, startDateMs } = await engine.start({
      stateMachineArn: await machine(WAIT),
      name: 'n',
      input: '[1,  2]',
    });
    expect(await engine.describe(executionArn)).toMatchObject({
      status: 'RUNNING',
      startDateMs,
      stopDateMs: undefined,
      input: '[1,  2]',
      redriveStatusReason: 'Execution is RUNNING and cannot be redriven',
    });
    const ended = engine.whenEnded(executionArn);
    await clock.advance(60_000);
    expect(await ended).toMatchObject({
      status: 'SUCCEEDED',
      output: '[1,2]',
      stopDateMs: startDateMs + 60_000,
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven',
    });
    expect(changes.map(({ detail }) => [detail['status'], detail['stopDate'], detail['output']])).toEqual([
      ['RUNNING', null, null],
      ['SUCCEEDED', startDateMs + 60_000, '[1,2]'],
    ]);
    expect(changes[0]).toMatchObject({
      source: 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      resources: [executionArn],
      time: '1970-01-01T00:16:40Z',
    });
  });

  test('one that ends at once has told that it runs', async () => {
    const { engine, machine, changes } = await engineUnderTest();
    const { executionArn } = await engine.start({ stateMachineArn: await machine(PASS) });
    await engine.whenEnded(executionArn);
    await engine.whenIdle();
    expect(changes.map(({ detail }) => detail['status'])).toEqual(['RUNNING', 'SUCCEEDED']);
  });

  test('is stopped, once', async () => {
    const { engine, clock, machine } = await engineUnderTest();
    const { executionArn } = await engine.start({ stateMachineArn: await machine(WAIT) });
    const { stopDateMs } = await engine.stop({ executionArn, error: 'E', cause: 'c' });
    await clock.advance(100_000);
    expect(await engine.stop({ executionArn })).toEqual({ stopDateMs });
    expect(await engine.describe(executionArn)).toMatchObject({
      status: 'ABORTED',
      error: 'E',
      cause: 'c',
      redriveStatus: 'REDRIVABLE',
    });
  });

  test('lists go newest first, by status, in pages that new starts do not move', async () => {
    const { engine, machine } = await engineUnderTest();
    const stateMachineArn = await machine(WAIT);
    for (const name of ['a', 'b', 'c', 'd']) await engine.start({ stateMachineArn, name });
    await engine.stop({ executionArn: `arn:aws:states:us-east-1:000000000000:execution:m:b` });
    const first = await engine.list({ stateMachineArn, maxResults: 2 });
    expect(first.items.map(({ name }) => name)).toEqual(['d', 'c']);
    await engine.start({ stateMachineArn, name: 'e' });
    const second = await engine.list({
      stateMachineArn,
      maxResults: 2,
      ...(first.next === undefined ? {} : { after: first.next }),
    });
    expect(second).toMatchObject({
      items: [{ name: 'b', status: 'ABORTED' }, { name: 'a' }],
      next: undefined,
    });
    expect(
      (await engine.list({ stateMachineArn, statusFilter: 'ABORTED' })).items.map(({ name }) => name),
    ).toEqual(['b']);
    await expect(engine.list({ stateMachineArn, maxResults: 1001 })).rejects.toEqual(
      code('ValidationException'),
    );
  });

  test('a history comes in pages, in both directions, and without its data', async () => {
    const { engine, machine } = await engineUnderTest();
    const { executionArn } = await engine.start({
      stateMachineArn: await machine(PASS),
      input: '{"secret":1}',
    });
    await engine.whenEnded(executionArn);
    const ids = async (request: object): Promise<unknown> => {
      const { items, next } = await engine.history({ executionArn, ...request });
      return [items.map(({ id }) => id), next];
    };
    expect(await ids({ maxResults: 3 })).toEqual([[1, 2, 3], '3']);
    expect(await ids({ maxResults: 3, after: '3' })).toEqual([[4], undefined]);
    expect(await ids({ maxResults: 3, reverseOrder: true })).toEqual([[4, 3, 2], '3']);
    expect(await ids({ maxResults: 3, reverseOrder: true, after: '3' })).toEqual([[1], undefined]);
    const { items } = await engine.history({ executionArn, includeExecutionData: false });
    expect(JSON.stringify(items)).not.toContain('secret');
    expect(items[1]?.details).toEqual({ name: 'A' });
  });

  test('a year-long wait and an hour of retries take no time on the virtual clock, and the times are exact', async () => {
    const { engine, machine } = await engineUnderTest({
      autoAdvance: true,
      mocks: {
        T: [
          { times: 3, throw: { error: 'E' } },
          { return: 1, afterSeconds: 5 },
        ],
      },
    });
    const stateMachineArn = await machine({
      StartAt: 'W',
      States: {
        W: { Type: 'Wait', Seconds: 31_536_000, Next: 'T' },
        T: {
          Type: 'Task',
          Resource: 'arn:aws:lambda:us-east-1:0:function:f',
          TimeoutSeconds: 60,
          Retry: [{ ErrorEquals: ['E'], IntervalSeconds: 600 }],
          End: true,
        },
      },
    });
    const { executionArn, startDateMs } = await engine.start({ stateMachineArn });
    const { stopDateMs, output } = await engine.whenEnded(executionArn);
    expect(output).toBe('1');
    expect((stopDateMs ?? 0) - startDateMs).toBe((31_536_000 + 600 + 1200 + 2400 + 5) * 1000);
  });

  test('effects follow only once the input is durable, and so does the answer', async () => {
    const durable: (() => void)[] = [];
    const memory = createMemoryStore();
    const { commit } = memory;
    let isSlow = false;
    memory.commit = async (...[writes]: Parameters<Store['commit']>) => {
      if (isSlow) await new Promise<void>((resolve) => durable.push(resolve));
      await commit.call(memory, writes);
    };
    const invoked: string[] = [];
    const { engine, clock, machine } = await engineUnderTest({
      store: memory,
      runner: {
        run: async ({ stateName }) => {
          invoked.push(stateName);
          return { kind: 'succeeded', output: 1 };
        },
      },
    });
    const stateMachineArn = await machine({
      StartAt: 'T',
      States: { T: { Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:0:function:f', End: true } },
    });
    isSlow = true;
    let answered = false;
    const started = engine.start({ stateMachineArn }).then((answer) => ((answered = true), answer));
    await clock.advance(0);
    expect([invoked, answered]).toEqual([[], false]);
    durable.shift()?.();
    const { executionArn } = await started;
    expect(invoked).toEqual(['T']);
    await clock.advance(0);
    expect((await engine.describe(executionArn)).status).toBe('RUNNING');
    durable.shift()?.();
    expect((await engine.whenEnded(executionArn)).status).toBe('SUCCEEDED');
    const { sequence } = memory.execution(executionArn) ?? { sequence: 0 };
    expect(memory.turns(sequence).map(({ atEventId }) => atEventId)).toEqual([4]);
  });

  test('one seed, one history: ids, tokens and times', async () => {
    expect(await historyText('a')).toBe(await historyText('a'));
    expect(await historyText('a')).not.toBe(await historyText('b'));
  });
});

async function historyText(seed: string): Promise<string> {
  const { engine, clock, machine } = await engineUnderTest({ seed, mocks: { T: [{ return: {} }] } });
  const { executionArn } = await engine.start({ stateMachineArn: await machine(TOKEN) });
  await clock.advance(60_000);
  return JSON.stringify((await engine.inspect(executionArn)).events);
}

describe('Express', () => {
  test("runs synchronously, is billed, and its history is the yard's own affair", async () => {
    const { engine, machine, changes } = await engineUnderTest({ autoAdvance: true });
    const definition = {
      StartAt: 'W',
      States: { W: { Type: 'Wait', Seconds: 1, Next: 'F' }, F: { Type: 'Fail', Error: 'E' } },
    };
    const stateMachineArn = await machine(definition, { type: 'EXPRESS' });
    const result = await engine.startSync({ stateMachineArn, name: 'n' });
    expect(result).toMatchObject({
      status: 'FAILED',
      error: 'E',
      billingDetails: { billedDurationInMilliseconds: 1000, billedMemoryUsedInMB: 64 },
    });
    expect(result.executionArn).toMatch(/^arn:aws:states:us-east-1:000000000000:express:m:n:[0-9a-f-]{36}$/u);
    // The same name again is another execution.
    expect((await engine.startSync({ stateMachineArn, name: 'n' })).executionArn).not.toBe(
      result.executionArn,
    );
    const refused = {
      code: 'InvalidArn',
      message: "Invalid Arn: 'Resource type not valid in this context: express'",
    };
    await expect(engine.describe(result.executionArn)).rejects.toMatchObject(refused);
    await expect(engine.history({ executionArn: result.executionArn })).rejects.toMatchObject(refused);
    await expect(engine.list({ stateMachineArn })).rejects.toEqual(code('StateMachineTypeNotSupported'));
    expect((await engine.inspect(result.executionArn)).events).toHaveLength(5);
    expect(changes).toEqual([]);
  });

  test('ends after five minutes', async () => {
    const { engine, machine } = await engineUnderTest({ autoAdvance: true });
    const stateMachineArn = await machine(
      { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 400, End: true } } },
      { type: 'EXPRESS' },
    );
    const { startDateMs, stopDateMs, status } = await engine.startSync({ stateMachineArn });
    expect([status, (stopDateMs ?? 0) - startDateMs]).toEqual(['TIMED_OUT', 300_000]);
  });
});

/** An execution that waits for its token. */
async function waiting(): Promise<EngineUnderTest & { taskToken: string; executionArn: string }> {
  const under = await engineUnderTest({ mocks: { T: [{ return: { MessageId: '1' } }] } });
  const { executionArn } = await under.engine.start({ stateMachineArn: await under.machine(TOKEN) });
  await under.clock.advance(0);
  const { events } = await under.engine.inspect(executionArn);
  const text = events[2]?.details?.['parameters'];
  const parameters = typeof text === 'string' ? parseJson(text) : undefined;
  const taskToken = isObject(parameters) ? parameters['MessageBody'] : undefined;
  if (typeof taskToken !== 'string') throw new Error('the task has no token');
  return { ...under, taskToken, executionArn };
}

describe('task tokens', () => {
  test('success ends the task, and only once', async () => {
    const { engine, taskToken, executionArn } = await waiting();
    const [first, second] = await Promise.allSettled([
      engine.sendTaskSuccess({ taskToken, output: '{"a":1}' }),
      engine.sendTaskSuccess({ taskToken, output: '2' }),
    ]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'TaskTimedOut' } });
    expect((await engine.whenEnded(executionArn)).output).toBe('{"a":1}');
    await expect(engine.sendTaskHeartbeat(taskToken)).rejects.toEqual(code('TaskTimedOut'));
  });

  test('failure without error and cause is one all the same', async () => {
    const { engine, taskToken, executionArn } = await waiting();
    await engine.sendTaskFailure({ taskToken });
    expect(await engine.whenEnded(executionArn)).toMatchObject({
      status: 'FAILED',
      error: undefined,
      cause: undefined,
    });
  });

  test('heartbeats keep it alive', async () => {
    const { engine, clock, taskToken, executionArn } = await waiting();
    await clock.advance(50_000);
    await engine.sendTaskHeartbeat(taskToken);
    await clock.advance(50_000);
    expect((await engine.describe(executionArn)).status).toBe('RUNNING');
    await clock.advance(10_000);
    expect(await engine.describe(executionArn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  test('what is no token is InvalidToken, what is no JSON InvalidOutput', async () => {
    const { engine, taskToken } = await waiting();
    await expect(engine.sendTaskSuccess({ taskToken: 'x', output: '1' })).rejects.toEqual(
      code('InvalidToken'),
    );
    await expect(engine.sendTaskSuccess({ taskToken, output: '{' })).rejects.toEqual(code('InvalidOutput'));
  });
});

describe('activities', () => {
  const activity = 'arn:aws:states:us-east-1:000000000000:activity:a';
  const definition: JsonObject = {
    StartAt: 'T',
    States: { T: { Type: 'Task', Resource: activity, TimeoutSeconds: 300, End: true } },
  };

  // Recordings activities/activities--activity-task and -no-worker-name.
  test('a worker takes the task and answers it', async () => {
    const { engine, clock, machine } = await engineUnderTest();
    expect(await engine.createActivity('a')).toEqual(await engine.createActivity('a'));
    const stateMachineArn = await machine(definition);
    const polled = engine.getActivityTask({ activityArn: activity, workerName: 'w' });
    const { executionArn } = await engine.start({ stateMachineArn, input: '{"x":1}' });
    const task = await polled;
    expect(task?.input).toBe('{"x":1}');
    await engine.sendTaskSuccess({ taskToken: task?.taskToken ?? '', output: '"done"' });
    await clock.advance(0);
    expect(printHistory((await engine.inspect(executionArn)).events)).toBe(
      [
        '1<0 ExecutionStarted {"x":1}',
        '2<0 TaskStateEntered T {"x":1}',
        `3<2 ActivityScheduled ${activity} {"x":1} timeout 300 s`,
        '4<3 ActivityStarted w',
        '5<4 ActivitySucceeded "done"',
        '6<5 TaskStateExited T "done"',
        '7<6 ExecutionSucceeded "done"',
      ].join('\n'),
    );
  });

  test('a poll ends after a minute with nothing; the task of an execution that has timed out is given to nobody', async () => {
    const { engine, clock, machine } = await engineUnderTest();
    await engine.createActivity('a');
    const polled = engine.getActivityTask({ activityArn: activity });
    await clock.advance(60_000);
    expect(await polled).toBeUndefined();
    // The machine's own time: that of the task does not begin before a worker has it.
    const whole = { ...definition, TimeoutSeconds: 300 };
    await engine.start({ stateMachineArn: await machine(whole) });
    await clock.advance(300_000);
    const late = engine.getActivityTask({ activityArn: activity });
    await clock.advance(60_000);
    expect(await late).toBeUndefined();
  });

  test('names are checked, a deleted one is gone', async () => {
    const { engine } = await engineUnderTest();
    await expect(engine.createActivity('activity~name')).rejects.toThrow("Invalid Name: 'activity~name'");
    await engine.createActivity('a');
    await engine.deleteActivity(activity);
    await engine.deleteActivity(activity);
    await expect(engine.describeActivity(activity)).rejects.toThrow(`Activity Does Not Exist: '${activity}'`);
  });
});
