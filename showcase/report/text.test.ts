import { expect, test } from 'vitest';
import { clip, count, duration, plural, table, tally } from './text.ts';

test.each([
  [0, '0 ms'],
  [999.4, '999 ms'],
  [1000, '1.0 s'],
  [59_949, '59.9 s'],
  [59_950, '1 min 00 s'],
  [187_400, '3 min 07 s'],
])('%d ms read as %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test('numbers and nouns', () => {
  expect(count(1_234_567)).toBe('1,234,567');
  expect(plural(1, 'transition')).toBe('1 transition');
  expect(plural(20_000, 'transition')).toBe('20,000 transitions');
});

test('a table is as wide as its widest cells', () => {
  const columns = [
    { title: 'name', align: 'left' },
    { title: 'records', align: 'right' },
  ] as const;
  expect(
    table(columns, [
      ['a long name', '7'],
      ['b', '12,345,678'],
    ]),
  ).toEqual([
    'name            records',
    '───────────  ──────────',
    'a long name           7',
    'b            12,345,678',
  ]);
});

test('a line is cut to the width, not before', () => {
  expect(clip('12345', 5)).toBe('12345');
  expect(clip('123456', 5)).toBe('1234…');
});

test('states are tallied in the order of their first appearance', () => {
  expect(tally(['Read', 'Send', 'Delete', 'Send', 'Read', 'Send'])).toEqual(['Read ×2', 'Send ×3', 'Delete']);
  expect(tally(['__proto__', '__proto__'])).toEqual(['__proto__ ×2']);
});
