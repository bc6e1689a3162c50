import type { Visit } from '@stepyard/engine';
import { expect, test } from 'vitest';
import { eventColumns, visitColumns } from './columns.ts';

function visit(given: Partial<Visit> & Pick<Visit, 'id' | 'stateName'>): Visit {
  return {
    stateType: 'Task',
    parent: 0,
    index: -1,
    status: 'succeeded',
    enteredMs: 1000,
    endedMs: 1000,
    exitEvent: 0,
    attempts: [],
    children: undefined,
    failure: undefined,
    mapRunEvent: 0,
    ...given,
  };
}

const VISITS: readonly Visit[] = [
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
    failure: { error: 'E', cause: 'why' },
    attempts: [
      {
        event: 6,
        endEvent: 7,
        scheduledMs: 1005,
        endedMs: 1008,
        status: 'failed',
        failure: { error: 'E', cause: 'why' },
      },
      {
        event: 8,
        endEvent: 10,
        scheduledMs: 1015,
        endedMs: 1019,
        status: 'timedOut',
        failure: { error: 'E', cause: 'why' },
      },
    ],
  }),
  visit({
    id: 8,
    stateName: 'Send',
    parent: 2,
    index: 1,
    status: 'running',
    enteredMs: 1005,
    endedMs: undefined,
    exitEvent: 0,
    attempts: [
      { event: 9, endEvent: 0, scheduledMs: 1007, endedMs: undefined, status: 'running', failure: undefined },
    ],
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
    failure: { error: 'Bad', cause: 'why' },
  }),
];

/** packages/console/src/model/visit-columns.test.ts makes the visits of these again. */
const COLUMNS = {
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

test('visits as columns', () => {
  expect(visitColumns({ status: 'FAILED', eventCount: 40, visits: VISITS })).toEqual(COLUMNS);
  expect(visitColumns({ status: 'RUNNING', eventCount: 1, visits: [] })).toMatchObject({
    id: [],
    startMs: 0,
  });
});

test('events as columns', () => {
  const none = { name: undefined, resource: undefined, visit: 0 };
  expect(
    eventColumns([
      { ...none, type: 'ExecutionStarted', timeMs: 1000, previousEventId: 0 },
      { ...none, type: 'TaskStateEntered', timeMs: 1002, previousEventId: 0, name: 'Send', visit: 2 },
      {
        type: 'TaskScheduled',
        timeMs: 1007,
        previousEventId: 2,
        name: undefined,
        resource: 'sqs:sendMessage',
        visit: 2,
      },
    ]),
  ).toEqual({
    startMs: 1000,
    types: ['ExecutionStarted', 'TaskStateEntered', 'TaskScheduled'],
    names: ['Send'],
    resources: ['sqs:sendMessage'],
    type: [1, 2, 3],
    afterMs: [0, 2, 5],
    previous: [1, 2, 1],
    name: [0, 1, 0],
    resource: [0, 0, 1],
    visit: [1, 0, 1],
  });
  expect(eventColumns([])).toMatchObject({ type: [], startMs: 0 });
});
