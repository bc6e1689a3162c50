import { expect, test } from 'vitest';
import type { MapRunChildren } from '../api/types.ts';
import { cellAfterKey, cellAt, childrenInOrder, gridShape } from './children-grid.ts';

const children = {
  statuses: ['SUCCEEDED', 'FAILED', 'RUNNING', 'TIMED_OUT'],
  status: [1, 2, 3, 4, 2],
} as unknown as MapRunChildren;

test('failures come first, in the order in which they were started', () => {
  expect(childrenInOrder(children, 'failuresFirst', null)).toEqual([1, 4, 3, 2, 0]);
  expect(childrenInOrder(children, 'started', null)).toEqual([0, 1, 2, 3, 4]);
  expect(childrenInOrder(children, 'failuresFirst', 'FAILED')).toEqual([1, 4]);
});

test('cells are as large as they can be', () => {
  expect(gridShape(20, 880)).toEqual({ columns: 40, rows: 1, pitch: 22, cell: 19 });
  const many = gridShape(10_000, 1100);
  expect(many.columns * many.rows).toBeGreaterThanOrEqual(10_000);
  expect(many.pitch).toBe(10);
  expect(gridShape(0, 0)).toMatchObject({ columns: 1, rows: 0 });
});

test('a point means the child that is drawn there', () => {
  const shape = gridShape(20, 220);
  expect(shape.columns).toBe(10);
  expect(cellAt(shape, 20, 23, 23)).toBe(11);
  expect(cellAt(shape, 20, 23, 45)).toBeUndefined();
  expect(cellAt(shape, 20, 221, 0)).toBeUndefined();
  expect(cellAt(shape, 20, -1, 0)).toBeUndefined();
});

test('arrow keys go about in it and stay within', () => {
  const shape = gridShape(20, 220);
  const after = (key: string, at: number): number | undefined => cellAfterKey(key, at, 20, shape);
  expect([after('ArrowRight', 3), after('ArrowDown', 3), after('ArrowUp', 3), after('ArrowLeft', 0)]).toEqual(
    [4, 13, 3, 0],
  );
  expect([after('End', 3), after('Home', 3), after('x', 3), after('toString', 3)]).toEqual([
    19,
    0,
    undefined,
    undefined,
  ]);
});
