import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Separator } from './separate.ts';

function separate(items: readonly (readonly [number, number][])[], gap: number): number[] {
  const separator = new Separator();
  for (const [index, wishes] of items.entries()) {
    separator.item(index * gap);
    for (const [at, weight] of wishes) separator.wish(at, weight);
  }
  const places: number[] = [];
  separator.finish((index, place) => (places[index] = place));
  return places;
}

test('items with room stand where they wish; of two that collide the stronger one does', () => {
  expect(separate([[[5, 1]], [[50, 1]]], 10)).toEqual([5, 50]);
  expect(separate([[[20, 3]], [[20, 1]]], 10)).toEqual([20, 30]);
  expect(separate([[[20, 1]], [[20, 3]]], 10)).toEqual([10, 20]);
  expect(separate([[[20, 1]], [[20, 1]], [[20, 1]]], 10)).toEqual([10, 20, 30]);
  expect(separate([], 10)).toEqual([]);
});

test('gaps are kept, and no shift of a single item is better', () => {
  const wishes = fc.array(fc.tuple(fc.integer({ min: -100, max: 100 }), fc.integer({ min: 1, max: 8 })), {
    minLength: 1,
    maxLength: 3,
  });
  fc.assert(
    fc.property(fc.array(wishes, { maxLength: 8 }), (items) => {
      const places = separate(items, 10);
      const cost = (index: number, at: number): number =>
        (items[index] ?? []).reduce((sum, [wish, weight]) => sum + weight * Math.abs(wish - at), 0);
      for (const [index, place] of places.entries()) {
        const low = index === 0 ? -Infinity : (places[index - 1] ?? 0) + 10;
        const high = index === places.length - 1 ? Infinity : (places[index + 1] ?? 0) - 10;
        expect(place).toBeGreaterThanOrEqual(low);
        expect(place).toBeLessThanOrEqual(high);
        const others = [place - 1, place + 1].filter((at) => at >= low && at <= high);
        expect(others.filter((at) => cost(index, at) < cost(index, place))).toEqual([]);
      }
    }),
  );
});
