import { expect, test } from 'vitest';
import { fitted, SCALE_MAX, SCALE_MIN, showing, whole, zoomed } from './view-box.ts';

const frame = { width: 600, height: 400 };

test('a drawing is shown whole where it can be read, else from its top', () => {
  expect(fitted({ width: 200, height: 100 }, frame)).toEqual({ scale: 1, x: 200, y: 150 });
  const tall = fitted({ width: 400, height: 5000 }, frame);
  expect(tall).toEqual({ scale: 0.86, x: 128, y: 6 });
  expect(whole({ width: 400, height: 3880 }, frame)).toEqual({ scale: 0.1, x: 280, y: 6 });
  expect(whole({ width: 400, height: 50_000 }, frame).scale).toBe(SCALE_MIN);
});

test('zooming keeps the point under the pointer, within bounds', () => {
  const view = zoomed({ scale: 1, x: 10, y: 20 }, 2, { x: 110, y: 120 });
  expect(view).toEqual({ scale: 2, x: -90, y: -80 });
  expect(zoomed(view, 100, { x: 0, y: 0 }).scale).toBe(SCALE_MAX);
  expect(zoomed(view, 0.001, { x: 0, y: 0 }).scale).toBe(SCALE_MIN);
});

test('what is out of sight is brought in, what is seen stays', () => {
  const view = { scale: 1, x: 0, y: 0 };
  expect(showing(view, { x: 10, y: 10, width: 100, height: 40 }, frame)).toBe(view);
  const below = showing(view, { x: 10, y: 900, width: 100, height: 40 }, frame);
  expect(below.y).toBe(400 - 12 - 940);
  expect(showing(view, { x: -50, y: 10, width: 100, height: 40 }, frame).x).toBe(62);
});
