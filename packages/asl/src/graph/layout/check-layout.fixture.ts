import type { GraphContainer } from '../graph.ts';
import { allContainers, allEdges, allNodes } from '../graph.ts';
import type { Box, GraphLayout, PlacedEdge, PlacedState, Point } from './geometry.ts';

/** Everything that is wrong with a layout, one line each: what layoutOf promises, judged from the outside. */
export function faultsOf(graph: GraphContainer, layout: GraphLayout): string[] {
  return [
    ...missing(graph, layout),
    ...overlappingStates(layout),
    ...badEnds(layout),
    ...linesThroughStates(layout),
    ...touchedLabels(layout),
    ...sharedLines(layout),
    ...outside(layout),
  ];
}

interface Segment extends Box {
  readonly edge: PlacedEdge;
}

function missing(graph: GraphContainer, layout: GraphLayout): string[] {
  const placed = layout.states.map(({ node }) => node.id);
  const drawn = layout.edges.flatMap(({ edges }) => edges.map(({ pointer }) => pointer));
  const wanted = allEdges(graph).map(({ pointer }) => pointer);
  const starts = allContainers(graph).filter(({ start }) => start !== undefined);
  return [
    ...(placed.toSorted().join() ===
    allNodes(graph)
      .map(({ id }) => id)
      .toSorted()
      .join()
      ? []
      : ['states are missing']),
    ...(drawn.toSorted().join() === wanted.toSorted().join() ? [] : ['transitions are missing']),
    ...(layout.edges.filter(({ start }) => start !== undefined).length === starts.length
      ? []
      : ['starts are missing']),
  ];
}

function encloses(outer: PlacedState, inner: { readonly id: string }): boolean {
  return inner.id.startsWith(`${outer.node.id}/`);
}

function overlappingStates({ states, containers }: GraphLayout): string[] {
  const faults: string[] = [];
  const gap = 12;
  forPairsNear(states, gap, (a, b) => {
    const nested = encloses(a, b.node) || encloses(b, a.node);
    const [outer, inner] = encloses(a, b.node) ? [a, b] : [b, a];
    if (nested ? !contains(outer, inner) : touches(a, b, gap))
      faults.push(`${a.node.id} overlaps ${b.node.id}`);
  });
  for (const { container, ...frame } of containers) {
    for (const state of states) {
      const isInside = state.node.id.startsWith(`${container.id}/`);
      const isAround = container.id.startsWith(`${state.node.id}/`);
      if (
        isInside ? !contains(frame, state) : isAround ? !contains(state, frame) : touches(frame, state, 1)
      ) {
        faults.push(`the frame ${container.id} and ${state.node.id}`);
      }
    }
  }
  return faults;
}

function badEnds({ states, edges }: GraphLayout): string[] {
  const byId = new Map(states.map((state) => [state.node.id, state]));
  return edges.flatMap((edge) => {
    const faults: string[] = [];
    const [first, last] = [edge.points[0], edge.points.at(-1)];
    const source = byId.get(edge.edges[0]?.from ?? '');
    const target = byId.get(edge.to);
    if (
      target === undefined ||
      last === undefined ||
      !(edge.reachesTarget ? onSide(last, target, target.y) : joins(last, edge, edges))
    ) {
      faults.push(`${name(edge)}: wrong end`);
    }
    if (
      edge.start === undefined &&
      (source === undefined || first === undefined || !onSide(first, source, source.y + source.height))
    )
      faults.push(`${name(edge)}: wrong start`);
    for (const [index, { x, y }] of edge.points.entries()) {
      const before = edge.points[index - 1];
      if (before !== undefined && before.x !== x && before.y !== y)
        faults.push(`${name(edge)}: a slanted line`);
    }
    // The arrow's head comes from above.
    if (edge.reachesTarget && (edge.points.at(-2)?.y ?? 0) > (last?.y ?? 0) - 8)
      faults.push(`${name(edge)}: no room for its head`);
    return faults;
  });
}

/** Whether a line that ends short of its target ends on another of its kind that leads there. */
function joins({ x, y }: Point, edge: PlacedEdge, edges: readonly PlacedEdge[]): boolean {
  return edges
    .filter((other) => other !== edge && netOf(other) === netOf(edge))
    .some((other) => segmentsOf(other).some((segment) => touches(segment, { x, y, width: 0, height: 0 }, 1)));
}

function onSide({ x, y }: Point, box: PlacedState, side: number): boolean {
  const slant = box.node.type === 'Choice' ? 12 : 0;
  return y === side && x > box.x + slant && x < box.x + box.width - slant;
}

function linesThroughStates({ states, edges }: GraphLayout): string[] {
  const faults: string[] = [];
  const segments = edges.flatMap(segmentsOf);
  for (const state of states) {
    for (const segment of segments) {
      const { to, edges: own, points } = segment.edge;
      if (to.startsWith(`${state.node.id}/`)) continue;
      const isOwn = state.node.id === to || state.node.id === own[0]?.from;
      // A line may touch its own states where it ends, and nothing else by less than some pixels.
      if (touches(segment, state, isOwn ? -1 : 4))
        faults.push(`${name(segment.edge)} through ${state.node.id} ${points.length}`);
    }
  }
  return faults;
}

function touchedLabels({ states, edges }: GraphLayout): string[] {
  const faults: string[] = [];
  const labels = edges.flatMap((edge) => (edge.label === undefined ? [] : [{ ...edge.label, edge }]));
  for (const [index, label] of labels.entries()) {
    const { from = '' } = label.edge.edges[0] ?? {};
    for (const other of labels.slice(index + 1))
      if (touches(label, other, 1)) faults.push(`${name(label.edge)}: label on label`);
    for (const state of states) {
      if (!from.startsWith(`${state.node.id}/`) && touches(label, state, 0))
        faults.push(`${name(label.edge)}: label on ${state.node.id}`);
    }
  }
  for (const segment of edges.flatMap(segmentsOf)) {
    for (const label of labels)
      if (touches(label, segment, 1))
        faults.push(`${name(segment.edge)} through label of ${name(label.edge)}`);
  }
  return faults;
}

/** Lines that lead to different states, or of different kinds, must not run on top of each other. */
function sharedLines({ edges }: GraphLayout): string[] {
  const faults: string[] = [];
  const segments = edges.flatMap(segmentsOf);
  forPairsNear(segments, 4, (a, b) => {
    if (netOf(a.edge) === netOf(b.edge)) return;
    const isUpright = a.width === 0 && b.width === 0 && a.height > 0 && b.height > 0;
    const isLevel = a.height === 0 && b.height === 0 && a.width > 0 && b.width > 0;
    if ((isUpright || isLevel) && touches(a, b, 2)) faults.push(`shared: ${name(a.edge)} on ${name(b.edge)}`);
  });
  return faults;
}

function netOf({ to, isCatch, isBack }: PlacedEdge): string {
  return `${to} ${isCatch} ${isBack}`;
}

function outside({ width, height, states, edges }: GraphLayout): string[] {
  const page = { x: 0, y: 0, width, height };
  const boxes: (Box | undefined)[] = [
    ...states,
    ...edges.flatMap(segmentsOf),
    ...edges.map(({ label }) => label),
  ];
  return boxes.some((box) => box !== undefined && !contains(page, box))
    ? ['something is outside the page']
    : [];
}

function segmentsOf(edge: PlacedEdge): Segment[] {
  return edge.points.slice(1).map(({ x, y }, index) => {
    const before = edge.points[index] ?? { x, y };
    return {
      edge,
      x: Math.min(x, before.x),
      y: Math.min(y, before.y),
      width: Math.abs(x - before.x),
      height: Math.abs(y - before.y),
    };
  });
}

function forPairsNear<T extends Box>(boxes: readonly T[], gap: number, visit: (a: T, b: T) => void): void {
  const sorted = boxes.toSorted((a, b) => a.y - b.y);
  for (const [index, a] of sorted.entries()) {
    for (let other = index + 1; other < sorted.length; other += 1) {
      const b = sorted[other];
      if (b === undefined || b.y > a.y + a.height + gap) break;
      visit(a, b);
    }
  }
}

/** Whether two boxes come nearer to each other than `gap`; negative: whether they overlap by more than that. */
function touches(a: Box, b: Box, gap: number): boolean {
  return (
    a.x < b.x + b.width + gap &&
    b.x < a.x + a.width + gap &&
    a.y < b.y + b.height + gap &&
    b.y < a.y + a.height + gap
  );
}

function contains(outer: Box, inner: Box): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

function name({ edges, to }: PlacedEdge): string {
  return edges[0]?.pointer ?? `start of ${to}`;
}
