/** The grid of a map run's children: which child is drawn where, and what a point in it means. */
import type { ExecutionStatus, MapRunChildren } from '../api/types.ts';
import { statusAt } from './children.ts';

/** What goes wrong comes first, then what goes on. */
const ORDER: readonly ExecutionStatus[] = ['FAILED', 'TIMED_OUT', 'ABORTED', 'RUNNING', 'SUCCEEDED'];

export type ChildOrder = 'failuresFirst' | 'started';

/** Indexes of the children that are shown, in the order in which they are drawn. */
export function childrenInOrder(
  children: MapRunChildren,
  order: ChildOrder,
  only: ExecutionStatus | null,
): readonly number[] {
  const shown: number[] = [];
  for (let at = 0; at < children.status.length; at += 1) {
    if (only === null || statusAt(children, at) === only) shown.push(at);
  }
  if (order === 'started') return shown;
  // Each status has its pile: nothing is compared.
  const piles = new Map<ExecutionStatus, number[]>(ORDER.map((status) => [status, []]));
  for (const at of shown) piles.get(statusAt(children, at))?.push(at);
  return [...piles.values()].flat();
}

export interface GridShape {
  readonly columns: number;
  readonly rows: number;
  /** Width and height of a cell with the gap after it. */
  readonly pitch: number;
  readonly cell: number;
}

const PITCHES = [22, 18, 14, 12, 10];
const HEIGHT_WANTED = 640;

/** Cells as large as it takes for all children to be seen at once, within reason. */
export function gridShape(count: number, width: number): GridShape {
  const shapes = PITCHES.map((pitch): GridShape => {
    const columns = Math.max(1, Math.floor(width / pitch));
    return { columns, rows: Math.ceil(count / columns), pitch, cell: pitch - (pitch > 12 ? 3 : 2) };
  });
  const fits = shapes.find(({ rows, pitch }) => rows * pitch <= HEIGHT_WANTED);
  return fits ?? shapes.at(-1) ?? { columns: 1, rows: count, pitch: 10, cell: 8 };
}

/** The place in the order of the child at a point, or undefined. */
export function cellAt(
  { columns, pitch }: GridShape,
  count: number,
  x: number,
  y: number,
): number | undefined {
  const column = Math.floor(x / pitch);
  if (x < 0 || y < 0 || column >= columns) return undefined;
  const at = Math.floor(y / pitch) * columns + column;
  return at < count ? at : undefined;
}

/** Where the cursor goes when a key is pressed; undefined when the key is no such. */
export function cellAfterKey(
  key: string,
  at: number,
  count: number,
  { columns }: GridShape,
): number | undefined {
  const moves: Readonly<Record<string, number>> = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowDown: columns,
    ArrowUp: -columns,
    Home: -at,
    End: count - 1 - at,
  };
  const move = Object.hasOwn(moves, key) ? moves[key] : undefined;
  if (move === undefined || count === 0) return undefined;
  const next = at + move;
  return next < 0 || next >= count ? at : next;
}
