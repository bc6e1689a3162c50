import { expect, test } from 'vitest';
import type { StateTally } from '../api/types.ts';
import { graphStatus, wayKey } from './graph-status.ts';

function tally(stateName: string, counts: StateTally['counts']): StateTally {
  return { stateName, counts, visits: 3, children: null, retries: 0, lastVisit: 6 };
}

test('what goes on comes before what went wrong, and that before the rest', () => {
  const { states } = graphStatus({
    states: [
      tally('A', { succeeded: 2, failed: 1 }),
      tally('B', { failed: 4, running: 1 }),
      tally('C', { waiting: 1, caught: 2 }),
      tally('D', { succeeded: 3 }),
    ],
    ways: [],
  });
  expect(Array.from(states, ([name, { kind }]) => `${name} ${kind}`)).toEqual([
    'A failed',
    'B running',
    'C waiting',
    'D succeeded',
  ]);
  expect(states.get('A')).toMatchObject({ visits: 3, lastVisit: 6 });
  expect(states.get('E')).toBeUndefined();
});

test('ways are found by where they lead from and to, and whether a catcher led there', () => {
  const { ways } = graphStatus({
    states: [],
    ways: [
      { from: null, to: 'A', isCatch: false },
      { from: 'A', to: 'Rescue', isCatch: true },
    ],
  });
  expect(ways).toEqual(new Set([wayKey('', 'A', false), wayKey('A', 'Rescue', true)]));
});
