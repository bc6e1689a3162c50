import type { StateVisit } from '../api/types.ts';

/** A step of one way, of the other, or of both. */
export interface ComparedStep {
  readonly left: StateVisit | undefined;
  readonly right: StateVisit | undefined;
  /** How deep within Maps and Parallels. */
  readonly depth: number;
}

/** Longer ways are compared step by step, without looking for what was put in between. */
const ALIGNED_MAX = 1500;

/**
 * Puts two ways beside each other: what both did is one step, what only one did stands alone, in the order in which it happened.
 * States are the same when they have one name, and one place in the Maps and Parallels around them.
 */
export function comparedSteps(
  left: readonly StateVisit[],
  right: readonly StateVisit[],
): readonly ComparedStep[] {
  const leftKeys = keysOf(left);
  const rightKeys = keysOf(right);
  const pairs =
    left.length <= ALIGNED_MAX && right.length <= ALIGNED_MAX
      ? aligned(leftKeys, rightKeys)
      : inOrder(leftKeys, rightKeys);
  return pairs.map(([at, other]) => {
    const one = at === undefined ? undefined : left[at];
    const two = other === undefined ? undefined : right[other];
    const key =
      (at === undefined ? undefined : leftKeys[at]) ?? (other === undefined ? '' : rightKeys[other]);
    return { left: one, right: two, depth: (key ?? '').split('\n').length - 1 };
  });
}

/** Name and place of each: `Map[3]\nState`. */
function keysOf(visits: readonly StateVisit[]): readonly string[] {
  const places = new Map<number, string>();
  return visits.map(({ id, stateName, parent, index }) => {
    const around = parent === 0 ? '' : `${places.get(parent) ?? ''}[${index}]\n`;
    const key = around + stateName;
    places.set(id, key);
    return key;
  });
}

type Pair = readonly [left: number | undefined, right: number | undefined];

/** By the longest sequence that both have. */
function aligned(left: readonly string[], right: readonly string[]): readonly Pair[] {
  const width = right.length + 1;
  const lengths = new Uint16Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      const at = i * width + j;
      const below = lengths[at + width] ?? 0;
      const beside = lengths[at + 1] ?? 0;
      lengths[at] = left[i] === right[j] ? (lengths[at + width + 1] ?? 0) + 1 : Math.max(below, beside);
    }
  }
  const pairs: Pair[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    if (left[i] === right[j]) pairs.push([i++, j++]);
    else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0))
      pairs.push([i++, undefined]);
    else pairs.push([undefined, j++]);
  }
  while (i < left.length) pairs.push([i++, undefined]);
  while (j < right.length) pairs.push([undefined, j++]);
  return pairs;
}

function inOrder(left: readonly string[], right: readonly string[]): readonly Pair[] {
  const pairs: Pair[] = [];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    if (left[at] === right[at]) pairs.push([at, at]);
    else {
      if (at < left.length) pairs.push([at, undefined]);
      if (at < right.length) pairs.push([undefined, at]);
    }
  }
  return pairs;
}

/** How long a visit took; null: it goes on. */
export function durationOf({ enteredMs, endedMs }: StateVisit): number | null {
  return endedMs === null ? null : endedMs - enteredMs;
}
