/** `npm run sim -- --seed N [--seeds COUNT] [--steps N]`: runs simulations; of the first that goes wrong it says what, and how to see it again. */
import { parseArgs } from 'node:util';
import { simulate } from './simulation.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    steps: { type: 'string', default: '400' },
  },
});
const first = Number(values.seed);
const steps = Number(values.steps);
const totals = { executions: 0, crashes: 0, calls: 0 };
for (let seed = first; seed < first + Number(values.seeds); seed++) {
  // One after the other: each is one process's life.
  // oxlint-disable-next-line no-await-in-loop
  const { wrong, executions, crashes, calls } = await simulate({ seed, steps });
  totals.executions += executions;
  totals.crashes += crashes;
  totals.calls += calls;
  if (wrong.length === 0) continue;
  console.error(`${wrong.slice(0, 10).join('\n')}\n\nAgain: npm run sim -- --seed ${seed} --steps ${steps}`);
  process.exit(1);
}
console.log(
  `${values.seeds} seeds, ${totals.executions} executions, ${totals.crashes} crashes, ${totals.calls} calls: nothing wrong`,
);
