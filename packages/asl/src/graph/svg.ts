import type { GraphContainer } from './graph.ts';
import type { PlacedEdge, PlacedLabel, PlacedState, Point } from './layout/geometry.ts';
import { linePath, outlineOf, riseOf, stateTexts } from './drawing.ts';
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
  const { node } = state;
  const { names, type } = stateTexts(state);
  return [
    `<g class="${typeClass(node.type)}" data-state="${escaped(node.id)}">`,
    `<title>${escaped(node.name)}</title>`,
    outline(state),
    ...names.map(({ x, y, text }) => `<text class="name" x="${x}" y="${y}">${escaped(text)}</text>`),
    `<text class="type" x="${type.x}" y="${type.y}">${escaped(type.text)}</text>`,
    '</g>',
  ].join('');
}

function outline(state: PlacedState): string {
  const shape = outlineOf(state);
  if (shape.kind === 'pointed') return `<path class="box" d="${shape.path}"/>`;
  return `<rect class="box" ${corner(state)} width="${state.width}" height="${state.height}" rx="${shape.radius}"/>`;
}

function edgeLine(edge: PlacedEdge): string {
  const { points, isCatch, isBack, start, reachesTarget } = edge;
  const parts = [`<path class="line${isCatch ? ' catch' : ''}" d="${linePath(points)}"/>`];
  if (start !== undefined) {
    const radius = size.START_SIZE / 2;
    parts.unshift(`<circle class="head" cx="${start.x}" cy="${start.y + radius}" r="${radius}"/>`);
  }
  const tip = points.at(-1);
  if (reachesTarget && tip !== undefined) parts.push(head(tip, 'down', isCatch));
  const middle = isBack && reachesTarget ? riseOf(points) : undefined;
  if (middle !== undefined) parts.push(head(middle, 'up', isCatch));
  return parts.join('');
}

function head({ x, y }: Point, direction: 'up' | 'down', isCatch: boolean): string {
  const rise = direction === 'down' ? -8 : 8;
  return `<path class="head${isCatch ? ' caught' : ''}" d="M${x} ${y}l-4 ${rise}h8z"/>`;
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
