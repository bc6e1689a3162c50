import { expect, test } from 'vitest';
import { nextInDirection } from './directions.ts';

const box = (
  name: string,
  x: number,
  y: number,
): { name: string; x: number; y: number; width: number; height: number } => ({
  name,
  x,
  y,
  width: 100,
  height: 40,
});
const top = box('top', 100, 0);
const left = box('left', 0, 100);
const right = box('right', 200, 100);
const bottom = box('bottom', 100, 200);
const all = [top, left, right, bottom];

test('arrow keys lead to what lies there', () => {
  expect(nextInDirection(all, left, 'right')?.name).toBe('right');
  expect(nextInDirection(all, right, 'left')?.name).toBe('left');
  expect(nextInDirection(all, top, 'down')?.name).toBe('left');
  expect(nextInDirection(all, bottom, 'up')?.name).toBe('left');
  expect(nextInDirection(all, top, 'up')).toBeUndefined();
  expect(nextInDirection([top, bottom], top, 'down')?.name).toBe('bottom');
});
