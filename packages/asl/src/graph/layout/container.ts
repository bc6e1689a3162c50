import type { GraphContainer, GraphNode } from '../graph.ts';
import { assignY } from './channels.ts';
import { assignX } from './coordinates.ts';
import { textWidth, wrapText } from './measure.ts';
import type { Body, ContainerLayout, Frame } from './model.ts';
import { layersOf } from './nets.ts';
import { orderRows } from './order.ts';
import { assignPorts } from './ports.ts';
import { rankStates } from './rank.ts';
import { routeEdges } from './routes.ts';
import * as size from './sizes.ts';

/** Lays out a container after all that it encloses: rows, their order, where lines end, x, y, and the lines. */
export function layoutContainer(container: GraphContainer): ContainerLayout {
  const bodies = container.nodes.map((node) => bodyOf(node));
  const layers = layersOf(container, rankStates(container, bodies));
  orderRows(layers);
  assignPorts(layers);
  assignX(layers);
  const { channels, height } = assignY(layers);
  const edges = routeEdges(layers, channels);
  let width = 0;
  for (const row of layers.rows) for (const item of row) width = Math.max(width, item.x + item.width / 2);
  return { layers, edges, width: Math.ceil(width), height };
}

/** The size of a state: of its name, or of what it encloses with the name above it. */
function bodyOf(node: GraphNode): Body {
  const lines = wrapText(node.name, size.NAME_FONT, size.NAME_WIDTH_MAX, size.NAME_LINES_MAX);
  const text = Math.max(
    ...lines.map((line) => textWidth(line, size.NAME_FONT)),
    textWidth(node.type.slice(0, 12), size.SMALL_FONT),
  );
  const slant = node.type === 'Choice' ? 2 * size.CORNER : 0;
  const headWidth = even(Math.max(size.STATE_WIDTH_MIN, text + 2 * size.STATE_PADDING_X + slant));
  const headHeight = lines.length * size.LINE_HEIGHT + size.TYPE_LINE_HEIGHT + 2 * size.STATE_PADDING_Y;
  if (node.containers.length === 0) return { lines, frames: [], width: headWidth, height: headHeight };
  const inner = node.containers.map((one) => layoutContainer(one));
  const enclosed = inner.reduce((sum, { width }) => sum + width + 2 * size.FRAME_PADDING, 0);
  const framesWidth = enclosed + (inner.length - 1) * size.BRANCH_GAP;
  const width = even(Math.max(headWidth, framesWidth + 2 * size.FRAME_PADDING));
  const height = inner.reduce((most, one) => Math.max(most, one.height), 0) + 2 * size.FRAME_PADDING;
  let x = (width - framesWidth) / 2;
  const frames = inner.map((one): Frame => {
    const frame = { inner: one, x, y: headHeight, width: one.width + 2 * size.FRAME_PADDING, height };
    x += frame.width + size.BRANCH_GAP;
    return frame;
  });
  return { lines, frames, width, height: headHeight + height + size.FRAME_PADDING };
}

function even(length: number): number {
  return 2 * Math.ceil(length / 2);
}
