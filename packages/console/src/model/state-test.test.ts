import { expect, test } from 'vitest';
import { testedState, testRequest, type TestForm } from './state-test.ts';

const FORM: TestForm = {
  definition: '{"Type":"Pass"}',
  input: '{}',
  variables: '{}',
  mock: 'none',
  result: '1',
  error: 'E',
  cause: 'c',
};

test('asks for what is filled in, and for nothing else', () => {
  const plain = { definition: '{"Type":"Pass"}', input: '{}', inspectionLevel: 'DEBUG' };
  expect(testRequest(FORM)).toEqual(plain);
  expect(testRequest({ ...FORM, mock: 'result', variables: '{"a":1}' })).toEqual({
    ...plain,
    variables: '{"a":1}',
    mock: { result: '1' },
  });
  expect(testRequest({ ...FORM, mock: 'error' })).toEqual({
    ...plain,
    mock: { errorOutput: { error: 'E', cause: 'c' } },
  });
});

const MACHINE = JSON.stringify({
  StartAt: 'M',
  States: {
    M: {
      Type: 'Map',
      ItemProcessor: {
        StartAt: 'P',
        States: { P: { Type: 'Parallel', Branches: [{ StartAt: 'X', States: { X: { Type: 'Succeed' } } }] } },
      },
    },
  },
});

test('finds a state at any depth, and says in which language it is', () => {
  expect(JSON.parse(testedState(MACHINE, 'X', 'JSONPath') ?? '')).toEqual({ Type: 'Succeed' });
  expect(JSON.parse(testedState(MACHINE, 'X', 'JSONata') ?? '')).toEqual({
    Type: 'Succeed',
    QueryLanguage: 'JSONata',
  });
  expect(testedState(MACHINE, 'nowhere', 'JSONPath')).toBeUndefined();
  expect(testedState('{', 'X', 'JSONPath')).toBeUndefined();
});
