import type { GraphContainer, GraphEdge } from './graph.ts';
import { allContainers } from './graph.ts';

/** Which transitions count; all unless given. */
export type EdgeFilter = (edge: GraphEdge) => boolean;

/**
 * Ids of the states that can be entered from `from` (itself included) by transitions of its own container. A transition
 * out of the middle is followed, one into a nested container is not: nested states have graphs of their own.
 */
export function reachableFrom(
  graph: GraphContainer,
  from: string,
  follow: EdgeFilter = () => true,
): Set<string> {
  return walk(containerWith(graph, from), from, follow, undefined);
}

/** Ids of the states of one container that are reached from its start. */
export function reachedStates(container: GraphContainer, follow: EdgeFilter = () => true): Set<string> {
  return container.start === undefined ? new Set() : walk(container, container.start, follow, undefined);
}

/**
 * Whether every path from the start of their container to `b` passes through `a`. A state dominates itself; a state that
 * is never reached is dominated by all. Both ids must be in the same container.
 */
export function dominates(
  graph: GraphContainer,
  a: string,
  b: string,
  follow: EdgeFilter = () => true,
): boolean {
  const container = containerWith(graph, b);
  if (!container.nodes.some(({ id }) => id === a)) {
    throw new Error(`${a} and ${b} are not in the same list of states`);
  }
  if (a === b || container.start === undefined) return true;
  return !walk(container, container.start, follow, a).has(b);
}

/**
 * Whether `b` is entered only after `a` has succeeded: every path to `b` leaves `a` by something other than a catcher.
 */
export function dominatesBySuccess(graph: GraphContainer, a: string, b: string): boolean {
  const container = containerWith(graph, b);
  if (!dominates(graph, a, b)) return false;
  // Cut `a`'s successful exits: if `b` is still reached, some path comes there by a catcher of `a`.
  const isFailure: EdgeFilter = (edge) => edge.from !== a || edge.kind === 'catch';
  return (
    a === b || container.start === undefined || !walk(container, container.start, isFailure, undefined).has(b)
  );
}

function containerWith(graph: GraphContainer, id: string): GraphContainer {
  const found = allContainers(graph).find(({ nodes }) => nodes.some((node) => node.id === id));
  if (found === undefined) throw new Error(`there is no state ${id} in the graph`);
  return found;
}

function walk(
  container: GraphContainer,
  from: string,
  follow: EdgeFilter,
  without: string | undefined,
): Set<string> {
  const reached = new Set<string>();
  const queue = from === without ? [] : [from];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    for (const edge of container.edges) {
      if (edge.from === id && edge.to !== without && follow(edge)) queue.push(edge.to);
    }
  }
  return reached;
}
