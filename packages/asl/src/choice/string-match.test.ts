import { expect, test } from 'vitest';
import { compileStringMatch } from './string-match.ts';

test.each([
  ['log-*.txt', 'log-1.txt', true],
  ['log-*.txt', 'log-.txt', true],
  ['log-*.txt', 'log-1.txt2', false],
  ['*', '', true],
  ['', '', true],
  ['a*b*c', 'a1b2b3c', true],
  ['a*b*c', 'acb', false],
  ['ab*ba', 'aba', false],
  ['\\*', '*', true],
  ['\\*', 'x', false],
  ['a\\\\*', 'a\\z', true],
  ['a.c', 'abc', false],
])('%s against %s', (pattern, text, expected) => {
  expect(compileStringMatch(pattern)(text)).toBe(expected);
});

test('many stars do not take exponential time', () => {
  const matches = compileStringMatch(`${'*a'.repeat(200)}*b`);
  expect(matches('a'.repeat(50_000))).toBe(false);
});
