import { expect, test } from 'vitest';
import type { VisitColumns } from '../api/types.ts';
import { visitsOf } from './visit-columns.ts';
import { visit as visitWith } from './visits.fixture.ts';

const visit = (given: Parameters<typeof visitWith>[0]) => visitWith({ enteredMs: 1000, ...given });

/** packages/server/src/console/queries/columns.test.ts makes these of the same visits. */
const COLUMNS: VisitColumns = {
  status: 'FAILED',
  eventCount: 40,
  names: ['Each', 'Send', 'Rescue', 'Bad'],
  types: ['Map', 'Task', 'Pass', 'Fail'],
  statuses: ['succeeded', 'caught', 'running', 'failed'],
  errors: ['E', 'Bad'],
  startMs: 1000,
  id: [2, 3, 3, 4, 10],
  name: [1, 2, 2, 3, 4],
  parent: [0, 1, 1, 1, 0],
  index: [0, 1, 2, 1, 0],
  visitStatus: [1, 2, 3, 1, 4],
  enteredMs: [0, 5, 0, 20, 100],
  lastedMs: [120, 20, -1, 0, 7],
  exit: [19, 6, 0, 1, 0],
  failures: { row: [2, 5], error: [1, 2] },
  mapRuns: { row: [1], event: [3] },
  children: { row: [1], total: [2], running: [0], succeeded: [1], failed: [1] },
  attempts: {
    row: [2, 2, 3],
    event: [1, 3, 1],
    end: [1, 2, 0],
    scheduledMs: [0, 10, 2],
    lastedMs: [3, 4, -1],
    statuses: ['failed', 'timedOut', 'running'],
    status: [1, 2, 3],
    error: [1, 1, 0],
  },
};

const VISITS = [
  visit({
    id: 2,
    stateName: 'Each',
    stateType: 'Map',
    endedMs: 1120,
    exitEvent: 21,
    children: { total: 2, running: 0, succeeded: 1, failed: 1 },
    mapRunEvent: 3,
  }),
  visit({
    id: 5,
    stateName: 'Send',
    parent: 2,
    index: 0,
    status: 'caught',
    enteredMs: 1005,
    endedMs: 1025,
    exitEvent: 11,
    error: 'E',
    attempts: [
      { event: 6, endEvent: 7, scheduledMs: 1005, endedMs: 1008, status: 'failed', error: 'E' },
      { event: 8, endEvent: 10, scheduledMs: 1015, endedMs: 1019, status: 'timedOut', error: 'E' },
    ],
  }),
  visit({
    id: 8,
    stateName: 'Send',
    parent: 2,
    index: 1,
    status: 'running',
    enteredMs: 1005,
    endedMs: null,
    exitEvent: 0,
    attempts: [{ event: 9, endEvent: 0, scheduledMs: 1007, endedMs: null, status: 'running', error: null }],
  }),
  visit({
    id: 12,
    stateName: 'Rescue',
    stateType: 'Pass',
    parent: 2,
    index: 0,
    enteredMs: 1025,
    endedMs: 1025,
    exitEvent: 13,
  }),
  visit({
    id: 22,
    stateName: 'Bad',
    stateType: 'Fail',
    status: 'failed',
    enteredMs: 1125,
    endedMs: 1132,
    exitEvent: 0,
    error: 'Bad',
  }),
];

test('visits out of columns', () => {
  expect(visitsOf(COLUMNS)).toEqual({ status: 'FAILED', eventCount: 40, visits: VISITS });
});
