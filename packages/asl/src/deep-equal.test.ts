import { expect, test } from 'vitest';
import { deepEqual } from './deep-equal.ts';

test('goes by value, and not by the order of keys', () => {
  expect(deepEqual({ a: [1, { b: null }], c: 'x' }, { c: 'x', a: [1, { b: null }] })).toBe(true);
  expect(deepEqual([1, 2], [2, 1])).toBe(false);
  expect(deepEqual({ a: 1 }, { a: 1, b: 1 })).toBe(false);
  expect(deepEqual([], {})).toBe(false);
  expect(deepEqual({ toString: 1 }, { a: 1 })).toBe(false);
  expect(deepEqual(null, {})).toBe(false);
});
