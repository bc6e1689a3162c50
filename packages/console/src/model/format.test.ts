import { expect, test } from 'vitest';
import {
  formatAgo,
  formatBytes,
  formatCountdown,
  formatCounted,
  formatDuration,
  formatTick,
  formatTime,
  formatUsd,
} from './format.ts';

test('durations are written as people say them', () => {
  const written = [
    0, 840, 999.6, 1240, 12_340, 59_940, 59_960, 125_000, 12_000_000, 86_400_000, 1_050_000_000,
  ];
  expect(written.map(formatDuration)).toEqual([
    '0 ms',
    '840 ms',
    '1000 ms',
    '1.24 s',
    '12.3 s',
    '59.9 s',
    '1 min 00 s',
    '2 min 05 s',
    '3 h 20 min',
    '1 d',
    '12 d 3 h',
  ]);
  expect(formatDuration(-5)).toBe('−5 ms');
  expect([0, 200, 1500, 120_000, 90_000, 3_600_000, 5_400_000].map(formatTick)).toEqual([
    '0 ms',
    '200 ms',
    '1.5 s',
    '2 min',
    '1 min 30 s',
    '1 h',
    '1 h 30 min',
  ]);
  expect([0, 1, 59_000, 61_000].map(formatCountdown)).toEqual(['0 s', '1 s', '59 s', '1 min 01 s']);
});

test('sizes, counts and money', () => {
  expect([0, 1023, 1536, 262_144, 5 * 1024 ** 2].map(formatBytes)).toEqual([
    '0 B',
    '1023 B',
    '1.5 KiB',
    '256 KiB',
    '5.0 MiB',
  ]);
  expect([formatCounted(1, 'event'), formatCounted(25_000, 'event')]).toEqual(['1 event', '25,000 events']);
  expect([0, 0.000_025, 0.1, 12.345].map(formatUsd)).toEqual(['$0', '$0.000025', '$0.10', '$12.35']);
});

test('times', () => {
  expect(formatTime(1_700_000_000_007)).toMatch(/^\d\d:\d\d:20\.007$/u);
  expect([0, 30_000, 300_000, 7_200_000, 200_000_000].map((ago) => formatAgo(0, ago))).toEqual([
    'just now',
    '30 s ago',
    '5 min ago',
    '2 h ago',
    '2 d ago',
  ]);
});
