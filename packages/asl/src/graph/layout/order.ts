import type { Item, Layers } from './model.ts';

const SWEEPS = 6;
/** With more in the rows than this, the first order must do: nobody can read such a drawing anyhow. */
const ITEMS_MAX = 20_000;

/** Orders the rows so that few lines cross: sweeps down and up by the mean place of the neighbours, and keeps the best. */
export function orderRows({ rows }: Layers): void {
  if (rows.reduce((sum, row) => sum + row.length, 0) > ITEMS_MAX) return;
  let best = countCrossings(rows);
  if (best === 0) return;
  let kept = rows.map((row) => [...row]);
  let isKept = true;
  for (let sweep = 0; sweep < SWEEPS && best > 0; sweep += 1) {
    const changed = sweepRows(rows, sweep % 2 === 0);
    const crossings = changed ? countCrossings(rows) : best;
    isKept = crossings < best;
    if (isKept) {
      best = crossings;
      kept = rows.map((row) => [...row]);
    }
  }
  if (isKept) return;
  for (const [index, row] of kept.entries()) {
    rows[index] = row;
    number(row);
  }
}

/** Gives whether anything moved. */
function sweepRows(rows: readonly Item[][], down: boolean): boolean {
  let changed = false;
  for (let step = 0; step < rows.length; step += 1) {
    const row = rows[down ? step : rows.length - 1 - step];
    if (row === undefined || row.length < 2) continue;
    for (const item of row) item.key = meanPosition(item, down);
    for (const item of row) {
      if (item.beside === undefined || (down ? item.above : item.below).length > 0) continue;
      item.key = item.beside.key - 0.01;
    }
    if (isSorted(row)) continue;
    row.sort((a, b) => a.key - b.key || a.position - b.position);
    number(row);
    changed = true;
  }
  return changed;
}

function meanPosition(item: Item, down: boolean): number {
  const ties = down ? item.above : item.below;
  if (ties.length === 0) return item.position;
  let sum = 0;
  for (const { upper, lower } of ties) sum += (down ? upper : lower).position;
  return sum / ties.length;
}

function isSorted(row: readonly Item[]): boolean {
  let before = -Infinity;
  for (const { key } of row) {
    if (key < before) return false;
    before = key;
  }
  return true;
}

function number(row: readonly Item[]): void {
  let position = 0;
  for (const item of row) item.position = position++;
}

/** Crossings between each row and the next: inversions, counted with a Fenwick tree. */
function countCrossings(rows: readonly Item[][]): number {
  let crossings = 0;
  for (let index = 0; index + 1 < rows.length; index += 1) {
    const upper = rows[index];
    const width = rows[index + 1]?.length ?? 0;
    if (upper === undefined || width < 2 || upper.length < 2) continue;
    const tree = new Int32Array(width + 1);
    let seen = 0;
    for (const { below } of upper) {
      for (const { lower } of below) {
        let notRight = 0;
        for (let at = lower.position + 1; at > 0; at -= at & -at) notRight += tree[at] ?? 0;
        crossings += seen - notRight;
      }
      for (const { lower } of below) {
        for (let at = lower.position + 1; at <= width; at += at & -at) tree[at] = (tree[at] ?? 0) + 1;
      }
      seen += below.length;
    }
  }
  return crossings;
}
