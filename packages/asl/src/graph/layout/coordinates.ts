import { gapBetween } from './gaps.ts';
import type { Item, Layers, Net, Tie } from './model.ts';
import { Separator } from './separate.ts';
import { shiftBlocks } from './shift.ts';

const ROUNDS = 3;
/** With more in the rows than this, one round must do. */
const ITEMS_MAX = 20_000;
const WEIGHT_BESIDE = 1;
/** The line that leaves in the middle is the main way. */
const MAIN = 2;
const WEIGHT_STAY = 0.5;
/** Of equal wishes from above and below, those from where the sweep comes from win: no compromise, which would make stairs. */
const LEAD = 0.01;

/** Gives each item its x: rows are placed below what they come from, then above what they lead to, in turns. */
export function assignX({ rows, nets }: Layers): void {
  for (const row of rows) for (const item of row) for (const tie of item.above) setShift(tie);
  const offsets = rows.map((row) => offsetsOf(row));
  for (const [index, row] of rows.entries()) {
    for (const item of row) item.x = offsets[index]?.[item.position] ?? 0;
  }
  const rounds = rows.reduce((sum, row) => sum + row.length, 0) > ITEMS_MAX ? 1 : ROUNDS;
  const separator = new Separator();
  for (let round = 0; round < rounds; round += 1) {
    const last = round === rounds - 1;
    for (let row = 0; row < rows.length; row += 1) {
      placeRow(separator, rows[row] ?? [], offsets[row] ?? [], 1 + LEAD, last && round > 0 ? 1 : 0);
    }
    for (let row = rows.length - 1; row >= 0; row -= 1) {
      placeRow(separator, rows[row] ?? [], offsets[row] ?? [], round > 0 ? 1 : 0, 1 + LEAD);
    }
  }
  straighten(rows, nets);
  if (rounds > 1) shiftBlocks(rows);
  straighten(rows, nets);
  let least = Infinity;
  for (const row of rows) for (const { x, width } of row) least = Math.min(least, x - width / 2);
  for (const row of rows) for (const item of row) item.x = Math.round(item.x - least);
}

function setShift(tie: Tie): void {
  tie.shift = (tie.link?.port ?? 0) - (tie.lower.net === undefined ? tie.net.port : 0);
  if (tie.link?.port === 0) tie.weight *= MAIN;
}

/**
 * Moves lanes into one upright line where there is room for it between their neighbours: long lines bend as seldom as
 * possible, whatever the rows wished one by one.
 */
function straighten(rows: readonly (readonly Item[])[], nets: readonly Net[]): void {
  for (const { lanes } of nets) {
    let run: Item[] = [];
    let [from, to] = [-Infinity, Infinity];
    for (const lane of lanes) {
      const row = rows[lane.row] ?? [];
      const left = row[lane.position - 1];
      const right = row[lane.position + 1];
      const low = left === undefined ? -Infinity : left.x + gapBetween(left, lane);
      const high = right === undefined ? Infinity : right.x - gapBetween(lane, right);
      if (Math.max(from, low) > Math.min(to, high)) {
        align(run, from, to);
        run = [];
        [from, to] = [low, high];
      } else [from, to] = [Math.max(from, low), Math.min(to, high)];
      run.push(lane);
    }
    align(run, from, to);
  }
}

/** Sets a run to the place that fits all and is nearest to where most of it stands. */
function align(run: readonly Item[], from: number, to: number): void {
  const places = run.map(({ x }) => x).toSorted((a, b) => a - b);
  const middle = places[places.length >> 1] ?? 0;
  for (const lane of run) lane.x = Math.min(Math.max(middle, from), to);
}

/** The least distance of each item's middle from that of the row's first. */
function offsetsOf(row: readonly Item[]): number[] {
  let offset = 0;
  return row.map((item, index) => {
    const left = row[index - 1];
    if (left !== undefined) offset += gapBetween(left, item);
    return offset;
  });
}

/** Places a row by what is above it, what is below it or both, as strongly as each is to count. */
function placeRow(
  separator: Separator,
  row: readonly Item[],
  offsets: readonly number[],
  byAbove: number,
  byBelow: number,
): void {
  for (const item of row) {
    separator.item(offsets[item.position] ?? 0);
    const { above, below, beside } = item;
    let count = 0;
    if (byAbove > 0) {
      for (const { upper, shift, weight } of above) separator.wish(upper.x + shift, weight * byAbove);
      count += above.length;
    }
    if (byBelow > 0) {
      for (const { lower, shift, weight } of below) separator.wish(lower.x - shift, weight * byBelow);
      count += below.length;
    }
    if (beside !== undefined && (count === 0 || byAbove * byBelow > 0))
      separator.wish(beside.x, WEIGHT_BESIDE);
    else if (count === 0) separator.wish(item.x, WEIGHT_STAY);
  }
  separator.finish((index, place) => {
    const item = row[index];
    if (item !== undefined) item.x = place;
  });
}
