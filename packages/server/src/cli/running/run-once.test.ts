import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../run.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'stepyard-run-'));
  const files = {
    'order.asl.json': ORDER,
    'order.mocks.json': MOCKS,
    'input.json': { price: 7 },
    'plain.json': PLAIN,
  };
  for (const [name, value] of Object.entries(files))
    writeFileSync(join(directory, name), JSON.stringify(value));
});
afterAll(() => rmSync(directory, { recursive: true }));

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:charge';
const ORDER = {
  StartAt: 'Sleep on it',
  States: {
    'Sleep on it': { Type: 'Wait', Seconds: 86_400, Next: 'Charge' },
    Charge: {
      Type: 'Task',
      Resource: '${ChargeArn}',
      Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 10 }],
      Next: 'Ask',
    },
    Ask: {
      Type: 'Task',
      Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
      Parameters: { QueueUrl: 'q', 'MessageBody.$': '$$.Task.Token' },
      End: true,
    },
  },
};
const MOCKS = {
  StateMachines: {
    order: {
      TestCases: { Paid: { Charge: 'Second time', Ask: 'Yes' }, Refused: { Charge: 'No money', Ask: 'Yes' } },
    },
  },
  MockedResponses: {
    'Second time': { '0': { Throw: { Error: 'Busy', Cause: 'later' } }, '1': { Return: { paid: true } } },
    'No money': { '0': { Throw: { Error: 'NoMoney', Cause: 'the card says so' } } },
    Yes: { '0': { Return: 'thanks' } },
  },
};
const PLAIN = {
  StartAt: 'Double',
  States: {
    Double: { Type: 'Pass', QueryLanguage: 'JSONata', Output: '{% $states.input.price * 2 %}', End: true },
  },
};

async function stepyard(...argv: string[]): Promise<{ status: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const output = { out: (text: string) => (out += text), err: (text: string) => (err += text) };
  const files = argv.map((item) => item.replace('~', `${directory}/`));
  return { status: await run(['run', ...files], output), out, err };
}

const order = (...more: string[]) =>
  stepyard(
    '~order.asl.json',
    '--set',
    `ChargeArn=${FUNCTION}`,
    '--mocks',
    '~order.mocks.json',
    '--virtual-time',
    ...more,
  );

test('a definition runs to its end; input comes from the command line or a file', async () => {
  expect((await stepyard('~plain.json', '--input', '{"price":3}')).out).toMatch(
    /^path {4}Double\nstatus {2}SUCCEEDED after \d\.\d{3} s\noutput {2}6\n$/u,
  );
  expect(await stepyard('~plain.json', '--input', '@~input.json', '--express')).toMatchObject({
    status: 0,
    out: expect.stringContaining('output  14\n') as string,
  });
});

test('mocks answer tasks and callbacks, and virtual time passes at once', async () => {
  expect(await order('--test-case', 'Paid')).toEqual({
    status: 0,
    out: 'path    Sleep on it -> Charge -> Ask\nstatus  SUCCEEDED after 86410.000 s\noutput  "thanks"\n',
    err: '',
  });
});

test('an execution that fails is status 1, with its error and its history', async () => {
  const { status, out } = await order('--test-case', 'Refused', '--history');
  expect(status).toBe(1);
  expect(out).toContain('status  FAILED after 86400.000 s\nerror   NoMoney\ncause   the card says so\n');
  expect(out).toContain('\n1<0 ExecutionStarted {}\n2<0 WaitStateEntered Sleep on it {}\n');
  expect(out).toMatch(/\n\d+<\d+ ExecutionFailed NoMoney \(the card says so\)\n$/u);
});

test('--json is one document', async () => {
  const { out } = await order('--test-case', 'Paid', '--json', '--history');
  expect(JSON.parse(out)).toMatchObject({
    status: 'SUCCEEDED',
    output: 'thanks',
    path: ['Sleep on it', 'Charge', 'Ask'],
    durationMs: 86_410_000,
    history: expect.arrayContaining([expect.objectContaining({ type: 'ExecutionSucceeded' })]) as unknown,
  });
});

test('hosted services answer what is not mocked', async () => {
  const definition = {
    StartAt: 'Who',
    States: { Who: { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:sts:getCallerIdentity', End: true } },
  };
  writeFileSync(join(directory, 'who.json'), JSON.stringify(definition));
  expect(await stepyard('~who.json')).toMatchObject({
    status: 0,
    out: expect.stringContaining('"Account":"000000000000"') as string,
  });
});

test.each<[string, readonly string[], string]>([
  ['no such file', ['~none.json'], 'there is no such file'],
  ['input that is no JSON', ['~plain.json', '--input', '{price:1}'], '--input {price:1} is no JSON.'],
  ['an input file that is missing', ['~plain.json', '--input', '@~none.json'], 'there is no such file'],
  ['an input file that is no JSON', ['~plain.json', '--input', '@~run.txt'], 'run.txt holds no JSON.'],
  ['no definition', ['~input.json'], 'input.json is wrong at /'],
  ['no JSON', ['~run.txt'], 'run.txt:1:1'],
  [
    'a placeholder without a value',
    ['~order.asl.json'],
    'has ${ChargeArn}: give values with --set ChargeArn=VALUE.',
  ],
  ['a value without a placeholder', ['~plain.json', '--set', 'X=1'], 'has no ${X}, which --set gives.'],
  ['no such mocks file', ['~plain.json', '--mocks', '~none.json'], 'cannot be read'],
  [
    'a choice of test cases',
    ['~order.asl.json', '--set', `ChargeArn=${FUNCTION}`, '--mocks', '~order.mocks.json'],
    "Which test case? --test-case NAME takes one of order's: Paid, Refused.",
  ],
  [
    'an unknown test case',
    ['~order.asl.json', '--set', `ChargeArn=${FUNCTION}`, '--mocks', '~order.mocks.json', '--test-case', 'X'],
    "has no test case X. --test-case NAME takes one of order's",
  ],
  [
    'tasks that nothing answers',
    ['~order.asl.json', '--set', `ChargeArn=${FUNCTION}`],
    `Nothing in a single run answers 'Charge' (${FUNCTION}), 'Ask' (sqs:sendMessage.waitForTaskToken): mock it`,
  ],
])('%s is one line and status 2', async (_, argv, message) => {
  writeFileSync(join(directory, 'run.txt'), 'not json');
  const { status, out, err } = await stepyard(...argv);
  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(err).toMatch(/^stepyard: [^\n]*\n$/u);
  expect(err).toContain(message);
});
