import { expect, test } from 'vitest';
import seeds from '../regressions/seeds.json' with { type: 'json' };
import { SEEDED_BUGS } from './seeded-bugs.ts';
import { simulate } from './simulation.ts';

const again = (seed: number, steps: number): string => `npm run sim -- --seed ${seed} --steps ${steps}`;

test.each([2, 3, 4, 5])(
  'whatever fails, lies or dies: the data is right, and all comes to its end (seed %i)',
  async (seed) => {
    const { wrong, crashes, calls } = await simulate({ seed, steps: 300 });
    expect(wrong, again(seed, 300)).toEqual([]);
    expect(calls).toBeGreaterThan(0);
    expect(crashes).toBeGreaterThan(0);
  },
);

test.each(seeds)('seed $seed, which once found: $why', async ({ seed, steps }) => {
  const { wrong } = await simulate({ seed, steps });
  expect(wrong, again(seed, steps)).toEqual([]);
});

test('the same seed makes the same run', async () => {
  expect(await simulate({ seed: 77, steps: 150 })).toEqual(await simulate({ seed: 77, steps: 150 }));
});

test.each(Object.entries(SEEDED_BUGS))('the simulation finds %s', async (_, bug) => {
  let found = 0;
  for (let seed = 1; seed <= 10 && found === 0; seed++)
    found = (await simulate({ seed, steps: 300, bug })).wrong.length;
  expect(found).toBeGreaterThan(0);
});
