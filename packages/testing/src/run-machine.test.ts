import { printHistory } from '@stepyard/engine';
import { describe, expect, test } from 'vitest';
import { coverage } from './coverage.ts';
import { stepyardMatchers } from './matchers.ts';
import { runMachine } from './run-machine.ts';

declare module 'vitest' {
  // The parameters have to be vitest's own, though only one is used.
  // oxlint-disable-next-line typescript/no-unused-vars
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    toEqualHistory(expected: string): R;
  }
}
expect.extend(stepyardMatchers);

const MACHINE = {
  StartAt: 'Try',
  States: {
    Try: {
      Type: 'Task',
      Resource: '${FunctionArn}',
      Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 10 }],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Big?' }],
      Next: 'Big?',
    },
    'Big?': {
      Type: 'Choice',
      Choices: [{ Variable: '$.n', NumericGreaterThan: 9, Next: 'Big' }],
      Default: 'Small',
    },
    Big: { Type: 'Succeed' },
    Small: { Type: 'Fail', Error: 'TooSmall' },
  },
};
const options = {
  definition: MACHINE,
  substitutions: { FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:f' },
};

test('runs to the end with mocks, on virtual time', async () => {
  const mocks = {
    Try: [
      { throw: { error: 'Busy', cause: 'later' }, times: 2 },
      { return: { n: 10 }, afterSeconds: 3 },
    ],
  };
  const run = await runMachine({ ...options, mocks });
  expect(run).toMatchObject({
    status: 'SUCCEEDED',
    output: { n: 10 },
    path: ['Try', 'Big?', 'Big'],
    transitions: 5,
    durationMs: 33_000,
  });
  expect(run.history).toEqualHistory(`
    1<0 ExecutionStarted {}
    2<0 TaskStateEntered Try {}
    3<2 LambdaFunctionScheduled arn:aws:lambda:...
    4<3 LambdaFunctionStarted
    5<4 LambdaFunctionFailed Busy (later)
    6<5 LambdaFunctionScheduled ...
    7<6 LambdaFunctionStarted
    8<7 LambdaFunctionFailed Busy (later)
    9<8 LambdaFunctionScheduled ...
    10<9 LambdaFunctionStarted
    11<10 LambdaFunctionSucceeded {"n":10}
    12<11 TaskStateExited Try {"n":10}
    13<12 ChoiceStateEntered Big? {"n":10}
    14<13 ChoiceStateExited Big? {"n":10}
    15<14 SucceedStateEntered Big {"n":10}
    16<15 SucceedStateExited Big {"n":10}
    17<16 ExecutionSucceeded {"n":10}`);
  expect(run).toEqualHistory(printHistory(run.history));
  expect(() => expect(run.history).toEqualHistory('1<0 ExecutionStarted {"x":1}')).toThrow(
    'the history differs at line 1',
  );
});

test('where a mock is missing, those of no state are told: a name may be misspelt', async () => {
  const run = runMachine({ ...options, mocks: { Tri: [{ return: { n: 1 } }] } });
  await expect(run).rejects.toThrow(
    "State 'Try' was invoked with no mock left (there are mocks for 'Tri', and no such states).",
  );
});

test('tells which states and edges no run went through', async () => {
  const run = await runMachine({ ...options, mocks: { Try: [{ return: { n: 1 } }] } });
  expect(run).toMatchObject({ status: 'FAILED', error: 'TooSmall' });
  const { states, edges } = coverage(MACHINE, [run]);
  expect(states).toEqual({ covered: ['Try', 'Big?', 'Small'], missing: ['Big'] });
  expect(edges).toEqual({
    covered: ['Try -> Big? (next)', 'Big? -> Small (default)'],
    missing: ['Try -> Big? (catch 0)', 'Big? -> Big (rule 0)'],
  });
});

describe('what is wrong is said', () => {
  test.each([
    ['a mock that is missing', { ...options, mocks: {} }, "State 'Try' was invoked with no mock left"],
    [
      'a placeholder without a value',
      { ...options, substitutions: {} },
      'The definition has ${FunctionArn}, which no substitution gives',
    ],
    [
      'a value without a placeholder',
      { ...options, substitutions: { ...options.substitutions, X: 'x' } },
      'The definition does not use X',
    ],
    ['a definition that is none', { definition: '{"StartAt":"A"}' }, 'The definition is wrong'],
  ])('%s', async (_name, wrong, message) => {
    await expect(runMachine(wrong)).rejects.toThrow(message);
  });
});

test('callbacks and activities are answered by mocks too', async () => {
  const definition = {
    StartAt: 'Ask',
    States: {
      Ask: {
        Type: 'Task',
        Resource: 'arn:aws:states:us-west-2:123456789012:activity:a',
        TimeoutSeconds: 60,
        Retry: [{ ErrorEquals: ['States.Timeout'] }],
        Next: 'Wait',
      },
      Wait: {
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        Parameters: { QueueUrl: 'q', 'MessageBody.$': '$$.Task.Token' },
        End: true,
      },
    },
  };
  const mocks = {
    Ask: [{ return: 'too late', afterSeconds: 90 }, { return: { a: 1 } }],
    Wait: [{ throw: { error: 'E', cause: 'c' } }],
  };
  const run = await runMachine({ definition, mocks });
  expect(run).toMatchObject({ status: 'FAILED', error: 'E', cause: 'c', path: ['Ask', 'Wait'] });
  expect(run.history.map(({ type }) => type)).toContain('ActivityTimedOut');
});

test('the same run twice gives the same history, byte for byte', async () => {
  const once = { ...options, mocks: { Try: [{ return: { n: 10 } }] } };
  const [first, second] = [await runMachine(once), await runMachine(once)];
  expect(JSON.stringify(second)).toBe(JSON.stringify(first));
});

test('a Distributed Map runs its children with the same mocks, and reads what a mock of its own name returns', async () => {
  const definition = {
    StartAt: 'Each',
    States: {
      Each: {
        Type: 'Map',
        ItemReader: {
          Resource: 'arn:aws:states:::s3:getObject',
          ReaderConfig: { InputType: 'JSONL' },
          Parameters: { Bucket: 'b', Key: 'k' },
        },
        MaxConcurrency: 1,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
          StartAt: 'Work',
          States: {
            Work: { Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:000000000000:function:f', End: true },
          },
        },
        ResultWriter: {
          Resource: 'arn:aws:states:::s3:putObject',
          Parameters: { Bucket: 'b', Prefix: 'p' },
        },
        ResultSelector: { 'key.$': '$.ResultWriterDetails.Key' },
        End: true,
      },
    },
  };
  const mocks = { Each: [{ return: [1, 2] }], Work: [{ return: 'a', afterSeconds: 5 }, { return: 'b' }] };
  const run = await runMachine({ definition, mocks });
  expect(run.output).toEqual({ key: expect.stringMatching(/^p\/[0-9a-f-]{36}\/manifest\.json$/u) });
  expect(run.durationMs).toBe(5000);
  const broken = await runMachine({
    definition,
    mocks: { Each: [{ throw: { error: 'S3', cause: 'no such key' } }] },
  });
  expect(broken).toMatchObject({ error: 'States.ItemReaderFailed', cause: 'no such key' });
});
