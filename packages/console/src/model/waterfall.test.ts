import { describe, expect, test } from 'vitest';
import { barOf, spanOf, ticksOf, waterfallRows, wayTo } from './waterfall.ts';
import { visit } from './visits.fixture.ts';

const attempt = {
  endEvent: 0,
  scheduledMs: 0,
  endedMs: null,
  status: 'failed',
  error: null,
} as const;
const VISITS = [
  visit({ id: 2, stateName: 'Both', stateType: 'Parallel', endedMs: null, status: 'running' }),
  visit({
    id: 4,
    stateName: 'A',
    parent: 2,
    index: 0,
    attempts: [
      { ...attempt, event: 6 },
      { ...attempt, event: 9 },
    ],
  }),
  visit({ id: 5, stateName: 'B', parent: 2, index: 1, endedMs: null, status: 'running' }),
  visit({ id: 12, stateName: 'C', parent: 2, index: 0 }),
];
const keys = (chosen: readonly [string, boolean][]): readonly string[] =>
  waterfallRows(VISITS, { chosen: new Map(chosen) }).map(({ key, depth }) => `${' '.repeat(depth)}${key}`);

describe('rows', () => {
  test('branches and iterations stand below their state, attempts when they are asked for', () => {
    expect(keys([])).toEqual(['v2', ' l2:0', '  v4', '  v12', ' l2:1', '  v5']);
    expect(
      keys([
        ['v4', true],
        ['l2:1', false],
      ]),
    ).toEqual(['v2', ' l2:0', '  v4', '   a6', '   a9', '  v12', ' l2:1']);
    expect(keys([['v2', false]])).toEqual(['v2']);
  });

  test('a line goes on while one of its visits does', () => {
    const lines = waterfallRows(VISITS, { chosen: new Map() }).filter((row) => row.kind === 'line');
    expect(lines.map(({ startMs, endMs, status, isBranch }) => [startMs, endMs, status, isBranch])).toEqual([
      [40, 130, 'succeeded', true],
      [50, null, 'running', true],
    ]);
  });

  test('many are closed at first, and opened on the way to one of them', () => {
    const many = [
      visit({ id: 2, stateName: 'Map', stateType: 'Map' }),
      ...Array.from({ length: 1000 }, (_, index) =>
        visit({ id: 3 + index, stateName: 'A', parent: 2, index }),
      ),
    ];
    expect(waterfallRows(many, { chosen: new Map() })).toHaveLength(1);
    const way = wayTo(many, 500);
    expect(way).toEqual(['l2:497', 'v2']);
    const open = waterfallRows(many, { chosen: new Map(way.map((key) => [key, true])) });
    expect(open).toHaveLength(1 + 1000 + 1);
    expect(open.some(({ key }) => key === 'v500')).toBe(true);
  });
});

describe('the scale of time', () => {
  test('a stretch never leaves the drawing', () => {
    const span = { startMs: 100, endMs: 200 };
    expect(barOf(span, 120, 150)).toEqual({ left: 0.2, width: 0.3 });
    expect(barOf(span, 150, null)).toEqual({ left: 0.5, width: 0.5 });
    expect(barOf(span, 0, 1000)).toEqual({ left: 0, width: 1 });
    expect(barOf(span, 300, 400)).toEqual({ left: 1, width: 0 });
  });

  test('it reaches to the end, or until now', () => {
    expect(spanOf(VISITS, 20, null, 500)).toEqual({ startMs: 20, endMs: 500 });
    expect(spanOf(VISITS, 20, 100, 500)).toEqual({ startMs: 20, endMs: 130 });
    expect(spanOf([], 20, 20, 500)).toEqual({ startMs: 20, endMs: 21 });
  });

  test('marks are round and not too many', () => {
    expect(ticksOf({ startMs: 0, endMs: 1234 }, 8)).toEqual([0, 200, 400, 600, 800, 1000, 1200]);
    for (const length of [1, 17, 999, 61_000, 86_400_000, 365 * 86_400_000]) {
      const ticks = ticksOf({ startMs: 5, endMs: 5 + length }, 8);
      expect(ticks.length).toBeGreaterThan(0);
      expect(ticks.length).toBeLessThanOrEqual(9);
      expect(ticks.at(-1)).toBeLessThanOrEqual(length);
    }
  });
});
