import type { JsonObject } from '@stepyard/asl';
import { expect, test } from 'vitest';
import { runCore } from './run-core.fixture.ts';

const LAMBDA = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const QUEUE_CALLBACK = 'arn:aws:states:::sqs:sendMessage.waitForTaskToken';

/** Two states in a line, named after a number. */
function branch(n: number): JsonObject {
  return {
    StartAt: `A${n}`,
    States: { [`A${n}`]: { Type: 'Pass', Next: `B${n}` }, [`B${n}`]: { Type: 'Pass', Result: n, End: true } },
  };
}

/** One state alone. */
function one(state: JsonObject): JsonObject {
  return { StartAt: 'S', States: { S: state } };
}

// Recording scenarios/base-scenarios--parallel-state-order and -parallel-state-catch.
test('branches take turns, one state at a time; the join points at the last of them', () => {
  const run = runCore({
    StartAt: 'P',
    States: { P: { Type: 'Parallel', Branches: [branch(0), branch(1)], End: true } },
  });
  expect(run.history()).toMatchInlineSnapshot(`
    "1<0 ExecutionStarted {}
    2<0 ParallelStateEntered P {}
    3<2 ParallelStateStarted
    4<3 PassStateEntered A0 {}
    5<4 PassStateExited A0 {}
    6<3 PassStateEntered A1 {}
    7<6 PassStateExited A1 {}
    8<5 PassStateEntered B0 {}
    9<8 PassStateExited B0 0
    10<7 PassStateEntered B1 {}
    11<10 PassStateExited B1 1
    12<11 ParallelStateSucceeded
    13<11 ParallelStateExited P [0,1]
    14<13 ExecutionSucceeded [0,1]"
  `);
});

test('a failed branch aborts its siblings once, and gives up what they were doing', () => {
  const run = runCore({
    StartAt: 'P',
    States: {
      P: {
        Type: 'Parallel',
        Branches: [
          one({ Type: 'Task', Resource: LAMBDA, TimeoutSeconds: 60, End: true }),
          one({ Type: 'Wait', Seconds: 60, End: true }),
          one({ Type: 'Task', Resource: LAMBDA, End: true }),
        ],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
        End: true,
      },
      Caught: { Type: 'Succeed' },
    },
  });
  const failing = run.effects.filter(({ kind }) => kind === 'invokeTask').at(-1);
  if (failing?.kind !== 'invokeTask') throw new Error('no task was invoked');
  const effects = run.at(1, { kind: 'taskFailed', task: failing.task, error: 'E', cause: 'c' });
  expect(effects.map(({ kind }) => kind)).toEqual(['cancelTimer', 'cancelTask', 'cancelTimer', 'ended']);
  expect(run.history()).toMatchInlineSnapshot(`
    "1<0 ExecutionStarted {}
    2<0 ParallelStateEntered P {}
    3<2 ParallelStateStarted
    4<3 TaskStateEntered S {}
    5<4 LambdaFunctionScheduled arn:aws:lambda:us-east-1:000000000000:function:f {} timeout 60 s
    6<3 WaitStateEntered S {}
    7<3 TaskStateEntered S {}
    8<7 LambdaFunctionScheduled arn:aws:lambda:us-east-1:000000000000:function:f {}
    9<5 LambdaFunctionStarted
    10<8 LambdaFunctionStarted
    11<10 LambdaFunctionFailed E (c)
    12<11 TaskStateAborted
    13<11 TaskStateAborted
    14<11 WaitStateAborted
    15<11 ParallelStateFailed
    16<15 ParallelStateExited P {"Error":"E","Cause":"c"}
    17<16 SucceedStateEntered Caught {"Error":"E","Cause":"c"}
    18<17 SucceedStateExited Caught {"Error":"E","Cause":"c"}
    19<18 ExecutionSucceeded {"Error":"E","Cause":"c"}"
  `);
});

// Recording scenarios/base-scenarios--map-state-items-input-array-empty.
test('a Map of nothing', () => {
  const run = runCore(
    {
      StartAt: 'M',
      States: {
        M: {
          Type: 'Map',
          ItemProcessor: { StartAt: 'A', States: { A: { Type: 'Pass', End: true } } },
          End: true,
        },
      },
    },
    [],
  );
  expect(run.history()).toMatchInlineSnapshot(`
    "1<0 ExecutionStarted []
    2<0 MapStateEntered M []
    3<2 MapStateStarted (0)
    4<3 MapStateSucceeded
    5<3 MapStateExited M []
    6<5 ExecutionSucceeded []"
  `);
});

// Recording assign/assign-reference-variables--undefined-reference-base-undefined-output-multiple-states.
test('an expression that fails is told by EvaluationFailed, which points before the state', () => {
  const run = runCore({
    QueryLanguage: 'JSONata',
    StartAt: 'A',
    States: {
      A: { Type: 'Pass', Next: 'B' },
      B: { Type: 'Pass', Output: { r: '{% $doesNotExist %}' }, End: true },
    },
  });
  expect(run.history()).toMatchInlineSnapshot(`
    "1<0 ExecutionStarted {}
    2<0 PassStateEntered A {}
    3<2 PassStateExited A {}
    4<3 PassStateEntered B {}
    5<3 EvaluationFailed B at Output/r States.QueryEvaluationError (An error occurred while executing the state 'B' (entered at the event id #4). The JSONata expression '$doesNotExist' specified for the field 'Output/r' returned nothing (undefined).)
    6<5 ExecutionFailed States.QueryEvaluationError (An error occurred while executing the state 'B' (entered at the event id #4). The JSONata expression '$doesNotExist' specified for the field 'Output/r' returned nothing (undefined).)"
  `);
});

// Recording scenarios/base-scenarios--wait-timestamp-jsonata-no-z.
test('a Wait until no time fails after it was entered', () => {
  const run = runCore(
    {
      QueryLanguage: 'JSONata',
      StartAt: 'W',
      States: { W: { Type: 'Wait', Timestamp: '{% $states.input.t %}', End: true } },
    },
    { t: '2016-12-05T21:29:29' },
  );
  expect(run.history()).toMatchInlineSnapshot(`
    "1<0 ExecutionStarted {"t":"2016-12-05T21:29:29"}
    2<0 WaitStateEntered W {"t":"2016-12-05T21:29:29"}
    3<2 EvaluationFailed W at Timestamp States.QueryEvaluationError (An error occurred while executing the state 'W' (entered at the event id #2). The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: 2016-12-05T21:29:29)
    4<3 ExecutionFailed States.QueryEvaluationError (An error occurred while executing the state 'W' (entered at the event id #2). The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: 2016-12-05T21:29:29)"
  `);
});

// States Language, HeartbeatSeconds: nothing in it says that only some Tasks have one.
test('a heartbeat counts also where nobody can send one', () => {
  const run = runCore(one({ Type: 'Task', Resource: LAMBDA, HeartbeatSeconds: 5, End: true }));
  run.sleepUntil(4);
  expect(run.execution.status).toBe('RUNNING');
  run.sleepUntil(5);
  expect(run.execution.outcome).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
});

// Recording timeouts/heartbeats--heartbeat-timeout.
test('a callback that sends no heartbeat times out; one that does is answered by its token', () => {
  const machine = {
    StartAt: 'T',
    States: {
      T: {
        Type: 'Task',
        Resource: QUEUE_CALLBACK,
        HeartbeatSeconds: 5,
        TimeoutSeconds: 600,
        Parameters: { QueueUrl: 'q', MessageBody: { 'Token.$': '$$.Task.Token' } },
        End: true,
      },
    },
  };
  const late = runCore(machine);
  late.at(0, { kind: 'taskSubmitted', task: 3, output: {} });
  late.sleepUntil(5);
  expect(late.history().split('\n').slice(4).join('\n')).toMatchInlineSnapshot(`
    "5<4 TaskSubmitted sqs:sendMessage.waitForTaskToken {}
    6<5 TaskTimedOut sqs:sendMessage.waitForTaskToken States.Timeout
    7<6 ExecutionFailed States.Timeout"
  `);
  const alive = runCore(machine);
  alive.at(0, { kind: 'taskSubmitted', task: 3, output: {} });
  alive.at(4, { kind: 'heartbeat', task: 3 });
  alive.sleepUntil(8);
  alive.at(8, { kind: 'taskSucceeded', task: 3, output: 'done', viaToken: true });
  expect(alive.execution.outcome).toEqual({ status: 'SUCCEEDED', output: 'done' });
  expect(alive.execution.timers.size).toBe(0);
});

test('a token that comes back before the call that carried it: TaskSubmitted comes first all the same', () => {
  const run = runCore({
    StartAt: 'T',
    States: {
      T: {
        Type: 'Task',
        Resource: QUEUE_CALLBACK,
        Parameters: { QueueUrl: 'q', MessageBody: 'm' },
        End: true,
      },
    },
  });
  run.at(0, { kind: 'taskSucceeded', task: 3, output: 1, viaToken: true });
  expect(run.execution.status).toBe('RUNNING');
  run.at(0, { kind: 'taskSubmitted', task: 3, output: {} });
  expect(run.execution.events.map(({ type }) => type).slice(3, 6)).toEqual([
    'TaskStarted',
    'TaskSubmitted',
    'TaskSucceeded',
  ]);
});

// Recording api/sfn-api--stop-execution.
test('a stopped execution ends at once, whatever it was doing', () => {
  const run = runCore({ StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 60, End: true } } });
  const effects = run.at(1, { kind: 'stopped', error: 'E' });
  expect(run.history().split('\n').slice(1)).toEqual(['2<0 WaitStateEntered W {}', '3<0 ExecutionAborted E']);
  expect(effects).toEqual([
    { kind: 'cancelTimer', timer: 1 },
    { kind: 'ended', status: 'ABORTED', error: 'E' },
  ]);
  expect(run.at(2, { kind: 'timerFired', timer: 1 })).toEqual([]);
});

test('the machine times out, in a Wait of a year too', () => {
  const year = 31_536_000;
  const machine = {
    TimeoutSeconds: year + 1,
    StartAt: 'W',
    States: {
      W: { Type: 'Wait', Seconds: year, Next: 'T' },
      T: { Type: 'Task', Resource: LAMBDA, End: true },
    },
  };
  const run = runCore(machine);
  run.sleepUntil(2 * year);
  expect(run.execution.outcome).toEqual({ status: 'TIMED_OUT' });
  expect(run.execution.events.at(-1)?.timeMs).toBe((year + 1) * 1000);
});

// Recording activities/activities--activity-task-on-deleted.
test('an activity that does not exist fails the execution', () => {
  const arn = 'arn:aws:states:us-east-1:000000000000:activity:a';
  const run = runCore({
    StartAt: 'W',
    States: {
      W: { Type: 'Wait', Seconds: 1, Next: 'T' },
      T: { Type: 'Task', Resource: arn, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'W' }], End: true },
    },
  });
  run.at(0, { kind: 'activitiesMissing', arns: [arn] });
  run.sleepUntil(1);
  expect(run.history().split('\n').at(-1)).toBe(
    `5<4 ExecutionFailed States.Runtime (An error occurred while executing the state 'T' (entered at the event id #4). The activity ${arn} does not exist.)`,
  );
});

// Recording outputdecl/output--base-output-any-non-dict-null.
test('null is a value wherever a field may give one', () => {
  const jsonata = runCore({
    QueryLanguage: 'JSONata',
    StartAt: 'A',
    States: {
      A: {
        Type: 'Pass',
        Assign: { v: null },
        Output: '{% $states.input.no.such = 1 ? 1 : null %}',
        Next: 'B',
      },
      B: { Type: 'Choice', Choices: [{ Condition: '{% $v = null %}', Output: null, Next: 'C' }] },
      C: { Type: 'Succeed', Output: { v: '{% $v %}', input: '{% $states.input %}' } },
    },
  });
  expect(jsonata.execution.outcome).toEqual({ status: 'SUCCEEDED', output: { v: null, input: null } });
  const jsonPath = runCore({ StartAt: 'A', States: { A: { Type: 'Pass', Result: null, End: true } } });
  expect(jsonPath.execution.outcome).toEqual({ status: 'SUCCEEDED', output: null });
});

// Recording callback/callback--sync-with-task-token.
test('a job that the state waits for may be ended by its token', () => {
  const run = runCore({
    StartAt: 'T',
    States: {
      T: {
        Type: 'Task',
        Resource: 'arn:aws:states:::states:startExecution.sync',
        Parameters: { StateMachineArn: 's', Input: { 'Token.$': '$$.Task.Token' } },
        End: true,
      },
    },
  });
  run.at(0, { kind: 'taskSubmitted', task: 3, output: {} });
  run.at(1, { kind: 'taskSucceeded', task: 3, output: 'by token', viaToken: true });
  expect(run.execution.outcome).toEqual({ status: 'SUCCEEDED', output: 'by token' });
  expect(run.at(2, { kind: 'taskSucceeded', task: 3, output: 'by the job' })).toEqual([]);
});

// Recording states_variables/error-output--map-catch-error-map-catch-error-output-with-retry.
test('an expression that fails in an iteration is told once', () => {
  const run = runCore(
    {
      QueryLanguage: 'JSONata',
      StartAt: 'M',
      States: {
        M: {
          Type: 'Map',
          ItemProcessor: { StartAt: 'A', States: { A: { Type: 'Pass', Output: '{% $no %}', End: true } } },
          End: true,
        },
      },
    },
    [1],
  );
  expect(
    run.execution.events.map(({ type, previousEventId }) => `${previousEventId} ${type}`).slice(4),
  ).toEqual([
    '4 PassStateEntered',
    '4 EvaluationFailed',
    '6 MapIterationFailed',
    '6 MapStateFailed',
    '8 ExecutionFailed',
  ]);
});

// Recording scenarios/base-scenarios--map-state-items-eval-jsonata-variable-sampling-fail-null.
test('Items that are no array fail the Map', () => {
  const run = runCore({
    QueryLanguage: 'JSONata',
    StartAt: 'M',
    States: {
      M: {
        Type: 'Map',
        Items: '{% null %}',
        ItemProcessor: { StartAt: 'A', States: { A: { Type: 'Pass', End: true } } },
        End: true,
      },
    },
  });
  expect(run.history().split('\n').slice(2, 4)).toEqual([
    "3<0 EvaluationFailed M at Items States.QueryEvaluationError (An error occurred while executing the state 'M' (entered at the event id #2). The JSONata expression 'null' specified for the field 'Items' returned an unexpected result type. Expected 'array', but was 'null' for value: null)",
    '4<3 MapStateFailed',
  ]);
});
