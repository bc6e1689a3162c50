import { describe, expect, test } from 'vitest';
import { deepFreeze, environment } from '../environment.fixture.ts';
import { ExpressionSyntaxError } from '../expression-syntax-error.ts';
import type { Json } from '../json.ts';
import { compileIntrinsic, INTRINSIC_NAMES } from './compile-intrinsic.ts';
import { NESTED_CALLS_MAX } from './parse.ts';

const call = (text: string, document: Json = {}): Json =>
  compileIntrinsic(text)(
    environment({ document: deepFreeze(document), variables: { v: 7 }, context: { Name: 'x' } }),
  );

test('there are eighteen functions', () => {
  expect(INTRINSIC_NAMES).toHaveLength(18);
});

describe('arguments', () => {
  test('are literals, paths of all roots, and calls', () => {
    expect(
      call("States.Array('a', 1.5, -2, true, null, $.b, $$.Name, $v, States.Array())", { b: [1] }),
    ).toEqual(['a', 1.5, -2, true, null, [1], 'x', 7, []]);
  });

  test('may hold blanks, quotes, commas and brackets', () => {
    expect(call("States.Array( 'it\\'s, (1)' , $['a,b'] )", { 'a,b': 2 })).toEqual(["it's, (1)", 2]);
  });

  test('that are missing fail with the words of AWS', () => {
    expect(() => call('States.Array($.gone)', { a: 1 })).toThrow(
      "States.Runtime: The function 'States.Array($.gone)' had the following error: " +
        "The JsonPath argument for the field '$.gone' could not be found in the input '{\"a\":1}'",
    );
  });

  test('that do not fit, or are too many, fail with the words of AWS', () => {
    expect(() => call("States.MathAdd('1', 2)")).toThrow('Invalid arguments in States.MathAdd');
    expect(() => call('States.ArrayLength($, 1)', [])).toThrow('Invalid arguments in States.ArrayLength');
  });
});

describe('syntax', () => {
  test.each([
    'States.Nothing()',
    'States.Array(',
    'States.Array(1,)',
    'States.Array(.5)',
    "States.Array('a)",
    'States.Array() x',
    'States.Array([1])',
    'Array()',
    'States.Array($.a[)',
  ])('%s is refused', (text) => {
    expect(() => compileIntrinsic(text)).toThrow(ExpressionSyntaxError);
  });

  test('calls nest so deep and no deeper', () => {
    const nested = (depth: number): string => `${'States.Array('.repeat(depth)}${')'.repeat(depth)}`;
    expect(call(nested(NESTED_CALLS_MAX))).toBeDefined();
    expect(() => compileIntrinsic(nested(NESTED_CALLS_MAX + 1))).toThrow('nest deeper');
  });
});
