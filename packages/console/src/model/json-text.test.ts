import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatJson, jsonProblem, utf8Length } from './json-text.ts';

test('JSON is laid out in lines, short groups on one', () => {
  const text = '{"a":1,"long":{"b":[1,2,3],"c":"x, {y}","d":{}},"e":[]}';
  expect(formatJson(text)).toBe(
    [
      '{',
      '  "a": 1,',
      '  "long": {',
      '    "b": [1, 2, 3],',
      '    "c": "x, {y}",',
      '    "d": {}',
      '  },',
      '  "e": []',
      '}',
    ].join('\n'),
  );
});

test('numbers stay as they are written', () => {
  expect(formatJson('{"n":12345678901234567890.0,"m":1.0}')).toBe(
    '{ "n": 12345678901234567890.0, "m": 1.0 }',
  );
});

test('the value stays the same, and so does every character but white space', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      const formatted = formatJson(text);
      expect(JSON.stringify(JSON.parse(formatted))).toBe(text);
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(formatJson(text).replaceAll(/\s/gu, '')).toBe(text.replaceAll(/\s/gu, ''));
    }),
  );
});

test('what is cut off is laid out as far as it goes', () => {
  expect(formatJson('{"a":[{"b":1},{"c":"un')).toBe('{\n  "a": [\n    { "b": 1 },\n    {\n      "c": "un');
});

test('problems and sizes', () => {
  expect(jsonProblem('{"a":1}')).toBeUndefined();
  expect(jsonProblem('{')).toContain('JSON');
  expect(utf8Length('aé€😀')).toBe(10);
});
