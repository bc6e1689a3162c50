import type { GraphContainer, GraphEdge, GraphNode } from '../graph.ts';
import type { PlacedEdge } from './geometry.ts';

/** What a state is drawn as: its name, and what it encloses. */
export interface Body {
  readonly lines: readonly string[];
  /** The branches or the processor, with the left upper corner of each frame in the state. */
  readonly frames: readonly Frame[];
  readonly width: number;
  readonly height: number;
}

export interface Frame {
  readonly inner: ContainerLayout;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A container laid out, with its own left upper corner at 0, 0. */
export interface ContainerLayout {
  readonly layers: Layers;
  readonly edges: readonly PlacedEdge[];
  readonly width: number;
  readonly height: number;
}

/**
 * What stands in a row: a state, the start mark (`state` and `net` undefined), or a lane, the place where a long line passes
 * the row. Filled step by step: rank gives the row, order the position, ports the width, coordinates the x.
 */
export interface Item {
  readonly state: GraphNode | undefined;
  readonly body: Body | undefined;
  readonly net: Net | undefined;
  row: number;
  /** Index in the row. */
  position: number;
  width: number;
  height: number;
  /** Of the middle. */
  x: number;
  /** Of the top. */
  y: number;
  /** Lines that leave at the bottom; lines that enter at the top. */
  readonly out: Link[];
  readonly in: Net[];
  /** Its place in the depth-first walk. */
  rank: number;
  /** How many rows the longest way from here passes. */
  rowsBelow: number;
  /** Ties to the row above and to the row below. */
  readonly above: Tie[];
  readonly below: Tie[];
  /** For an end of a lane that goes around: the state in the same row that it leads to or comes from. */
  beside: Item | undefined;
  /** What the sweeps of the order sort by. */
  key: number;
}

/** A piece of a line between one row and the next. */
export interface Tie {
  readonly upper: Item;
  readonly lower: Item;
  /** The line leaves a state here; undefined when it comes from a lane. */
  readonly link: Link | undefined;
  readonly net: Net;
  /** How much it matters that it is straight. */
  weight: number;
  /** Straight when `lower.x` is `upper.x + shift`; known once the ports are. */
  shift: number;
}

/** All transitions of one kind between two states, drawn as one line. */
export interface Link {
  readonly from: Item;
  readonly to: Item;
  readonly isCatch: boolean;
  readonly edges: GraphEdge[];
  isBack: boolean;
  /** Where it leaves, from the middle of the source. */
  port: number;
  label: string;
  labelWidth: number;
  labelSide: 'left' | 'right';
}

/**
 * All links of one kind to one state, forwards or backwards: they share a lane in each row that they pass, and one level
 * line in each channel. So a hundred catchers of one state are one line down the side, not a hundred.
 */
export interface Net {
  readonly target: Item;
  readonly isCatch: boolean;
  readonly isBack: boolean;
  readonly links: Link[];
  /** One for each row passed, from `lanesFrom` on. */
  lanes: Item[];
  lanesFrom: number;
  /** Where it enters, from the middle of the target. */
  port: number;
}

/** A container while it is laid out. */
export interface Layers {
  readonly container: GraphContainer;
  /** States and the start mark; no lanes. */
  readonly items: readonly Item[];
  readonly start: Item | undefined;
  readonly links: readonly Link[];
  readonly nets: readonly Net[];
  /** Everything, lanes included, by row and position. */
  readonly rows: Item[][];
}

/** The lane of a net in a row, or undefined where it passes none. */
export function laneAt(net: Net, row: number): Item | undefined {
  return net.lanes[row - net.lanesFrom];
}

/** What a link's line comes to first: a lane, or its target. */
export function firstStop(link: Link, net: Net): Item {
  return laneAt(net, link.isBack ? link.from.row : link.from.row + 1) ?? net.target;
}

/** Nothing leaves or enters a lane: lines pass it. */
const NONE: never[] = [];
Object.freeze(NONE);

export function newItem(
  state: GraphNode | undefined,
  body: Body | undefined,
  net: Net | undefined,
  row: number,
): Item {
  const isLane = net !== undefined;
  // Written out, without spreading: a layout makes thousands of these.
  return {
    state,
    body,
    net,
    row,
    position: 0,
    width: 0,
    height: 0,
    x: 0,
    y: 0,
    out: isLane ? NONE : [],
    in: isLane ? NONE : [],
    rank: -1,
    rowsBelow: 0,
    above: [],
    below: [],
    beside: undefined,
    key: 0,
  };
}
