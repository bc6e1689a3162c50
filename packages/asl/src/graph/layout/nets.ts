import type { Item, Layers, Link, Net } from './model.ts';
import { firstStop, newItem } from './model.ts';
import type { Ranked } from './rank.ts';
import type { GraphContainer } from '../graph.ts';

/** Gathers links into nets, gives each net its lanes, and fills the rows in a first order. */
export function layersOf(container: GraphContainer, { items, start, links }: Ranked): Layers {
  const nets: Net[] = [];
  for (const link of links) {
    let net = link.to.in.find(({ isCatch, isBack }) => isCatch === link.isCatch && isBack === link.isBack);
    if (net === undefined) {
      net = {
        target: link.to,
        isCatch: link.isCatch,
        isBack: link.isBack,
        links: [],
        lanes: [],
        lanesFrom: 0,
        port: 0,
      };
      link.to.in.push(net);
      nets.push(net);
    }
    net.links.push(link);
  }
  for (const net of nets) {
    addLanes(net);
    tie(net);
  }
  return { container, items, start, links, nets, rows: rowsOf(items, nets) };
}

/** The net that a link belongs to. */
export function netOf(link: Link): Net {
  const net = link.to.in.find(({ isCatch, isBack }) => isCatch === link.isCatch && isBack === link.isBack);
  if (net === undefined) throw new Error('a link without a net');
  return net;
}

/** Forwards: the rows between the highest source and the target. Back: the target's row to the lowest source's, around all. */
function addLanes(net: Net): void {
  const rows = net.links.map(({ from }) => from.row);
  const from = net.isBack ? net.target.row : rows.reduce((least, row) => Math.min(least, row)) + 1;
  const to = net.isBack ? rows.reduce((most, row) => Math.max(most, row)) : net.target.row - 1;
  net.lanesFrom = from;
  for (let row = from; row <= to; row += 1) net.lanes.push(newItem(undefined, undefined, net, row));
}

/** A lane that is straight reads best; then the way that goes well; then choices; then catchers. */
const WEIGHTS = { lane: 16, start: 8, next: 8, choice: 4, default: 4, catch: 1 };

/** Ties a net's states and lanes from row to row. */
function tie(net: Net): void {
  const add = (upper: Item, lower: Item, link: Link | undefined, weight: number): void => {
    const one = { upper, lower, link, net, weight, shift: 0 };
    upper.below.push(one);
    lower.above.push(one);
  };
  let strongest = 0;
  for (const link of net.links) {
    const weight = WEIGHTS[link.edges[0]?.kind ?? 'start'];
    const stop = firstStop(link, net);
    if (stop !== net.target) strongest = Math.max(strongest, weight);
    if (!net.isBack) add(link.from, stop, link, weight);
  }
  for (const [index, lane] of net.lanes.entries()) {
    const next = net.lanes[index + 1];
    if (next !== undefined) add(lane, next, undefined, WEIGHTS.lane);
    else if (!net.isBack) add(lane, net.target, undefined, strongest);
  }
  const [top, bottom] = [net.lanes[0], net.lanes.at(-1)];
  if (!net.isBack || top === undefined || bottom === undefined) return;
  bottom.beside = net.links.find(({ from }) => from.row === bottom.row)?.from;
  top.beside = net.target;
}

/**
 * The first order is that of the walk: what goes well on the left, what catches on the right. A lane stands where its target
 * would, so that it need not cross what is walked before that.
 */
function rowsOf(items: readonly Item[], nets: readonly Net[]): Item[][] {
  const rows: Item[][] = [];
  const all = [...items, ...nets.flatMap((net) => net.lanes)];
  const place = (item: Item): number =>
    item.net === undefined ? item.rank : item.net.target.rank - (item.net.isBack ? 0.5 : 0.25);
  for (const item of all) (rows[item.row] ??= []).push(item);
  for (let row = 0; row < rows.length; row += 1) {
    const sorted = (rows[row] ?? []).toSorted((a, b) => place(a) - place(b));
    for (const [position, item] of sorted.entries()) item.position = position;
    rows[row] = sorted;
  }
  return rows;
}
