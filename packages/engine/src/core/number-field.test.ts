// Texts: recordings scenarios/*max-concurrency-path*, scenarios/*tolerated-failure-*-path*, assign/*reference-in-tolerated-failure*.
import type { JsonObject } from '@stepyard/asl';
import { describe, expect, test } from 'vitest';
import { runCore } from './run-core.fixture.ts';

const PROCESSOR = { StartAt: 'I', States: { I: { Type: 'Pass', End: true } } };

function ended(state: JsonObject, input: JsonObject): { status: string; error?: string; cause?: string } {
  const run = runCore({ StartAt: 'S', States: { S: { ...state, End: true } } }, input);
  const { status, outcome } = run.execution;
  const cause = outcome?.cause?.replace(/^An error occurred while executing.*?\(.*?\)\. /u, '');
  return {
    status,
    ...(outcome?.error === undefined ? {} : { error: outcome.error }),
    ...(cause === undefined ? {} : { cause }),
  };
}

describe('MaxConcurrencyPath', () => {
  const MAP = { Type: 'Map', ItemsPath: '$.items', MaxConcurrencyPath: '$.n', ItemProcessor: PROCESSOR };

  test.each([0, 1])('may give %s', (n) => {
    expect(ended(MAP, { n, items: [1, 2] })).toEqual({ status: 'SUCCEEDED' });
  });

  test.each([
    [{}, '{}'],
    [-1, '-1'],
    [1.5, '1.5'],
    ['1', '1'],
    [Number.MAX_SAFE_INTEGER + 1, '9007199254740992'],
  ])('may not give %j', (n, shown) => {
    expect(ended(MAP, { n, items: [] })).toEqual({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: `The MaxConcurrencyPath field refers to value "${shown}" which is not a valid integer: $.n`,
    });
  });
});

describe('the tolerances of a Distributed Map', () => {
  const MAP = {
    Type: 'Map',
    ItemsPath: '$.items',
    ItemProcessor: { ...PROCESSOR, ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } },
  };

  test('may be texts that are numbers', () => {
    expect(ended({ ...MAP, ToleratedFailureCountPath: '$.n' }, { n: '1', items: [] })).toEqual({
      status: 'SUCCEEDED',
    });
    const percentage = { ...MAP, ToleratedFailurePercentagePath: '$.n' };
    expect(ended(percentage, { n: '1.5', items: [] })).toEqual({ status: 'SUCCEEDED' });
  });

  test('are told apart from what is none', () => {
    expect(ended({ ...MAP, ToleratedFailureCountPath: '$.n' }, { n: 'NoNumber', items: [] }).cause).toBe(
      'The ToleratedFailureCountPath field refers to value "NoNumber" which is not a valid integer: $.n',
    );
    expect(ended({ ...MAP, ToleratedFailurePercentagePath: '$.n' }, { n: '', items: [] }).cause).toBe(
      'The ToleratedFailurePercentagePath field refers to value "" which is not a valid float: $.n',
    );
  });
});

test('a number of JSONata has no text of a path', () => {
  const state = {
    Type: 'Map',
    QueryLanguage: 'JSONata',
    MaxConcurrency: '{% "x" %}',
    Items: [],
    ItemProcessor: PROCESSOR,
  };
  expect(ended(state, {})).toEqual({
    status: 'FAILED',
    error: 'States.QueryEvaluationError',
    cause: `The JSONata expression specified for the field 'MaxConcurrency' returned an unexpected result: "x"`,
  });
});
