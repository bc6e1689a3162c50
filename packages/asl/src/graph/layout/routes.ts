import type { Channel, Crossbar } from './channels.ts';
import type { PlacedEdge, PlacedLabel, Point } from './geometry.ts';
import type { Layers, Link, Net } from './model.ts';
import { laneAt } from './model.ts';
import { CORNER_RADIUS, LABEL_GAP, LABEL_HEIGHT } from './sizes.ts';

/** The part of a crossbar's level line that is drawn already. */
interface Covered {
  low: number;
  high: number;
}

/** Makes the lines, net by net; each line of a net ends where it joins one that is drawn before. */
export function routeEdges(layers: Layers, channels: readonly Channel[]): PlacedEdge[] {
  return layers.nets.flatMap((net) => {
    const covered = new Map<number, Covered>();
    return net.links.map((link) => routeLink(link, net, channels, covered));
  });
}

function routeLink(
  link: Link,
  net: Net,
  channels: readonly Channel[],
  covered: Map<number, Covered>,
): PlacedEdge {
  const y = link.from.y + link.from.height;
  let x = link.from.x + link.port;
  let points: Point[] = [{ x, y }];
  let reachesTarget = true;
  const step = net.isBack ? -1 : 1;
  for (let channel = link.from.row + 1; ; channel += step) {
    // Downwards the next stop is the row below this channel, back up the row above it.
    const lane = laneAt(net, net.isBack ? channel - 1 : channel);
    const next = lane?.x ?? net.target.x + net.port;
    const crossbar = channels[channel]?.crossbars.get(net);
    const rest = joined(points, crossbar, covered.get(channel), x, next, isDown(net, channel));
    if (rest !== undefined) {
      points = rest;
      reachesTarget = false;
      break;
    }
    cover(covered, channel, x, next);
    const level = crossbar?.y;
    if (level !== undefined && x !== next) points.push({ x, y: level }, { x: next, y: level });
    if (lane === undefined) {
      points.push({ x: next, y: net.target.y });
      break;
    }
    x = next;
  }
  return {
    edges: link.edges,
    start: link.from.state === undefined ? { x: link.from.x, y: link.from.y } : undefined,
    to: net.target.state?.id ?? '',
    isCatch: net.isCatch,
    isBack: net.isBack,
    points,
    reachesTarget,
    label: labelOf(link, y),
  };
}

/** Whether a line leaves the channel downwards: always, but for a way back that has not reached its target. */
function isDown(net: Net, channel: number): boolean {
  return !net.isBack || channel === net.target.row;
}

/** What is left to draw when a line comes to a level line of its net that is drawn already; undefined when there is none. */
function joined(
  points: readonly Point[],
  crossbar: Crossbar | undefined,
  covered: Covered | undefined,
  x: number,
  next: number,
  down: boolean,
): Point[] | undefined {
  if (covered === undefined || crossbar === undefined) return undefined;
  const y = crossbar.y ?? 0;
  const toward = Math.sign(next - x);
  const end = x < covered.low ? covered.low : x > covered.high ? covered.high : x;
  const bend = Math.min(CORNER_RADIUS, Math.abs(next - end));
  if (x === next) return [...points, { x, y: y + (down ? CORNER_RADIUS : -CORNER_RADIUS) }];
  if (end === next) {
    // Nothing of the level line on this side: go around the corner, into the upright line.
    const result = [
      ...points,
      { x, y },
      { x: next, y },
      { x: next, y: y + (down ? CORNER_RADIUS : -CORNER_RADIUS) },
    ];
    extend(covered, x);
    return result;
  }
  extend(covered, x);
  return [...points, { x, y }, { x: end + toward * bend, y }];
}

function cover(covered: Map<number, Covered>, channel: number, x: number, next: number): void {
  const low = Math.min(x, next);
  const high = Math.max(x, next);
  const before = covered.get(channel);
  if (before === undefined) covered.set(channel, { low, high });
  else {
    extend(before, low);
    extend(before, high);
  }
}

function extend(covered: Covered, x: number): void {
  covered.low = Math.min(covered.low, x);
  covered.high = Math.max(covered.high, x);
}

function labelOf(link: Link, y: number): PlacedLabel | undefined {
  if (link.label === '') return undefined;
  const x = link.from.x + link.port;
  const width = link.labelWidth - LABEL_GAP;
  return {
    text: link.label,
    side: link.labelSide,
    x: link.labelSide === 'right' ? x + LABEL_GAP : x - LABEL_GAP - width,
    y: y + 2,
    width,
    height: LABEL_HEIGHT - 2,
  };
}
