import type { GraphLayout, PlacedContainer, PlacedEdge, PlacedState, Point } from './geometry.ts';
import type { ContainerLayout, Item } from './model.ts';
import { endsHere } from './ports.ts';
import { FRAME_PADDING, MARGIN } from './sizes.ts';

/** Brings nested layouts into one plane, with a margin around it. */
export function flatten(layout: ContainerLayout): GraphLayout {
  const states: PlacedState[] = [];
  const containers: PlacedContainer[] = [];
  const edges: PlacedEdge[] = [];
  const place = (one: ContainerLayout, dx: number, dy: number, depth: number): void => {
    for (const edge of one.edges) edges.push(movedEdge(edge, dx, dy));
    for (const item of one.layers.items) {
      const state = placedState(item, dx, dy, depth);
      if (state === undefined) continue;
      states.push(state);
      for (const frame of item.body?.frames ?? []) {
        const { width, height } = frame;
        // Lines may need a state wider than what it encloses; that then stands in the middle.
        const x = state.x + frame.x + (state.width - (item.body?.width ?? 0)) / 2;
        const y = state.y + frame.y;
        containers.push({ container: frame.inner.layers.container, x, y, width, height });
        const spare = width - 2 * FRAME_PADDING - frame.inner.width;
        place(frame.inner, x + FRAME_PADDING + spare / 2, y + FRAME_PADDING, depth + 1);
      }
    }
  };
  place(layout, MARGIN, MARGIN, 0);
  return { width: layout.width + 2 * MARGIN, height: layout.height + 2 * MARGIN, states, containers, edges };
}

function placedState(item: Item, dx: number, dy: number, depth: number): PlacedState | undefined {
  const { state, body, width, height } = item;
  if (state === undefined || body === undefined) return undefined;
  const x = item.x + dx;
  const y = item.y + dy;
  const end = endsHere(item) ? { x, y: y + height } : undefined;
  return { node: state, lines: body.lines, x: x - width / 2, y, width, height, end, depth };
}

function movedEdge(edge: PlacedEdge, dx: number, dy: number): PlacedEdge {
  const move = <T extends Point>(point: T): T => ({ ...point, x: point.x + dx, y: point.y + dy });
  return {
    ...edge,
    start: edge.start === undefined ? undefined : move(edge.start),
    points: edge.points.map(move),
    label: edge.label === undefined ? undefined : move(edge.label),
  };
}
