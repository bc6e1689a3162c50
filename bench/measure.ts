/** Rounds of one measurement; the median of them counts. */
const ROUNDS = 7;
/** How long one round lasts at least, in microseconds of CPU time. */
const ROUND_US = 40_000;

const cpuUs = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** CPU time of so many calls, in microseconds: CPU time, because the machine may be shared. */
function cpuOf(run: () => unknown, calls: number): number {
  const started = cpuUs();
  for (let call = 0; call < calls; call++) kept = run();
  return cpuUs() - started;
}

/** How many calls make one round. */
function callsFor(run: () => unknown): number {
  let calls = 1;
  while (cpuOf(run, calls) < ROUND_US) calls *= 2;
  return calls;
}

/** The median CPU time of one call, in microseconds. */
export function callUs(run: () => unknown): number {
  const calls = callsFor(run);
  return median(Array.from({ length: ROUNDS }, () => cpuOf(run, calls) / calls));
}

/** The same for a function that gives a promise. */
export async function callUsAsync(run: () => Promise<unknown>): Promise<number> {
  const batch = async (calls: number): Promise<number> => {
    const started = cpuUs();
    // One after the other is what is measured.
    // oxlint-disable-next-line no-await-in-loop
    for (let call = 0; call < calls; call++) kept = await run();
    return cpuUs() - started;
  };
  let calls = 1;
  // oxlint-disable-next-line no-await-in-loop
  while ((await batch(calls)) < ROUND_US) calls *= 2;
  const rounds: number[] = [];
  // oxlint-disable-next-line no-await-in-loop
  for (let round = 0; round < ROUNDS; round++) rounds.push((await batch(calls)) / calls);
  return median(rounds);
}

/** Written by every call measured, so that none can be left out by the compiler. */
let kept: unknown;

/** What the last call gave. */
export function lastResult(): unknown {
  return kept;
}

export const us = (value: number): string => `${value.toFixed(value < 10 ? 3 : 1)} us`.padStart(12);
export const times = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)}x`.padStart(8);

/** CPU time of one call, in microseconds. */
export async function cpuUsOf(run: () => Promise<void>): Promise<number> {
  const started = cpuUs();
  await run();
  return cpuUs() - started;
}

export interface Pair {
  readonly oursUs: number;
  readonly floorUs: number;
}

/**
 * The median CPU times of one call of each, in microseconds. Their rounds take turns, so that whatever else the machine does
 * disturbs both alike.
 */
export function pairUs(ours: () => unknown, floor: () => unknown, rounds = ROUNDS): Pair {
  const calls = [callsFor(ours), callsFor(floor)] as const;
  const taken: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    taken[0].push(cpuOf(ours, calls[0]) / calls[0]);
    taken[1].push(cpuOf(floor, calls[1]) / calls[1]);
  }
  return { oursUs: median(taken[0]), floorUs: median(taken[1]) };
}
