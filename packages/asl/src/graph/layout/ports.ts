import type { EdgeKind } from '../graph.ts';
import type { Item, Layers, Link, Net } from './model.ts';
import { firstStop, laneAt } from './model.ts';
import { textWidth } from './measure.ts';
import { netOf } from './nets.ts';
import { CORNER, LABEL_GAP, LANE_PITCH, PORT_PITCH, SMALL_FONT } from './sizes.ts';

/** More than any position. */
const OUTERMOST = 1_000_000;

/** Decides where lines leave and enter each item, once the order is known, and how wide that makes it. */
export function assignPorts(layers: Layers): void {
  for (const item of layers.items) {
    const half = Math.max(assignOut(item), assignIn(item));
    const slant = item.state?.type === 'Choice' ? CORNER : 0;
    item.width = Math.max(item.body?.width ?? item.width, 2 * Math.ceil(half + slant));
  }
  for (const net of layers.nets) for (const lane of net.lanes) lane.width = LANE_PITCH;
}

/** True when the way ends here: nothing leads on but catchers. */
export function endsHere(item: Item): boolean {
  const { state } = item;
  if (state === undefined || state.type === 'Choice' || state.type === 'Succeed' || state.type === 'Fail')
    return false;
  return item.out.every(({ isCatch }) => isCatch);
}

interface Port {
  readonly key: number;
  /** Undefined for the mark of the end, which takes the place of a line. */
  readonly link: Link | undefined;
  readonly isMain: boolean;
}

/** Gives the half width that the lines need with their labels. */
function assignOut(item: Item): number {
  const main = mainOf(item);
  const ports: Port[] = item.out.map((link) => {
    link.label = labelOf(link);
    link.labelWidth = link.label === '' ? 0 : textWidth(link.label, SMALL_FONT) + LABEL_GAP;
    return { link, key: placeBelow(link), isMain: link === main };
  });
  ports.sort((a, b) => a.key - b.key);
  if (endsHere(item)) {
    // Catchers go to either side as their targets lie; with one row below there is no middle, so they go to the right.
    ports.unshift({ link: undefined, key: 0, isMain: true });
  }
  let middle = ports.findIndex(({ isMain }) => isMain);
  if (middle < 0 && ports.length % 2 === 1) middle = (ports.length - 1) / 2;
  const left = middle < 0 ? ports.slice(0, ports.length / 2) : ports.slice(0, middle);
  const right = ports.slice(middle < 0 ? ports.length / 2 : middle + 1);
  const mainWidth = (middle < 0 ? undefined : ports[middle]?.link?.labelWidth) ?? 0;
  const start = middle < 0 ? 0 : PORT_PITCH / 2;
  const leftReach = spread(left.toReversed(), 'left', start);
  const rightReach = spread(right, 'right', start + mainWidth);
  return Math.max(leftReach, rightReach);
}

/** The line that leaves in the middle, so that the longest way is straight: Next, or the choice with the longest way ahead. */
function mainOf({ out }: Item): Link | undefined {
  const onwards = out.filter(({ isCatch, isBack }) => !isCatch && !isBack);
  const longest = onwards.reduce((most, { to }) => Math.max(most, to.rowsBelow), -1);
  const candidates = onwards.filter(({ to }) => to.rowsBelow === longest);
  return candidates.length === 1 ? candidates[0] : undefined;
}

/** Sets ports from the middle outwards, each label on the outer side of its line. */
function spread(ports: readonly Port[], side: 'left' | 'right', start: number): number {
  let reach = start;
  for (const { link } of ports) {
    const at = reach + PORT_PITCH / 2;
    reach = at + PORT_PITCH / 2 + (link?.labelWidth ?? 0);
    if (link === undefined) continue;
    link.port = side === 'left' ? -at : at;
    link.labelSide = side;
  }
  return reach;
}

/**
 * Where a link leads, as a place from left to right. Lines that turn up beside their own state are outermost, the nearest
 * lane first, so that they do not cross each other.
 */
function placeBelow(link: Link): number {
  const stop = firstStop(link, netOf(link));
  if (!link.isBack) return stop.position;
  return stop.position < link.from.position ? -stop.position - OUTERMOST : OUTERMOST - stop.position;
}

function assignIn(item: Item): number {
  if (item.in.length < 2) return 0;
  const nets = item.in.map((net) => ({ net, key: placeAbove(net) })).toSorted((a, b) => a.key - b.key);
  const main = nets.findIndex(({ net }) => !net.isCatch && !net.isBack);
  const middle = main < 0 ? (nets.length - 1) / 2 : main;
  for (const [index, { net }] of nets.entries()) net.port = Math.round((index - middle) * PORT_PITCH);
  return Math.max(middle, nets.length - 1 - middle) * PORT_PITCH + PORT_PITCH / 2;
}

/** Where a net comes from: the mean of what leads to it in the row above, or the side that its lane is on. */
function placeAbove(net: Net): number {
  const { target } = net;
  if (net.isBack) {
    return (laneAt(net, target.row)?.position ?? 0) < target.position ? -OUTERMOST : OUTERMOST;
  }
  const lane = laneAt(net, target.row - 1);
  const near = net.links.filter(({ from }) => from.row === target.row - 1).map(({ from }) => from.position);
  if (lane !== undefined) near.push(lane.position);
  return near.reduce((sum, position) => sum + position, 0) / near.length;
}

const WORDS: Readonly<Record<EdgeKind, string>> = {
  next: '',
  choice: 'rule',
  default: 'default',
  catch: 'catch',
};
/** Of more rules than this with one target, the first are named. */
const INDEXES_MAX = 4;

/** `rule 1`, `rules 1, 3`, `rule 2, default`, `catch`; nothing for the one way on. */
function labelOf({ from, edges }: Link): string {
  const parts: string[] = [];
  for (const kind of ['choice', 'default', 'catch'] as const) {
    const indexes = edges.filter((edge) => edge.kind === kind).map(({ index }) => index + 1);
    if (indexes.length === 0) continue;
    const sole = kind === 'default' || (kind === 'catch' && countCatchers(from) === 1);
    const shown = indexes.slice(0, INDEXES_MAX).join(', ') + (indexes.length > INDEXES_MAX ? ', …' : '');
    parts.push(
      sole ? WORDS[kind] : `${WORDS[kind]}${indexes.length > 1 && kind === 'choice' ? 's' : ''} ${shown}`,
    );
  }
  return parts.join(', ');
}

function countCatchers(item: Item): number {
  return item.out.reduce((count, { isCatch, edges }) => count + (isCatch ? edges.length : 0), 0);
}
