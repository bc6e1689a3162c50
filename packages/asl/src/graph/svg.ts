import type { GraphContainer } from './graph.ts';
import type { PlacedEdge, PlacedLabel, PlacedState, Point } from './layout/geometry.ts';
import { layoutOf } from './layout/layout.ts';
import * as size from './layout/sizes.ts';
import { STYLE, typeClass } from './svg-style.ts';

export interface SvgOptions {
  /** What the picture is called, for those who do not see it. */
  readonly title?: string;
}

/**
 * Draws a graph as an SVG document of its own: light or dark as the reader's screen is, no script, no outside reference.
 * Every name is written as text, whatever is in it. A state's group carries its JSON pointer in `data-state`.
 */
export function toSvg(graph: GraphContainer, options: SvgOptions = {}): string {
  const { width, height, states, containers, edges } = layoutOf(graph);
  const title = escaped(options.title ?? 'State machine');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="asl-graph" role="img" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<title>${title}</title>`,
    `<style>\n${STYLE}\n</style>`,
    `<rect class="paper" width="${width}" height="${height}"/>`,
    ...states.filter(({ node }) => node.containers.length > 0).map(stateGroup),
    ...containers
      .filter(({ container }) => container.kind === 'branch')
      .map(
        (box) => `<rect class="frame" ${corner(box)} width="${box.width}" height="${box.height}" rx="6"/>`,
      ),
    ...states.filter(({ node }) => node.containers.length === 0).map(stateGroup),
    // Catchers first: where lines cross, the way that goes well is on top.
    ...edges.filter(({ isCatch }) => isCatch).map(edgeLine),
    ...edges.filter(({ isCatch }) => !isCatch).map(edgeLine),
    ...edges.flatMap(({ label, isCatch }) => (label === undefined ? [] : [labelText(label, isCatch)])),
    ...states.flatMap(({ end }) => (end === undefined ? [] : [endMark(end)])),
    '</svg>\n',
  ].join('\n');
}

function stateGroup(state: PlacedState): string {
  const { node, lines, x, y, width } = state;
  const middle = x + width / 2;
  const first = y + size.STATE_PADDING_Y + size.NAME_FONT - 1;
  const names = lines.map((line, index) => {
    return `<text class="name" x="${middle}" y="${first + index * size.LINE_HEIGHT}">${escaped(line)}</text>`;
  });
  const typeY = first + lines.length * size.LINE_HEIGHT - 2;
  return [
    `<g class="${typeClass(node.type)}" data-state="${escaped(node.id)}">`,
    `<title>${escaped(node.name)}</title>`,
    outline(state),
    ...names,
    `<text class="type" x="${middle}" y="${typeY}">${escaped(node.type.slice(0, 12))}</text>`,
    '</g>',
  ].join('');
}

/** A Choice has pointed ends, an end is round, everything else has corners. */
function outline({ node, x, y, width, height }: PlacedState): string {
  if (node.type === 'Choice' && node.containers.length === 0) {
    const [left, right, top, bottom] = [x, x + width, y, y + height];
    const [inLeft, inRight, middle] = [left + size.CORNER, right - size.CORNER, y + height / 2];
    return `<path class="box" d="M${inLeft} ${top}H${inRight}L${right} ${middle}L${inRight} ${bottom}H${inLeft}L${left} ${middle}Z"/>`;
  }
  const isEnd = node.type === 'Succeed' || node.type === 'Fail';
  const radius = isEnd && node.containers.length === 0 ? Math.min(height / 2, 22) : 6;
  return `<rect class="box" ${corner({ x, y })} width="${width}" height="${height}" rx="${radius}"/>`;
}

function edgeLine(edge: PlacedEdge): string {
  const { points, isCatch, isBack, start, reachesTarget } = edge;
  const parts = [`<path class="line${isCatch ? ' catch' : ''}" d="${rounded(points)}"/>`];
  if (start !== undefined) {
    const radius = size.START_SIZE / 2;
    parts.unshift(`<circle class="head" cx="${start.x}" cy="${start.y + radius}" r="${radius}"/>`);
  }
  const tip = points.at(-1);
  if (reachesTarget && tip !== undefined) parts.push(head(tip, 'down', isCatch));
  const middle = isBack && reachesTarget ? middleOfRise(points) : undefined;
  if (middle !== undefined) parts.push(head(middle, 'up', isCatch));
  return parts.join('');
}

/** Where a way back shows that it leads up: in the middle of its longest rise, when that is long enough. */
function middleOfRise(points: readonly Point[]): Point | undefined {
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

function head({ x, y }: Point, direction: 'up' | 'down', isCatch: boolean): string {
  const rise = direction === 'down' ? -8 : 8;
  return `<path class="head${isCatch ? ' caught' : ''}" d="M${x} ${y}l-4 ${rise}h8z"/>`;
}

/** A path through points on upright and level lines, its corners rounded. */
function rounded(points: readonly Point[]): string {
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

function labelText({ text, side, x, y, width }: PlacedLabel, isCatch: boolean): string {
  const anchor = side === 'right' ? x : x + width;
  return `<text class="label ${side}${isCatch ? ' caught' : ''}" x="${anchor}" y="${y + 10}">${escaped(text)}</text>`;
}

function endMark({ x, y }: Point): string {
  return `<circle class="end" cx="${x}" cy="${y}" r="4" stroke-width="1.5"/>`;
}

function corner({ x, y }: Point): string {
  return `x="${x}" y="${y}"`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for an element or an attribute. What XML cannot hold at all (controls, lone surrogates) becomes U+FFFD. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[&<>"']/gu, (character) => ENTITIES[character] ?? '')
    .replaceAll(/[\p{Cc}\uFFFE\uFFFF]/gu, (character) =>
      character === '\n' || character === '\t' ? ' ' : '\uFFFD',
    );
}
