import { gapBetween } from './gaps.ts';
import type { Item, Tie } from './model.ts';

const PASSES = 3;
/** Of the lines that leave a block, so many are tried to be made straight. */
const TRIED_MAX = 6;
/** What a bend costs besides its length, where a line should be straight or is so nearly: a small jog looks worst. */
const JOG = 30;
const SHORT = 12;
/** Lines that fan out from a choice, and catchers, may bend: that keeps a choice in the middle above what it leads to. */
const STRAIGHT_WEIGHT = 8;

/** Items that straight lines hold together. */
interface Block {
  readonly items: Item[];
  /** Lines to other blocks, with the sign that makes `error` the shift of this block that straightens them. */
  readonly bends: { readonly error: number; readonly weight: number }[];
}

/**
 * Shifts whole blocks of items that are in line, where that makes another line straight: placing row by row cannot, because
 * each row for itself would only trade one bend for another.
 */
export function shiftBlocks(rows: readonly (readonly Item[])[]): void {
  for (let pass = 0; pass < PASSES; pass += 1) {
    const blockOf = new Map<Item, Block>();
    const blocks: Block[] = [];
    for (const row of rows) {
      for (const item of row) if (!blockOf.has(item)) blocks.push(collect(item, blockOf));
    }
    let shifted = false;
    for (const block of blocks) {
      if (block.items.length === 0) continue;
      findBends(block, blockOf);
      const shift = bestShift(block, slack(block, rows, blockOf));
      if (shift === 0) continue;
      for (const item of block.items) item.x += shift;
      shifted = true;
    }
    if (!shifted) return;
  }
}

function error({ upper, lower, shift }: Tie): number {
  return upper.x + shift - lower.x;
}

function isStraight(tie: Tie): boolean {
  return Math.abs(error(tie)) < 0.5;
}

function collect(first: Item, blockOf: Map<Item, Block>): Block {
  const block: Block = { items: [first], bends: [] };
  blockOf.set(first, block);
  for (const item of block.items) {
    for (const tie of item.above) add(tie, tie.upper);
    for (const tie of item.below) add(tie, tie.lower);
  }
  return block;

  function add(tie: Tie, item: Item): void {
    if (!isStraight(tie) || blockOf.has(item)) return;
    blockOf.set(item, block);
    block.items.push(item);
  }
}

function findBends(block: Block, blockOf: ReadonlyMap<Item, Block>): void {
  for (const item of block.items) {
    for (const tie of item.above) {
      if (blockOf.get(tie.upper) !== block) block.bends.push({ error: error(tie), weight: tie.weight });
    }
    for (const tie of item.below) {
      if (blockOf.get(tie.lower) !== block) block.bends.push({ error: -error(tie), weight: tie.weight });
    }
  }
}

/** How far a block may move to the left (negative) and to the right before it meets others. */
function slack(
  block: Block,
  rows: readonly (readonly Item[])[],
  blockOf: ReadonlyMap<Item, Block>,
): readonly [number, number] {
  let [left, right] = [-Infinity, Infinity];
  for (const item of block.items) {
    const before = rows[item.row]?.[item.position - 1];
    const after = rows[item.row]?.[item.position + 1];
    if (before !== undefined && blockOf.get(before) !== block) {
      left = Math.max(left, before.x + gapBetween(before, item) - item.x);
    }
    if (after !== undefined && blockOf.get(after) !== block) {
      right = Math.min(right, after.x - gapBetween(item, after) - item.x);
    }
  }
  return [Math.min(left, 0), Math.max(right, 0)];
}

/** The shift that saves most, 0 when none saves anything. */
function bestShift({ bends }: Block, [left, right]: readonly [number, number]): number {
  const cost = (shift: number): number => {
    let sum = 0;
    for (const bend of bends) {
      const rest = Math.abs(bend.error - shift);
      const isJog = rest >= 0.5 && (bend.weight >= STRAIGHT_WEIGHT || rest < SHORT);
      sum += bend.weight * (rest + (isJog ? JOG : 0));
    }
    return sum;
  };
  let best = 0;
  let least = cost(0) - 0.5;
  const tried = bends.toSorted((a, b) => b.weight - a.weight).slice(0, TRIED_MAX);
  for (const bend of tried) {
    const shift = Math.min(Math.max(bend.error, left), right);
    const sum = cost(shift);
    if (sum >= least) continue;
    least = sum;
    best = shift;
  }
  return best;
}
