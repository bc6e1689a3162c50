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

/** The median CPU time of one call, in microseconds: CPU time, because the machine may be shared. */
export function callUs(run: () => unknown): number {
  const batch = (calls: number): number => {
    const started = cpuUs();
    for (let call = 0; call < calls; call++) kept = run();
    return cpuUs() - started;
  };
  let calls = 1;
  while (batch(calls) < ROUND_US) calls *= 2;
  return median(Array.from({ length: ROUNDS }, () => batch(calls) / calls));
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
