import type { GraphContainer, GraphEdge, GraphNode } from '../graph.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** An upright rectangle; x and y are its left upper corner. All lengths in a layout are pixels. */
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** A state with its place. A Map or Parallel encloses its containers. */
export interface PlacedState extends Box {
  readonly node: GraphNode;
  /** The name as drawn: wrapped, and shortened with an ellipsis when it is too long. */
  readonly lines: readonly string[];
  /** Where the mark stands that says the execution, branch or iteration ends here; undefined when it goes on. */
  readonly end: Point | undefined;
  /** How many states it is nested in. */
  readonly depth: number;
}

/** The frame around one branch or one Map processor. */
export interface PlacedContainer extends Box {
  readonly container: GraphContainer;
}

/** One line between two states: all transitions of one kind (going on, or catching) from the one to the other. */
export interface PlacedEdge {
  /** Empty for the line from the start mark. */
  readonly edges: readonly GraphEdge[];
  /** Where the start mark stands, for the line from it. */
  readonly start: Point | undefined;
  readonly to: string;
  readonly isCatch: boolean;
  /** It leads back to a state above: a loop. */
  readonly isBack: boolean;
  /**
   * Upright and level lines from the bottom of the source to the top of the target, or to where the line joins another one
   * of its kind that leads there too.
   */
  readonly points: readonly Point[];
  /** False when it joins another line, which then carries the head of the arrow. */
  readonly reachesTarget: boolean;
  readonly label: PlacedLabel | undefined;
}

export interface PlacedLabel extends Box {
  readonly text: string;
  /** The side of its line that the label stands on. */
  readonly side: 'left' | 'right';
}

export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  /** Outer states before those that they enclose. */
  readonly states: readonly PlacedState[];
  readonly containers: readonly PlacedContainer[];
  readonly edges: readonly PlacedEdge[];
}
