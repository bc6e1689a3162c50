import { describe, expect, test } from 'vitest';
import { AslFailure } from '../environment.ts';
import { deepFreeze, environment } from '../environment.fixture.ts';
import { ExpressionSyntaxError } from '../expression-syntax-error.ts';
import type { Json } from '../json.ts';
import { compileChoiceRule, RULE_DEPTH_MAX } from './compile-rule.ts';

const holds = (rule: Json, document: Json): boolean =>
  compileChoiceRule(rule)(environment({ document: deepFreeze(document), variables: { limit: 5 } }));

describe('choice rules', () => {
  test('compare with a literal, and with a path', () => {
    expect(holds({ Variable: '$.n', NumericLessThan: 3 }, { n: 2 })).toBe(true);
    expect(holds({ Variable: '$.n', NumericLessThanPath: '$limit' }, { n: 5 })).toBe(false);
    expect(holds({ Variable: '$limit', NumericEqualsPath: '$.n' }, { n: 5 })).toBe(true);
    expect(holds({ Variable: '$.b', BooleanEqualsPath: '$.c' }, { b: false, c: false })).toBe(true);
  });

  test('are false for another type', () => {
    expect(holds({ Variable: '$.n', NumericEquals: 1 }, { n: '1' })).toBe(false);
    expect(holds({ Variable: '$.n', StringMatches: '*' }, { n: 1 })).toBe(false);
    expect(holds({ Variable: '$.n', TimestampEquals: '2024-01-01T00:00:00Z' }, { n: '2024-01-01' })).toBe(
      false,
    );
    expect(holds({ Variable: '$.n', IsTimestamp: true }, { n: '2024-02-30T00:00:00Z' })).toBe(false);
  });

  test('combine', () => {
    const rule = {
      And: [{ Variable: '$.a', IsPresent: true }, { Not: { Or: [{ Variable: '$.a', IsNull: true }] } }],
      Next: 'X',
    };
    expect(holds(rule, { a: 1 })).toBe(true);
    expect(holds(rule, { a: null })).toBe(false);
    expect(holds(rule, {})).toBe(false);
  });

  test('fail when a variable is missing, with the words of AWS', () => {
    const failing = (): boolean => holds({ Variable: '$.gone', IsString: true }, {});
    expect(failing).toThrow(AslFailure);
    expect(failing).toThrow(
      "States.Runtime: Invalid path '$.gone': The choice state's condition path references an invalid value.",
    );
  });

  test.each([
    ['two operators', { Variable: '$.a', IsNull: true, IsString: true }],
    ['no operator', { Variable: '$.a', Next: 'X' }],
    ['an unknown operator', { Variable: '$.a', NumericIsh: 1 }],
    ['no variable', { IsNull: true }],
    ['an empty And', { And: [] }],
    ['StringMatchesPath, which does not exist', { Variable: '$.a', StringMatchesPath: '$.b' }],
    ['IsNull with a text', { Variable: '$.a', IsNull: 'true' }],
    ['a rule that is no object', 'x'],
  ])('are refused: %s', (_what, rule: Json) => {
    expect(() => compileChoiceRule(rule)).toThrow(ExpressionSyntaxError);
  });

  test('nest so deep and no deeper', () => {
    let rule: Json = { Variable: '$.a', IsNull: true };
    for (let depth = 0; depth < RULE_DEPTH_MAX; depth++) rule = { Not: rule };
    expect(holds(rule, { a: null })).toBe(RULE_DEPTH_MAX % 2 === 0);
    expect(() => compileChoiceRule({ Not: rule })).toThrow('nests deeper');
  });
});
