import type { Retrier } from '@stepyard/asl';
import type { Failure } from './failure.ts';
import type { Frame } from './frame.ts';
import type { Random } from './random.ts';
import { nextNumber } from './random.ts';

/** Whether an entry of ErrorEquals means this failure. */
export function matches(errorEquals: readonly string[], failure: Failure): boolean {
  return errorEquals.some((name) => {
    if (name === 'States.ALL') return true;
    // Everything but a timeout (developer guide, "Handling errors in Step Functions workflows").
    if (name === 'States.TaskFailed') return failure.error !== 'States.Timeout';
    return name === failure.error || name === failure.alias;
  });
}

/**
 * Milliseconds until the next attempt, and counts it; undefined when there is none. The first retrier that matches decides
 * alone: when its attempts are used up, a later one does not take over.
 */
export function nextRetryDelayMs(
  retriers: readonly Retrier[],
  frame: Frame,
  failure: Failure,
  random: () => Random,
): number | undefined {
  const index = retriers.findIndex((retrier) => matches(retrier.errorEquals, failure));
  const retrier = retriers[index];
  if (retrier === undefined) return undefined;
  frame.retries ??= retriers.map(() => 0);
  const before = frame.retries[index] ?? 0;
  if (before >= retrier.maxAttempts) return undefined;
  frame.retries[index] = before + 1;
  frame.retryCount++;
  const backedOff = retrier.intervalSeconds * retrier.backoffRate ** before;
  const seconds = Math.min(
    backedOff,
    retrier.maxDelaySeconds ?? Number.POSITIVE_INFINITY,
    LONGEST_DELAY_SECONDS,
  );
  const factor = retrier.jitter === 'FULL' ? nextNumber(random()) : 1;
  return Math.round(seconds * factor * 1000);
}

/** Without MaxDelaySeconds an exponential delay would leave what a number of milliseconds can say; a year is the longest run. */
const LONGEST_DELAY_SECONDS = 31_622_400;
