import type { GraphContainer, GraphEdge } from '../graph.ts';
import type { Body, Item, Link } from './model.ts';
import { newItem } from './model.ts';
import { START_SIZE } from './sizes.ts';

/** Next and choices before catchers: the walk follows what goes well first, so that the main way is drawn straight. */
const KIND_ORDER = { next: 0, choice: 1, default: 1, catch: 2 } as const;

export interface Ranked {
  readonly items: readonly Item[];
  readonly start: Item | undefined;
  readonly links: readonly Link[];
}

/** Gives each state of a container its row, so that all links but the ones back lead downwards. */
export function rankStates(container: GraphContainer, bodies: readonly Body[]): Ranked {
  const items = container.nodes.map((node, index) => newItem(node, bodies[index], undefined, 0));
  for (const item of items) item.height = item.body?.height ?? 0;
  const byId = new Map(items.map((item) => [item.state?.id, item]));
  const links = linksOf(container, byId);
  const first = container.start === undefined ? undefined : byId.get(container.start);
  let start: Item | undefined;
  if (first !== undefined) {
    start = newItem(undefined, undefined, undefined, 0);
    start.height = START_SIZE;
    start.width = START_SIZE;
    const link = newLink(start, first, false);
    start.out.push(link);
    links.push(link);
  }
  const roots = start === undefined ? items : [start, ...items];
  assignRows(walk(roots), start);
  return { items: roots, start, links };
}

function newLink(from: Item, to: Item, isCatch: boolean): Link {
  return {
    from,
    to,
    isCatch,
    edges: [],
    isBack: false,
    port: 0,
    label: '',
    labelWidth: 0,
    labelSide: 'right',
  };
}

/** Merges the edges of one kind between the same states, and hangs them on their sources in the order of the walk. */
function linksOf(container: GraphContainer, byId: ReadonlyMap<string | undefined, Item>): Link[] {
  const links: Link[] = [];
  const known = [new Map<Item, Link>(), new Map<Item, Link>()];
  let source: Item | undefined;
  for (const { edge, from, to } of sortedEdges(container, byId)) {
    if (from !== source) for (const map of known) map.clear();
    source = from;
    const isCatch = edge.kind === 'catch';
    const map = known[isCatch ? 1 : 0];
    let link = map?.get(to);
    if (link === undefined) {
      link = newLink(from, to, isCatch);
      map?.set(to, link);
      from.out.push(link);
      links.push(link);
    }
    link.edges.push(edge);
  }
  return links;
}

interface EdgeOfItems {
  readonly edge: GraphEdge;
  readonly from: Item;
  readonly to: Item;
  readonly place: number;
}

/**
 * All edges, each source's together. Authors write states in the order in which they run: of several choices, the one written
 * next is most likely the way on, and one that leads to a state written earlier the way back.
 */
function sortedEdges(container: GraphContainer, byId: ReadonlyMap<string | undefined, Item>): EdgeOfItems[] {
  const count = container.nodes.length;
  let index = 0;
  for (const item of byId.values()) item.key = index++;
  const sorted: EdgeOfItems[] = [];
  for (const edge of container.edges) {
    const from = byId.get(edge.from);
    const to = byId.get(edge.to);
    if (from === undefined || to === undefined) continue;
    const ahead = to.key - from.key;
    const distance = edge.kind === 'catch' ? 0 : ahead > 0 ? ahead : count - ahead;
    sorted.push({ edge, from, to, place: KIND_ORDER[edge.kind] * 2 * count + distance });
  }
  return sorted.toSorted((a, b) => a.from.key - b.from.key || a.place - b.place);
}

/** Walks depth first, marks links to a state that is still being walked as leading back, and gives the states in topological order. */
function walk(roots: readonly Item[]): Item[] {
  const finished: Item[] = [];
  const open = new Set<Item>();
  let count = 0;
  for (const root of roots) {
    if (root.rank >= 0) continue;
    const stack = [{ item: root, next: 0 }];
    root.rank = count++;
    open.add(root);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const link = top.item.out[top.next++];
      if (link === undefined) {
        finished.push(top.item);
        open.delete(top.item);
        stack.pop();
      } else if (open.has(link.to)) {
        link.isBack = true;
      } else if (link.to.rank < 0) {
        link.to.rank = count++;
        open.add(link.to);
        stack.push({ item: link.to, next: 0 });
      }
    }
  }
  return finished.toReversed();
}

/** The longest way to a state is its row. States that nothing leads to stand below the start mark, not beside it. */
function assignRows(topological: readonly Item[], start: Item | undefined): void {
  for (const item of topological) {
    if (start !== undefined && item !== start) item.row = Math.max(item.row, 1);
    for (const { to, isBack } of item.out) if (!isBack) to.row = Math.max(to.row, item.row + 1);
  }
  for (const item of topological.toReversed()) {
    for (const { to, isBack } of item.out)
      if (!isBack) item.rowsBelow = Math.max(item.rowsBelow, to.rowsBelow + 1);
  }
}
