import type { Crossbar } from './channels.ts';
import { LINE_CLEARANCE } from './sizes.ts';

/** Worse than any number of crossings: two upright lines on top of each other. */
const OVERLAP = 10_000;
/** With more level lines than this in one channel, only overlaps decide: comparing all pins would take too long. */
const COMPARED_MAX = 80;

/**
 * Gives each crossbar that needs one a track, so that crossbars on one track do not touch, upright lines do not lie on top of
 * each other, and few lines cross. Gives the number of tracks.
 */
export function assignTracks(all: readonly Crossbar[]): number {
  const crossbars = all
    .filter(({ low, high }) => low !== high)
    .toSorted((a, b) => a.low - b.low || a.high - b.high);
  const isMany = crossbars.length > COMPARED_MAX;
  // above[i] holds what must be above crossbar i, and how much that is worth.
  const above = crossbars.map((): Map<number, number> => new Map());
  for (const [i, a] of crossbars.entries()) {
    for (let j = i + 1; j < crossbars.length; j += 1) {
      const b = crossbars[j];
      if (b === undefined || b.low > a.high + LINE_CLEARANCE) break;
      const gain = isMany ? overlapCost(b, a) - overlapCost(a, b) : cost(b, a) - cost(a, b);
      if (gain > 0) above[j]?.set(i, gain);
      else if (gain < 0) above[i]?.set(j, -gain);
    }
  }
  let tracks = 0;
  const placed: Crossbar[] = [];
  for (const index of topDown(above)) {
    const crossbar = crossbars[index];
    if (crossbar === undefined) continue;
    let track = 0;
    for (const before of above[index]?.keys() ?? [])
      track = Math.max(track, (crossbars[before]?.track ?? -1) + 1);
    const near = placed.filter(
      ({ low, high }) => low <= crossbar.high + LINE_CLEARANCE && high >= crossbar.low - LINE_CLEARANCE,
    );
    while (near.some((other) => other.track === track)) track += 1;
    crossbar.track = track;
    placed.push(crossbar);
    tracks = Math.max(tracks, track + 1);
  }
  return tracks;
}

/** What it costs to have `a` above `b`: their crossings, and far more for upright lines that would overlap. */
function cost(a: Crossbar, b: Crossbar): number {
  let crossings = 0;
  for (const x of b.tops) if (x > a.low && x < a.high) crossings += 1;
  for (const x of a.bottoms) if (x > b.low && x < b.high) crossings += 1;
  return crossings + overlapCost(a, b);
}

function overlapCost(a: Crossbar, b: Crossbar): number {
  return a.bottoms.some((x) => b.tops.some((other) => Math.abs(x - other) < LINE_CLEARANCE)) ? OVERLAP : 0;
}

/** An order that keeps as much of what must be above as circles allow: always takes next what breaks the least. */
function topDown(above: readonly ReadonlyMap<number, number>[]): number[] {
  const debt = above.map((map) => map.values().reduce((sum, gain) => sum + gain, 0));
  const below = above.map((): [number, number][] => []);
  for (const [index, map] of above.entries())
    for (const [before, gain] of map) below[before]?.push([index, gain]);
  const order: number[] = [];
  const open = new Set(above.keys());
  while (open.size > 0) {
    let best = -1;
    for (const index of open) if (best < 0 || (debt[index] ?? 0) < (debt[best] ?? 0)) best = index;
    open.delete(best);
    order.push(best);
    for (const [index, gain] of below[best] ?? []) debt[index] = (debt[index] ?? 0) - gain;
  }
  return order;
}

/** Two upright lines that lie on top of each other: one that leads down from `upper`, one that comes down to `lower`. */
export interface Overlap {
  readonly upper: Crossbar;
  readonly lower: Crossbar;
  readonly bottom: number;
  readonly top: number;
}

/** What assignTracks could not keep apart: circles, and lines that go straight through beside another's end. */
export function overlaps(crossbars: readonly Crossbar[]): Overlap[] {
  const sorted = crossbars.toSorted((a, b) => a.low - b.low);
  const result: Overlap[] = [];
  for (const [index, a] of sorted.entries()) {
    for (let other = index + 1; other < sorted.length; other += 1) {
      const b = sorted[other];
      if (b === undefined || b.low > a.high + LINE_CLEARANCE) break;
      for (const [upper, lower] of [
        [a, b],
        [b, a],
      ] as const) {
        const isStraight = upper.track < 0 || lower.track < 0;
        if (!isStraight && upper.track >= lower.track) continue;
        const near = isStraight ? LINE_CLEARANCE / 2 : LINE_CLEARANCE;
        for (const bottom of upper.bottoms) {
          for (const top of lower.tops)
            if (Math.abs(bottom - top) < near) result.push({ upper, lower, bottom, top });
        }
      }
    }
  }
  return result;
}
