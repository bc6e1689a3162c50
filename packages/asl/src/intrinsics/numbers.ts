import { JavaRandom } from '../java-random.ts';
import type { IntrinsicFunction } from './function.ts';
import { withArity } from './function.ts';

const INTEGER_MAX = 2_147_483_647;
const INTEGER_MIN = -2_147_483_648;

function isInteger32(value: number): boolean {
  return value >= INTEGER_MIN && value <= INTEGER_MAX;
}

/** Java's Math.round: half towards positive infinity. */
function round(value: number): number {
  return Math.floor(value + 0.5);
}

/** Each operand is rounded first, half towards positive infinity; operands and sum are 32-bit integers (recorded). */
const mathAdd: IntrinsicFunction = ([left, right]) => {
  if (typeof left !== 'number' || typeof right !== 'number') return undefined;
  const a = round(left);
  const b = round(right);
  // `+ 0` turns a negative zero into zero.
  return isInteger32(a) && isInteger32(b) && isInteger32(a + b) ? a + b + 0 : undefined;
};

/** An integer from `start` to before `end`, fractions cut off (observed on AWS); the same seed gives the same number. */
const mathRandom: IntrinsicFunction = ([start, end, seed], environment) => {
  if (typeof start !== 'number' || typeof end !== 'number') return undefined;
  const from = Math.trunc(start);
  const width = Math.trunc(end) - from;
  if (!isInteger32(from) || !isInteger32(Math.trunc(end)) || width < 1) return undefined;
  if (seed === undefined) return from + Math.floor(environment.random() * width);
  if (typeof seed !== 'number') return undefined;
  const random = new JavaRandom(BigInt(Math.trunc(seed)));
  return from + (width <= INTEGER_MAX ? random.nextInt(width) : Math.floor(random.nextDouble() * width));
};

export const NUMBER_FUNCTIONS: Readonly<Record<string, IntrinsicFunction>> = {
  'States.MathAdd': withArity(2, 2, mathAdd),
  'States.MathRandom': withArity(2, 3, mathRandom),
  'States.UUID': withArity(0, 0, (_args, environment) => environment.uuid()),
};
