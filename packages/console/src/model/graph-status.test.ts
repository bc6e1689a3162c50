import { describe, expect, test } from 'vitest';
import { failedVisit, graphStatus, wayKey } from './graph-status.ts';
import { visit } from './visits.fixture.ts';

describe('the status of a state', () => {
  test('what goes on comes before what went wrong, and that before the rest', () => {
    const { states } = graphStatus([
      visit({ id: 2, stateName: 'A', status: 'succeeded' }),
      visit({ id: 4, stateName: 'A', status: 'failed' }),
      visit({ id: 6, stateName: 'A', status: 'succeeded' }),
      visit({ id: 8, stateName: 'B', status: 'failed' }),
      visit({ id: 10, stateName: 'B', status: 'running' }),
    ]);
    expect(states.get('A')).toMatchObject({
      kind: 'failed',
      visits: 3,
      counts: { succeeded: 2, failed: 1 },
      lastVisit: 6,
    });
    expect(states.get('B')?.kind).toBe('running');
    expect(states.get('C')).toBeUndefined();
  });

  test('children are added up over the visits, retries are attempts beyond the first', () => {
    const attempt = {
      endEvent: 0,
      scheduledMs: 0,
      endedMs: null,
      status: 'failed',
      error: null,
      cause: null,
    } as const;
    const { states } = graphStatus([
      visit({ id: 2, stateName: 'M', children: { total: 4, running: 1, succeeded: 2, failed: 1 } }),
      visit({ id: 3, stateName: 'M', children: { total: 6, running: 6, succeeded: 0, failed: 0 } }),
      visit({
        id: 4,
        stateName: 'T',
        attempts: [
          { ...attempt, event: 5 },
          { ...attempt, event: 8 },
        ],
      }),
    ]);
    expect(states.get('M')?.children).toEqual({ total: 10, done: 3, failed: 1 });
    expect(states.get('T')).toMatchObject({ retries: 1, children: undefined });
  });
});

test('ways follow the lines of an execution, each iteration its own', () => {
  const { ways } = graphStatus([
    visit({ id: 2, stateName: 'Map' }),
    visit({ id: 4, stateName: 'A', parent: 2, index: 0, status: 'caught' }),
    visit({ id: 5, stateName: 'A', parent: 2, index: 1 }),
    visit({ id: 8, stateName: 'Rescue', parent: 2, index: 0 }),
    visit({ id: 9, stateName: 'B', parent: 2, index: 1 }),
    visit({ id: 12, stateName: 'End' }),
  ]);
  expect(ways).toEqual(
    new Set([
      wayKey('', 'Map', false),
      wayKey('', 'A', false),
      wayKey('A', 'Rescue', true),
      wayKey('A', 'B', false),
      wayKey('Map', 'End', false),
    ]),
  );
});

test('what an execution failed by is the innermost state that did', () => {
  const visits = [
    visit({ id: 2, stateName: 'A', status: 'caught' }),
    visit({ id: 4, stateName: 'Both', status: 'failed' }),
    visit({ id: 6, stateName: 'Left', parent: 4, index: 0, status: 'failed' }),
    visit({ id: 7, stateName: 'Right', parent: 4, index: 1, status: 'aborted' }),
  ];
  expect(failedVisit(visits)?.stateName).toBe('Left');
  expect(failedVisit(visits.slice(0, 2))?.stateName).toBe('Both');
  expect(failedVisit(visits.slice(0, 1))).toBeUndefined();
});
