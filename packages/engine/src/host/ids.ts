import { randomUUID } from 'node:crypto';
import { nextUuid, seededRandom } from '../core/random.ts';

/** Names, ids and seeds that the engine makes up. */
export interface Ids {
  uuid(): string;
  /** The seed of an execution's own randomness. */
  executionSeed(executionArn: string): string;
}

/** With a seed they are the same in every run, without one the system's. */
export function createIds(seed: string | undefined): Ids {
  if (seed === undefined) return { uuid: () => randomUUID(), executionSeed: () => randomUUID() };
  const random = seededRandom(seed);
  return { uuid: () => nextUuid(random), executionSeed: (executionArn) => `${seed}/${executionArn}` };
}
