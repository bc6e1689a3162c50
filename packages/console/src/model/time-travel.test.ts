import { expect, test } from 'vitest';
import type { Snapshot } from '../api/types.ts';
import { visitsAt } from './time-travel.ts';
import { visit } from './visits.fixture.ts';

const VISITS = [
  visit({ id: 2, stateName: 'Map', stateType: 'Map', exitEvent: 20 }),
  visit({ id: 4, stateName: 'A', parent: 2, index: 0, exitEvent: 7 }),
  visit({ id: 8, stateName: 'A', parent: 2, index: 1, exitEvent: 0, endedMs: 150, status: 'failed' }),
  visit({ id: 22, stateName: 'End', exitEvent: 23 }),
];
const brief = (event: number, timeMs: number, snapshot?: Snapshot): readonly string[] =>
  visitsAt(VISITS, event, timeMs, snapshot).map(({ stateName, status }) => `${stateName} ${status}`);

test('what had not been entered is not there, what had not been left goes on', () => {
  expect(brief(1, 0)).toEqual([]);
  expect(brief(5, 50)).toEqual(['Map running', 'A running']);
  expect(brief(9, 90)).toEqual(['Map running', 'A succeeded', 'A running']);
  expect(brief(15, 150)).toEqual(['Map running', 'A succeeded', 'A failed']);
  expect(brief(23, 230)).toEqual(['Map succeeded', 'A succeeded', 'A failed', 'End succeeded']);
});

test('a snapshot of that event says it exactly, one of another event nothing', () => {
  const snapshot = { eventId: 9, visits: [{ id: 8, status: 'waiting' }] } as unknown as Snapshot;
  expect(brief(9, 90, snapshot)).toEqual(['Map running', 'A succeeded', 'A waiting']);
  expect(brief(10, 90, snapshot)).toEqual(['Map running', 'A succeeded', 'A running']);
});

test('lines are counted as they stood', () => {
  expect(visitsAt(VISITS, 9, 90, undefined)[0]?.children).toEqual({
    total: 2,
    running: 1,
    succeeded: 1,
    failed: 0,
  });
});

test('an attempt that had not ended was still running, whatever became of it', () => {
  const attempt = {
    event: 5,
    endEvent: 8,
    scheduledMs: 50,
    endedMs: 80,
    status: 'failed',
    error: 'E',
  } as const;
  const task = visit({
    id: 4,
    stateName: 'T',
    exitEvent: 0,
    endedMs: 80,
    status: 'failed',
    error: 'E',
    attempts: [attempt],
  });
  expect(visitsAt([task], 4, 40, undefined)[0]).toMatchObject({ attempts: [], error: null });
  expect(visitsAt([task], 7, 70, undefined)[0]?.attempts[0]).toMatchObject({
    status: 'running',
    endedMs: null,
    error: null,
  });
  expect(visitsAt([task], 8, 80, undefined)[0]).toMatchObject({ attempts: [attempt], error: 'E' });
});
