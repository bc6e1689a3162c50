import type { Item } from './model.ts';
import { LANE_GAP, LANE_PITCH, STATE_GAP } from './sizes.ts';

/** Between the middles of two neighbours. */
export function gapBetween(left: Item, right: Item): number {
  if (left.net !== undefined && right.net !== undefined) return LANE_PITCH;
  const gap = left.net !== undefined || right.net !== undefined ? LANE_GAP : STATE_GAP;
  return (
    Math.ceil(
      (left.net === undefined ? left.width / 2 : 0) + (right.net === undefined ? right.width / 2 : 0),
    ) + gap
  );
}
