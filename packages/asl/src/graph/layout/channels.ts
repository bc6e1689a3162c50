import type { Item, Layers, Link, Net } from './model.ts';
import { laneAt } from './model.ts';
import type { Overlap } from './tracks.ts';
import { assignTracks, overlaps } from './tracks.ts';
import { CHANNEL_BOTTOM, CHANNEL_TOP, LABEL_HEIGHT, TRACK_PITCH } from './sizes.ts';

/** How far an end of a line is moved out of the way: less than what is free beside it. */
const NUDGE = 5;
const NUDGES_MAX = 6;

/** What one net does between two rows: upright pieces from above and from below, joined by one level line. */
export interface Crossbar {
  readonly net: Net;
  readonly tops: number[];
  readonly bottoms: number[];
  low: number;
  high: number;
  track: number;
  /** Undefined when it goes straight through. */
  y: number | undefined;
}

/** The space above row i; the last one is below the last row. */
export interface Channel {
  readonly crossbars: Map<Net, Crossbar>;
  tracks: number;
  hasLabels: boolean;
}

/** Stacks rows and channels from `y` downwards. Gives the channels, with the y of every crossbar, and the end. */
export function assignY(layers: Layers): { readonly channels: readonly Channel[]; readonly height: number } {
  const channels = tracked(layers);
  let y = 0;
  for (let index = 0; index < channels.length; index += 1) {
    const channel = channels[index];
    if (channel === undefined) continue;
    const top = y + (channel.hasLabels ? LABEL_HEIGHT : 0) + CHANNEL_TOP;
    for (const crossbar of channel.crossbars.values()) {
      if (crossbar.track >= 0) crossbar.y = top + crossbar.track * TRACK_PITCH;
    }
    const isOuter = index === 0 || index === channels.length - 1;
    if (channel.tracks > 0)
      y = top + (channel.tracks - 1) * TRACK_PITCH + (index === channels.length - 1 ? 2 : CHANNEL_BOTTOM);
    else if (!isOuter) y = top + CHANNEL_BOTTOM;
    let height = 0;
    for (const item of layers.rows[index] ?? []) {
      item.y = y;
      height = Math.max(height, item.height);
    }
    y += height;
  }
  return { channels, height: y };
}

/** Where upright lines would lie on top of each other in any order of the tracks, ends are moved a little, each once. */
function tracked(layers: Layers): Channel[] {
  const moved = new Set<Item | Link | Net>();
  for (let attempt = 0; ; attempt += 1) {
    const channels = channelsOf(layers);
    let count = 0;
    for (const [index, channel] of channels.entries()) {
      const crossbars = [...channel.crossbars.values()];
      channel.tracks = assignTracks(crossbars);
      for (const overlap of overlaps(crossbars)) {
        count += 1;
        if (attempt < NUDGES_MAX) moveApart(overlap, index, crossbars, moved);
      }
    }
    if (count === 0 || attempt === NUDGES_MAX) return channels;
  }
}

/** Moves one of the two ends to where it is near no other, to the left or to the right. */
function moveApart(
  { upper, lower, top, bottom }: Overlap,
  index: number,
  crossbars: readonly Crossbar[],
  moved: Set<Item | Link | Net>,
): void {
  const ends = [
    { end: topEnd(lower, index - 1, top), x: top, others: 'bottoms', own: lower },
    { end: bottomEnd(upper, index, bottom), x: bottom, others: 'tops', own: upper },
  ] as const;
  let best: { end: Item | Link | Net; shift: number; near: number } | undefined;
  for (const { end, x, others, own } of ends) {
    if (end === undefined || moved.has(end)) continue;
    for (const shift of [NUDGE, -NUDGE]) {
      let near = 0;
      for (const crossbar of crossbars) {
        if (crossbar === own) continue;
        for (const other of crossbar[others]) if (Math.abs(other - x - shift) < NUDGE) near += 1;
      }
      if (best === undefined || near < best.near) best = { end, shift, near };
    }
  }
  if (best === undefined) return;
  moved.add(best.end);
  if ('port' in best.end) best.end.port += best.shift;
  else best.end.x += best.shift;
}

/** What stands above a channel at the end of an upright line: a link's port, or a lane. */
function topEnd({ net }: Crossbar, row: number, x: number): Item | Link | undefined {
  const lane = laneAt(net, row);
  if (lane?.x === x) return lane;
  return net.links.find(({ from, port }) => from.row === row && from.x + port === x);
}

/** What stands below a channel at the end of an upright line: a lane, or the net's port on its target. */
function bottomEnd({ net }: Crossbar, row: number, x: number): Item | Net | undefined {
  const lane = laneAt(net, row);
  return lane?.x === x ? lane : net.target.row === row ? net : undefined;
}

function channelsOf(layers: Layers): Channel[] {
  const channels = Array.from({ length: layers.rows.length + 1 }, (): Channel => {
    return { crossbars: new Map(), tracks: 0, hasLabels: false };
  });
  const pin = (index: number, net: Net, side: 'tops' | 'bottoms', x: number): void => {
    const crossbars = channels[index]?.crossbars;
    let crossbar = crossbars?.get(net);
    if (crossbar === undefined) {
      crossbar = { net, tops: [], bottoms: [], low: x, high: x, track: -1, y: undefined };
      crossbars?.set(net, crossbar);
    }
    crossbar[side].push(x);
    crossbar.low = Math.min(crossbar.low, x);
    crossbar.high = Math.max(crossbar.high, x);
  };
  // A label below a state that is less high than its row by a line or more stands inside the row.
  const heights = layers.rows.map((row) => row.reduce((most, { height }) => Math.max(most, height), 0));
  const reachesChannel = ({ row, height }: Item): boolean => height + LABEL_HEIGHT > (heights[row] ?? 0);
  for (const net of layers.nets) {
    for (const { from, port, label } of net.links) {
      pin(from.row + 1, net, 'tops', from.x + port);
      const channel = channels[from.row + 1];
      if (label !== '' && channel !== undefined && reachesChannel(from)) channel.hasLabels = true;
    }
    for (const lane of net.lanes) {
      pin(lane.row, net, 'bottoms', lane.x);
      pin(lane.row + 1, net, 'tops', lane.x);
    }
    pin(net.target.row, net, 'bottoms', net.target.x + net.port);
  }
  return channels;
}
