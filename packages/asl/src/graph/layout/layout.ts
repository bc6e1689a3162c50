import type { GraphContainer } from '../graph.ts';
import { layoutContainer } from './container.ts';
import { flatten } from './flatten.ts';
import type { GraphLayout } from './geometry.ts';

/**
 * Places the states of a graph in layers from top to bottom and routes its transitions between them. The same graph always
 * gives the same layout. Promised, and tested for every graph: boxes of states overlap only when one encloses the other,
 * no line crosses a state, and no label touches a line or a state. Lines to different targets share no stretch either, but for
 * about one in some thousands of random tangles, where several lines leave no other place; in no definition known.
 */
export function layoutOf(graph: GraphContainer): GraphLayout {
  return flatten(layoutContainer(graph));
}
