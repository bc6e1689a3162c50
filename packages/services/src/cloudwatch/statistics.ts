import { merge, type Aggregate, type Datapoint } from './store.ts';

/** The minutes of one period, together. */
export interface Period extends Aggregate {
  /** Epoch milliseconds. */
  readonly startMs: number;
  readonly unit: string;
}

const PERCENTILE = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/u;

/** Whether CloudWatch's statistic of that name can be given here. */
export function isStatistic(name: string): boolean {
  return ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'].includes(name) || PERCENTILE.test(name);
}

/** Minutes gathered into periods, in order; of two units in one period there are two. */
export function periods(points: readonly Datapoint[], periodMs: number): readonly Period[] {
  const found = new Map<string, Period>();
  for (const point of points) {
    const startMs = Math.floor(point.startMs / periodMs) * periodMs;
    const key = `${startMs} ${point.unit}`;
    const before = found.get(key);
    found.set(key, { ...(before === undefined ? point : merge(before, point)), startMs, unit: point.unit });
  }
  return [...found.values()];
}

/** A statistic's value; undefined for a percentile of which no values are kept. */
export function statistic(name: string, { count, sum, min, max, values }: Aggregate): number | undefined {
  switch (name) {
    case 'SampleCount':
      return count;
    case 'Sum':
      return sum;
    case 'Average':
      return sum / count;
    case 'Minimum':
      return min;
    case 'Maximum':
      return max;
    default: {
      const percent = Number(PERCENTILE.exec(name)?.[1]);
      return values === undefined || Number.isNaN(percent) ? undefined : percentile(values, percent / 100);
    }
  }
}

/** Of a sorted list with repetitions: linear between the two nearest ranks. */
function percentile(values: NonNullable<Aggregate['values']>, fraction: number): number {
  const sorted = values.toSorted(([a], [b]) => a - b);
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  const rank = fraction * (total - 1);
  const at = (index: number): number => {
    let seen = 0;
    for (const [value, count] of sorted) {
      seen += count;
      if (index < seen) return value;
    }
    return sorted.at(-1)?.[0] ?? 0;
  };
  const [low, high] = [at(Math.floor(rank)), at(Math.ceil(rank))];
  return low + (high - low) * (rank - Math.floor(rank));
}
