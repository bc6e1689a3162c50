import { expect, test } from 'vitest';
import type { StateVisit } from '../api/types.ts';
import { comparedSteps, durationOf } from './compare.ts';
import { visit } from './visits.fixture.ts';

const named = (names: string): StateVisit[] =>
  names.split('').map((stateName, at) => visit({ id: at + 1, stateName }));

function ways(left: readonly StateVisit[], right: readonly StateVisit[]): string[] {
  return comparedSteps(left, right).map(
    (step) => `${'.'.repeat(step.depth)}${step.left?.stateName ?? '-'}${step.right?.stateName ?? '-'}`,
  );
}

test.each([
  ['ABC', 'ABC', ['AA', 'BB', 'CC']],
  ['ABC', 'AXC', ['AA', 'B-', '-X', 'CC']],
  ['AB', 'ABB', ['AA', 'BB', '-B']],
  ['', 'A', ['-A']],
  ['A', '', ['A-']],
])('%s and %s', (left, right, steps) => {
  expect(ways(named(left), named(right))).toEqual(steps);
});

test('the third iteration is compared with the third one', () => {
  const map = (...indexes: number[]): StateVisit[] => [
    visit({ id: 1, stateName: 'M' }),
    ...indexes.map((index, at) => ({ ...visit({ id: at + 2, stateName: 'I' }), parent: 1, index })),
  ];
  expect(ways(map(0, 2), map(2))).toEqual(['MM', '.I-', '.II']);
});

test('a way too long to be aligned is compared step by step', () => {
  const long = named('A'.repeat(1501));
  expect(comparedSteps(long, [...long, visit({ id: 9999, stateName: 'B' })])).toHaveLength(1502);
});

test('a duration is known when it is over', () => {
  expect(durationOf({ ...visit({ id: 1, stateName: 'A' }), enteredMs: 5, endedMs: 8 })).toBe(3);
  expect(durationOf({ ...visit({ id: 1, stateName: 'A' }), endedMs: null })).toBeNull();
});
