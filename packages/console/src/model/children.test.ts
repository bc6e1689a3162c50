import { expect, test } from 'vitest';
import type { MapRunChildren } from '../api/types.ts';
import { childAt, childCounts } from './children.ts';

const children: MapRunChildren = {
  arnPrefix: 'arn:aws:states:us-east-1:000000000000:execution:m/All:',
  names: ['one', 'two'],
  statuses: ['FAILED', 'RUNNING'],
  status: [1, 2],
  startMs: 1000,
  startedMs: [0, 5],
  lastedMs: [30, -1],
  itemCounts: [1, 2],
  errors: ['Bad'],
  error: [1, 0],
};

test('a child is put together from its columns', () => {
  expect(childAt(children, 0)).toEqual({
    executionArn: 'arn:aws:states:us-east-1:000000000000:execution:m/All:one',
    status: 'FAILED',
    startMs: 1000,
    stopMs: 1030,
    itemCount: 1,
    error: 'Bad',
  });
  expect(childAt(children, 1)).toMatchObject({ status: 'RUNNING', startMs: 1005, stopMs: null, error: null });
  expect(childAt(children, 2)).toBeUndefined();
});

test('children are counted by status', () => {
  expect(childCounts(children)).toEqual(
    new Map([
      ['FAILED', 1],
      ['RUNNING', 1],
    ]),
  );
});
