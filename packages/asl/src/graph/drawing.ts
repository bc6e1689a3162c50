/** Shapes and places of what is drawn, for whoever draws a layout: the SVG document here, elements of a page in the console. */
import type { PlacedState, Point } from './layout/geometry.ts';
import * as size from './layout/sizes.ts';

/** A line of text; `x` is its middle, `y` its base line. */
export interface PlacedText extends Point {
  readonly text: string;
}

/** The lines of a state's name, and below them its type. */
export interface StateTexts {
  readonly names: readonly PlacedText[];
  readonly type: PlacedText;
}

export function stateTexts({ node, lines, x, y, width }: PlacedState): StateTexts {
  const middle = x + width / 2;
  const first = y + size.STATE_PADDING_Y + size.NAME_FONT - 1;
  return {
    names: lines.map((text, index) => ({ x: middle, y: first + index * size.LINE_HEIGHT, text })),
    type: { x: middle, y: first + lines.length * size.LINE_HEIGHT - 2, text: node.type.slice(0, 12) },
  };
}

/** What surrounds a state: a path with pointed ends, or the state's box with rounded corners. */
export type Outline =
  { readonly kind: 'pointed'; readonly path: string } | { readonly kind: 'box'; readonly radius: number };

/** A Choice has pointed ends, an end is round, everything else has corners. */
export function outlineOf({ node, x, y, width, height }: PlacedState): Outline {
  if (node.type === 'Choice' && node.containers.length === 0) {
    const [left, right, top, bottom] = [x, x + width, y, y + height];
    const [inLeft, inRight, middle] = [left + size.CORNER, right - size.CORNER, y + height / 2];
    const path = `M${inLeft} ${top}H${inRight}L${right} ${middle}L${inRight} ${bottom}H${inLeft}L${left} ${middle}Z`;
    return { kind: 'pointed', path };
  }
  const isEnd = node.type === 'Succeed' || node.type === 'Fail';
  return { kind: 'box', radius: isEnd && node.containers.length === 0 ? Math.min(height / 2, 22) : 6 };
}

/**
 * Where a way back shows that it leads up: in the middle of its longest rise, when that is long enough. The point is the tip's
 * place of an arrow that is drawn upwards.
 */
export function riseOf(points: readonly Point[]): Point | undefined {
  let longest = 40;
  let middle: Point | undefined;
  for (const [index, { x, y }] of points.entries()) {
    const before = points[index - 1];
    if (before === undefined || before.x !== x || before.y - y <= longest) continue;
    longest = before.y - y;
    middle = { x, y: Math.round((before.y + y) / 2) - 4 };
  }
  return middle;
}

/** A path through points on upright and level lines, its corners rounded. */
export function linePath(points: readonly Point[]): string {
  const corners = points.filter((point, index) => {
    const before = points[index - 1];
    const after = points[index + 1];
    if (before === undefined || after === undefined) return true;
    return !(before.x === point.x && point.x === after.x) && !(before.y === point.y && point.y === after.y);
  });
  return corners
    .map((point, index) => {
      const before = corners[index - 1];
      const after = corners[index + 1];
      if (before === undefined) return `M${point.x} ${point.y}`;
      if (after === undefined) return `L${point.x} ${point.y}`;
      const radius = Math.min(size.CORNER_RADIUS, distance(before, point) / 2, distance(point, after) / 2);
      const from = toward(point, before, radius);
      const to = toward(point, after, radius);
      return `L${from.x} ${from.y}Q${point.x} ${point.y} ${to.x} ${to.y}`;
    })
    .join('');
}

function distance(a: Point, b: Point): number {
  return Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
}

function toward(from: Point, to: Point, length: number): Point {
  return { x: from.x + Math.sign(to.x - from.x) * length, y: from.y + Math.sign(to.y - from.y) * length };
}
