import { describe, expect, test } from 'vitest';
import { tallyOf } from './tally.ts';
import type { Visit } from './visit-log.ts';

/** A visit of which only what matters is given. */
function visit(given: Partial<Visit> & Pick<Visit, 'id' | 'stateName'>): Visit {
  return {
    stateType: 'Task',
    parent: 0,
    index: -1,
    status: 'succeeded',
    enteredMs: given.id,
    endedMs: given.id,
    exitEvent: given.id + 1,
    attempts: [],
    children: undefined,
    failure: undefined,
    mapRunEvent: 0,
    ...given,
  };
}

describe('states', () => {
  test('all visits of one are counted by how they stand', () => {
    const { states, latest } = tallyOf([
      visit({ id: 2, stateName: 'A' }),
      visit({ id: 4, stateName: 'A', status: 'failed' }),
      visit({ id: 6, stateName: 'A' }),
      visit({ id: 8, stateName: 'B', status: 'running' }),
    ]);
    expect(states).toMatchObject([
      { stateName: 'A', visits: 3, counts: { succeeded: 2, failed: 1 }, lastVisit: 6 },
      { stateName: 'B', visits: 1, counts: { running: 1 }, lastVisit: 8 },
    ]);
    expect(latest).toBe('B');
  });

  test('children are added up over the visits, retries are attempts beyond the first', () => {
    const attempt = { endEvent: 0, scheduledMs: 0, endedMs: undefined, failure: undefined } as const;
    const { states } = tallyOf([
      visit({ id: 2, stateName: 'M', children: { total: 4, running: 1, succeeded: 2, failed: 1 } }),
      visit({ id: 3, stateName: 'M', children: { total: 6, running: 6, succeeded: 0, failed: 0 } }),
      visit({
        id: 4,
        stateName: 'T',
        attempts: [
          { ...attempt, event: 5, status: 'failed' },
          { ...attempt, event: 8, status: 'running' },
        ],
      }),
    ]);
    expect(states[0]?.children).toEqual({ total: 10, done: 3, failed: 1 });
    expect(states[1]).toMatchObject({ retries: 1, children: undefined });
  });
});

test('ways follow the lines of an execution, each iteration its own', () => {
  const { ways } = tallyOf([
    visit({ id: 2, stateName: 'Map' }),
    visit({ id: 4, stateName: 'A', parent: 2, index: 0, status: 'caught' }),
    visit({ id: 5, stateName: 'A', parent: 2, index: 1 }),
    visit({ id: 8, stateName: 'B', parent: 2, index: 0 }),
    visit({ id: 9, stateName: 'B', parent: 2, index: 1 }),
    visit({ id: 12, stateName: 'End' }),
  ]);
  const texts = ways.map(({ from, to, isCatch }) => `${from ?? ''} ${isCatch ? 'caught' : ''}> ${to}`);
  expect(texts.toSorted()).toEqual([' > A', ' > Map', 'A > B', 'A caught> B', 'Map > End']);
});

test('what an execution failed by is the innermost state that did', () => {
  const visits = [
    visit({ id: 2, stateName: 'A', status: 'caught' }),
    visit({ id: 4, stateName: 'Both', status: 'failed' }),
    visit({ id: 6, stateName: 'Left', parent: 4, index: 0, status: 'failed' }),
    visit({ id: 7, stateName: 'Right', parent: 4, index: 1, status: 'aborted' }),
  ];
  expect(tallyOf(visits).failed?.stateName).toBe('Left');
  expect(tallyOf(visits.slice(0, 2)).failed?.stateName).toBe('Both');
  expect(tallyOf(visits.slice(0, 1)).failed).toBeUndefined();
});
