import { expect, test } from 'vitest';
import { JavaRandom } from './java-random.ts';

// From java.util.Random itself: new Random(42).nextDouble(), and ten times nextInt(10) of new Random(42).
test('gives the numbers of java.util.Random', () => {
  expect(new JavaRandom(42n).nextDouble()).toBe(0.7275636800328681);
  const random = new JavaRandom(42n);
  expect(Array.from({ length: 10 }, () => random.nextInt(10))).toEqual([0, 3, 8, 4, 0, 5, 5, 8, 9, 3]);
});

test('a bound that is a power of two takes the high bits', () => {
  const random = new JavaRandom(-1n);
  for (let count = 0; count < 100; count++) expect(random.nextInt(16)).toBeLessThan(16);
});
