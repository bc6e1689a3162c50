import { expect, test } from 'vitest';
import { runCore } from './run-core.fixture.ts';

const DEFINITION = {
  StartAt: 'A',
  States: {
    A: { Type: 'Pass', Assign: { n: 1 }, Next: 'B' },
    B: {
      Type: 'Pass',
      Parameters: { 'n.$': '$n', 'given.$': '$', 'started.$': '$$.Execution.Input' },
      Next: 'C',
    },
    C: { Type: 'Pass', End: true },
  },
};

test('a fork begins at its state, with its own input and variables, and keeps the input of the execution', () => {
  const { execution, history } = runCore(
    DEFINITION,
    { first: true },
    { fork: { of: 'arn', stateName: 'B', input: { edited: 1 }, variables: { n: 7 } } },
  );
  expect(execution.outcome?.output).toEqual({ n: 7, given: { edited: 1 }, started: { first: true } });
  expect(history().split('\n').slice(0, 2)).toEqual([
    '1<0 ExecutionStarted {"first":true}',
    '2<0 PassStateEntered B {"edited":1}',
  ]);
});

test('a fork whose first state fails is redriven there', () => {
  const { execution, at } = runCore(
    { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'F' }, F: { Type: 'Fail', Error: 'E' } } },
    {},
    { fork: { of: 'arn', stateName: 'F', input: [], variables: {} } },
  );
  expect(execution.status).toBe('FAILED');
  at(1, { kind: 'redriven' });
  expect(execution.events.map(({ type, name }) => `${type} ${name ?? ''}`.trim())).toEqual([
    'ExecutionStarted',
    'FailStateEntered F',
    'ExecutionFailed',
    'ExecutionRedriven',
    'FailStateEntered F',
    'ExecutionFailed',
  ]);
});
