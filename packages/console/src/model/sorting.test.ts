import { expect, test } from 'vitest';
import { sorted } from './sorting.ts';

test('rows are sorted both ways, what has no value last', () => {
  const rows = ['b', null, 'a10', 'a9'];
  expect(sorted(rows, (row) => row, false)).toEqual(['a9', 'a10', 'b', null]);
  expect(sorted(rows, (row) => row, true)).toEqual(['b', 'a10', 'a9', null]);
  expect(sorted([3, 20, 1], (row) => row, true)).toEqual([20, 3, 1]);
});
