import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { Json } from '@stepyard/asl';
import { UserError } from '../user-error.ts';
import { parseMockConfig, readMockConfig } from './mock-config.ts';

const RESPONSES = {
  Flaky: { '0': { Throw: { Error: 'E', Cause: 'c' } }, '1-2': { Return: { n: 1 } } },
  Null: { '0': { Return: null } },
};

function config(responses: Json, cases: Json = { Happy: { Task: 'Flaky' } }): Json {
  return { StateMachines: { M: { TestCases: cases } }, MockedResponses: responses };
}

test('gives the nth invocation of a state its response', () => {
  const state = parseMockConfig(config(RESPONSES), 'm.json').testCase('M', 'Happy')?.states.get('Task');
  expect([0, 1, 2, 3].map((n) => state?.response(n))).toEqual([
    { kind: 'throw', error: 'E', cause: 'c' },
    { kind: 'return', value: { n: 1 } },
    { kind: 'return', value: { n: 1 } },
    undefined,
  ]);
});

test('the service itself may be asked, for a state or for some of its invocations', () => {
  const responses = { R: { '0': { Return: 1 }, '1-2': { Real: true } } };
  const parsed = parseMockConfig(config(responses, { Mixed: { A: 'R', B: { Real: true } } }), 'm.json');
  const states = parsed.testCase('M', 'Mixed')?.states;
  expect([0, 1, 2, 3].map((n) => states?.get('A')?.response(n)?.kind)).toEqual([
    'return',
    'real',
    'real',
    undefined,
  ]);
  expect(states?.get('B')?.response(99)).toEqual({ kind: 'real' });
  expect(parsed.testCase('M', 'Mixed')?.unlisted).toBe('Real');
});

test('states that a test case does not name may have to fail', () => {
  const value = { StateMachines: { M: { Unlisted: 'Fail', TestCases: { A: {} } } }, MockedResponses: {} };
  expect(parseMockConfig(value, 'm.json').testCase('M', 'A')?.unlisted).toBe('Fail');
});

test('the file that docs/mocks.md shows', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../../../docs/mocks.md'), 'utf8');
  const [, file = ''] = /```json\n([\s\S]*?)```/u.exec(page) ?? [];
  const testCase = parseMockConfig(JSON.parse(file) as Json, 'docs/mocks.md').testCase('Orders', 'SlowBank');
  const charge = testCase?.states.get('Charge');
  expect([0, 1, 2, 3].map((n) => charge?.response(n)?.kind)).toEqual(['throw', 'throw', 'throw', 'real']);
  expect(testCase?.unlisted).toBe('Fail');
});

test('an unknown machine, test case or inherited name is undefined', () => {
  const parsed = parseMockConfig(config(RESPONSES), 'm.json');
  expect(parsed.testCase('M', 'Sad')).toBeUndefined();
  expect(parsed.testCase('N', 'Happy')).toBeUndefined();
  expect(parsed.testCase('toString', 'constructor')).toBeUndefined();
});

test.each<[string, Json, string]>([
  ['no machines', { MockedResponses: {} }, '/StateMachines'],
  ['no responses', { StateMachines: {} }, '/MockedResponses'],
  ['an unknown response', config({}, { A: { S: 'Nope' } }), '/StateMachines/M/TestCases/A/S'],
  ['an inherited response', config({}, { A: { S: 'toString' } }), '/StateMachines/M/TestCases/A/S'],
  ['a bad index', config({ R: { first: { Return: 1 } } }, {}), '/MockedResponses/R/first'],
  ['a falling range', config({ R: { '3-1': { Return: 1 } } }, {}), '/MockedResponses/R/3-1'],
  ['neither', config({ R: { '0': {} } }, {}), 'either Return, or Throw'],
  ['both', config({ R: { '0': { Return: 1, Throw: { Error: 'E' } } } }, {}), 'either Return, or Throw'],
  ['a throw without error', config({ R: { '0': { Throw: {} } } }, {}), '/MockedResponses/R/0/Throw'],
  ['a list', [], 'it must be an object'],
  ['an unknown member', { StateMachines: {}, MockedResponses: {}, Comment: '' }, '/Comment: it is not known'],
  ['one of a machine', { StateMachines: { M: { TestCases: {}, X: 1 } }, MockedResponses: {} }, '/M/X'],
  ['one of an entry', config({ R: { '0': { Return: 1, Delay: 2 } } }, {}), '/MockedResponses/R/0/Delay'],
  ['one of a throw', config({ R: { '0': { Throw: { Error: 'E', X: 1 } } } }, {}), '/R/0/Throw/X'],
  ['both a mock and real', config({ R: { '0': { Return: 1, Real: true } } }, {}), 'either Return, or Throw'],
  ['not quite real', config({}, { A: { S: { Real: false } } }), '/StateMachines/M/TestCases/A/S'],
  [
    'two for one invocation',
    config({ R: { '0-2': { Return: 1 }, '2': { Return: 2 } } }, {}),
    'invocation 2 has',
  ],
  [
    'another Unlisted',
    { StateMachines: { M: { TestCases: {}, Unlisted: 'No' } }, MockedResponses: {} },
    '/M/Unlisted',
  ],
])('%s is a line that names the place', (_, value, message) => {
  const act = (): unknown => parseMockConfig(value, 'm.json');
  expect(act).toThrow(UserError);
  expect(act).toThrow(message);
});

test('a file that is missing or no JSON is named', () => {
  const directory = mkdtempSync(join(tmpdir(), 'stepyard-mocks-'));
  try {
    const path = join(directory, 'm.json');
    expect(() => readMockConfig(path)).toThrow(path);
    writeFileSync(path, '{');
    expect(() => readMockConfig(path)).toThrow(path);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
