import { expect, test } from 'vitest';
import { NESTING_MAX, parseJson } from './parse-json.ts';

test('parses, or says so', () => {
  expect(parseJson('{"a":[1,"\\"[["]}')).toEqual({ a: [1, '"[['] });
  expect(Object.is(parseJson('-0'), 0)).toBe(true);
  expect(parseJson('{')).toBeUndefined();
});

test('nesting has a limit', () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
  expect(parseJson(nested(NESTING_MAX))).toBeDefined();
  expect(parseJson(nested(NESTING_MAX + 1))).toBeUndefined();
  expect(parseJson(nested(200_000))).toBeUndefined();
  expect(parseJson(JSON.stringify('['.repeat(5000)))).toHaveLength(5000);
  expect(parseJson(JSON.stringify(Array.from({ length: 2000 }, () => ({ a: '[{' }))))).toHaveLength(2000);
  expect(parseJson(`{"a":${nested(NESTING_MAX - 1)}}`)).toBeDefined();
  expect(parseJson(`{"a":${nested(NESTING_MAX)}}`)).toBeUndefined();
  // What is replaced by a later member of its name nests all the same.
  expect(parseJson(`{"a":${nested(NESTING_MAX)},"a":1}`)).toBeUndefined();
});
