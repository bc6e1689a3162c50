import { expect, test } from 'vitest';
import { deepFreeze, environment } from '../environment.fixture.ts';
import { ExpressionSyntaxError } from '../expression-syntax-error.ts';
import type { Json } from '../json.ts';
import { compileJsonPathField, compileJsonPathTemplate } from './jsonpath-template.ts';
import { TEMPLATE_DEPTH_MAX } from './limits.ts';

const here = environment({ document: deepFreeze({ a: { b: [1] }, s: 'x' }), variables: { v: 1 } });

test('names that end in .$ are evaluated, everything else is as it is', () => {
  const template = deepFreeze({
    'path.$': '$.a.b',
    nested: [{ 'call.$': "States.Format('{}!', $.s)" }, '$.s'],
    'variable.$': '$v',
    text: '$.s',
  });
  expect(compileJsonPathTemplate(template, 'Parameters')(here)).toEqual({
    path: [1],
    nested: [{ call: 'x!' }, '$.s'],
    variable: 1,
    text: '$.s',
  });
});

test('what holds nothing to evaluate is shared, and so is what a path finds', () => {
  const template = deepFreeze({ still: { deep: [1, { x: null }] }, 'b.$': '$.a.b' });
  const result = compileJsonPathTemplate(template, 'Parameters')(here);
  expect(result).toHaveProperty('still', template.still);
  const literal = deepFreeze({ a: [1] });
  expect(compileJsonPathTemplate(literal, 'Parameters')(here)).toBe(literal);
});

// Recorded: base-scenarios--invalid-jsonpath-invalid-jsonpath-in-string-expr-contextpath, -in-errorpath.
test('a path that finds nothing fails with the name of its field', () => {
  const evaluate = compileJsonPathTemplate({ deep: { 'value.$': '$.gone' } }, 'Parameters');
  expect(() => evaluate(here)).toThrow(
    `States.Runtime: The JSONPath '$.gone' specified for the field 'value.$' could not be found in the input '{"a":{"b":[1]},"s":"x"}'`,
  );
  expect(() => compileJsonPathField('$.gone', 'ErrorPath')(here)).toThrow("the field 'ErrorPath' could not");
});

test('hostile names are data', () => {
  const template: Json = JSON.parse('{"__proto__.$": "$.s", "constructor": {"x.$": "$.s"}}');
  const result = compileJsonPathTemplate(template, 'Parameters')(here);
  expect(JSON.stringify(result)).toBe('{"__proto__":"x","constructor":{"x":"x"}}');
});

test('values that cannot be evaluated are refused', () => {
  expect(() => compileJsonPathTemplate({ 'a.$': 1 }, 'Parameters')).toThrow(ExpressionSyntaxError);
  expect(() => compileJsonPathTemplate({ 'a.$': 'no path' }, 'Parameters')).toThrow(ExpressionSyntaxError);
});

test('a template nests so deep and no deeper', () => {
  const nested = (depth: number): Json => (depth === 0 ? { 'a.$': '$.s' } : [nested(depth - 1)]);
  expect(compileJsonPathTemplate(nested(TEMPLATE_DEPTH_MAX), 'Parameters')(here)).toBeDefined();
  expect(() => compileJsonPathTemplate(nested(TEMPLATE_DEPTH_MAX + 1), 'Parameters')).toThrow('nests deeper');
});
