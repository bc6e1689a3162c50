/** How the benchmarks of issue rows print what they measured, and what their arguments say. */
const words = process.argv.slice(2);

/** `--only=TEXT`: rows whose name has the text in it. */
const only = words
  .find((word) => word.startsWith('--only='))
  ?.slice('--only='.length)
  .toLowerCase();

/** `--short`: fewer rounds and smaller crowds, to see whether something is badly off. */
export const isShort: boolean = words.includes('--short');

export const isWanted = (what: string): boolean => only === undefined || what.toLowerCase().includes(only);

export interface Row {
  readonly what: string;
  readonly oursUs: number;
  readonly floorUs: number;
  /** At most so many times the floor; undefined: no more than to know. */
  readonly wanted: number | undefined;
  readonly note?: string | undefined;
}

const duration = (us: number): string => `${(us / 1000).toPrecision(3)} ms`.padStart(11);
const times = (ratio: number): string => `${ratio < 0.1 ? ratio.toFixed(3) : ratio.toFixed(2)}x`;

export function printHead(): void {
  console.log(`${''.padEnd(46)}${'ours'.padStart(11)}${'floor'.padStart(12)}   ratio  wanted`);
}

export function printRow({ what, oursUs, floorUs, wanted, note }: Row): void {
  const ratio = oursUs / floorUs;
  const verdict = wanted === undefined ? '' : ratio <= wanted ? 'reached' : 'NOT REACHED';
  const cells = [
    what.padEnd(46),
    duration(oursUs),
    ` ${duration(floorUs)}`,
    times(ratio).padStart(8),
    (wanted === undefined ? '' : `  <= ${wanted}x`).padEnd(11),
    verdict,
    note === undefined ? '' : `  ${note}`,
  ];
  console.log(cells.join(''));
}

export interface Limit {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** A row that is held against a number, not against a floor. */
export function printLimit({ what, value, unit, atMost, atLeast }: Limit): void {
  const isReached = value <= (atMost ?? Number.POSITIVE_INFINITY) && value >= (atLeast ?? 0);
  const shown = value >= 1000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
  const wanted = atMost === undefined ? `>= ${atLeast?.toLocaleString('en')}` : `<= ${atMost}`;
  console.log(
    `${what.padEnd(46)} ${`${shown} ${unit}`.padStart(30)}   ${wanted.padEnd(12)}${isReached ? 'reached' : 'NOT REACHED'}`,
  );
}

export interface Rate {
  readonly what: string;
  /** Of a second. */
  readonly ours: number;
  readonly floor: number;
  /** At least so much of the floor. */
  readonly wanted: number;
  readonly note: string;
}

/** A row where more is better. */
export function printRate({ what, ours, floor, wanted, note }: Rate): void {
  const ratio = ours / floor;
  const rate = (value: number): string => `${Math.round(value).toLocaleString('en')}/s`;
  const cells = [
    what.padEnd(46),
    rate(ours).padStart(11),
    ` ${rate(floor).padStart(11)}`,
    `${ratio.toFixed(2)}x`.padStart(8),
    `  >= ${wanted}x`.padEnd(11),
    ratio >= wanted ? 'reached' : 'NOT REACHED',
    `  ${note}`,
  ];
  console.log(cells.join(''));
}

/** Flat within this is flat. */
const FLAT = 0.15;

export function printGrowthHead(): void {
  console.log(
    `${'time of a transition'.padEnd(46)}${'small'.padStart(11)}${'large'.padStart(12)}   ratio  wanted`,
  );
}

/** A row of times in microseconds, small and large, that should be the same. */
export function printGrowth(what: string, [small, large]: readonly [number, number]): void {
  const ratio = large / small;
  const cells = [
    what.padEnd(46),
    `${small.toFixed(3)} us`.padStart(11),
    `${large.toFixed(3)} us`.padStart(12),
    times(ratio).padStart(8),
    `  <= ${1 + FLAT}x`.padEnd(11),
    ratio <= 1 + FLAT ? 'reached' : 'NOT REACHED',
  ];
  console.log(cells.join(''));
}
