import { expect, test } from 'vitest';
import { compareMoments, parseTimestamp } from './timestamp.ts';

test.each([
  ['2024-02-29T12:30:45Z', Date.UTC(2024, 1, 29, 12, 30, 45) / 1000, 0],
  ['2024-02-29T12:30:45.5+01:30', Date.UTC(2024, 1, 29, 11, 0, 45) / 1000, 500_000_000],
  ['0001-01-01T00:00:00Z', -62_135_596_800, 0],
])('reads %s', (text, epochSeconds, nanoseconds) => {
  expect(parseTimestamp(text)).toEqual({ epochSeconds, nanoseconds });
});

test.each([
  '2023-02-29T00:00:00Z',
  '2024-01-01T24:00:00Z',
  '2024-01-01 00:00:00Z',
  '2024-01-01T00:00:00',
  '2024-13-01T00:00:00Z',
  '2024-01-01',
  '',
])('refuses %s', (text) => {
  expect(parseTimestamp(text)).toBeUndefined();
});

test('compares to the nanosecond', () => {
  const a = parseTimestamp('2024-01-01T00:00:00.000000001Z');
  const b = parseTimestamp('2024-01-01T01:00:00.000000002+01:00');
  expect(a && b && compareMoments(a, b)).toBeLessThan(0);
});
