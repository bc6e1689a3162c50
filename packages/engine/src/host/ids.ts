import { randomInt, randomUUID } from 'node:crypto';
import { nextNumber, nextUuid, seededRandom } from '../core/random.ts';

/** Names, ids and seeds that the engine makes up. */
export interface Ids {
  uuid(): string;
  /** In [0, 1): which way a weighted alias goes. */
  fraction(): number;
  /** The seed of an execution's own randomness. */
  executionSeed(executionArn: string): string;
}

/**
 * With a seed they are the same in every run, without one the system's. `after`: how many executions there were before, so that an
 * engine which is opened again does not give the same ids again.
 */
export function createIds(given: string | undefined, after = 0): Ids {
  const seed = after === 0 || given === undefined ? given : `${given}/${after}`;
  if (seed === undefined)
    return {
      uuid: () => randomUUID(),
      fraction: () => randomInt(2 ** 32) / 2 ** 32,
      executionSeed: () => randomUUID(),
    };
  const random = seededRandom(seed);
  // A source of its own, so that routing does not change the ids that follow.
  const routing = seededRandom(`${seed}/routing`);
  return {
    uuid: () => nextUuid(random),
    fraction: () => nextNumber(routing),
    executionSeed: (executionArn) => `${given}/${executionArn}`,
  };
}
