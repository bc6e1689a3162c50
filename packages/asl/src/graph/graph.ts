import type { Json, JsonObject } from '../json.ts';
import { getOwn, isArray, isObject } from '../json.ts';
import { appendPointer } from '../syntax/pointer.ts';

/** A state in the graph. */
export interface GraphNode {
  /** JSON pointer of the state: unique in the definition. */
  readonly id: string;
  readonly name: string;
  /** `Task`, `Choice` and so on as written; `''` when it is missing. */
  readonly type: string;
  /** Branches of a Parallel state, or the one processor of a Map. */
  readonly containers: readonly GraphContainer[];
}

/** A list of states: the machine, a branch, or a Map's processor. */
export interface GraphContainer {
  /** JSON pointer of the list, `''` for the machine. */
  readonly id: string;
  readonly kind: 'machine' | 'branch' | 'processor';
  /** Id of the first state; undefined when StartAt names none. */
  readonly start: string | undefined;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export type EdgeKind = 'next' | 'choice' | 'default' | 'catch';

/** A transition between two states of one container. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  /** Index of the Choice rule or the catcher; 0 for the others. */
  readonly index: number;
  /** JSON pointer of the field that names the target. */
  readonly pointer: string;
}

/** The graph of any JSON: what is no state, and transitions to nowhere, are left out. */
export function graphOf(definition: Json): GraphContainer {
  return containerOf(definition, '', 'machine');
}

function containerOf(list: Json, pointer: string, kind: GraphContainer['kind']): GraphContainer {
  const states = isObject(list) ? getOwn(list, 'States') : undefined;
  const startAt = isObject(list) ? getOwn(list, 'StartAt') : undefined;
  if (!isObject(states)) return { id: pointer, kind, start: undefined, nodes: [], edges: [] };
  const statesPointer = appendPointer(pointer, 'States');
  const ids = new Map(
    Object.entries(states)
      .filter(([, state]) => isObject(state))
      .map(([name]) => [name, appendPointer(statesPointer, name)]),
  );
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  for (const [name, id] of ids) {
    const state = getOwn(states, name);
    if (!isObject(state)) continue;
    const type = getOwn(state, 'Type');
    nodes.push({ id, name, type: typeof type === 'string' ? type : '', containers: containersOf(state, id) });
    addEdges(state, id, ids, edges);
  }
  return {
    id: pointer,
    kind,
    start: typeof startAt === 'string' ? ids.get(startAt) : undefined,
    nodes,
    edges,
  };
}

function containersOf(state: JsonObject, id: string): GraphContainer[] {
  const containers: GraphContainer[] = [];
  const branches = getOwn(state, 'Branches');
  if (isArray(branches)) {
    for (const [index, branch] of branches.entries()) {
      containers.push(containerOf(branch, appendPointer(appendPointer(id, 'Branches'), index), 'branch'));
    }
  }
  for (const field of ['ItemProcessor', 'Iterator']) {
    const processor = getOwn(state, field);
    if (processor !== undefined)
      containers.push(containerOf(processor, appendPointer(id, field), 'processor'));
  }
  return containers;
}

function addEdges(
  state: JsonObject,
  from: string,
  ids: ReadonlyMap<string, string>,
  edges: GraphEdge[],
): void {
  const add = (holder: Json, field: string, kind: EdgeKind, index: number, at: string): void => {
    const name = isObject(holder) ? getOwn(holder, field) : undefined;
    const to = typeof name === 'string' ? ids.get(name) : undefined;
    if (to !== undefined) edges.push({ from, to, kind, index, pointer: appendPointer(at, field) });
  };
  add(state, 'Next', 'next', 0, from);
  const lists: [string, EdgeKind][] = [
    ['Choices', 'choice'],
    ['Catch', 'catch'],
  ];
  for (const [field, kind] of lists) {
    const list = getOwn(state, field);
    if (!isArray(list)) continue;
    for (const [index, element] of list.entries()) {
      add(element, 'Next', kind, index, appendPointer(appendPointer(from, field), index));
    }
  }
  add(state, 'Default', 'default', 0, from);
}

/** All containers of a graph, the outermost first. */
export function allContainers(graph: GraphContainer): GraphContainer[] {
  return [graph, ...graph.nodes.flatMap((node) => node.containers.flatMap((inner) => allContainers(inner)))];
}

/** All states of a graph, nested ones included. */
export function allNodes(graph: GraphContainer): GraphNode[] {
  return allContainers(graph).flatMap(({ nodes }) => nodes);
}

/** All transitions of a graph, nested ones included. */
export function allEdges(graph: GraphContainer): GraphEdge[] {
  return allContainers(graph).flatMap(({ edges }) => edges);
}

/** The state with an id, at any depth. */
export function nodeById(graph: GraphContainer, id: string): GraphNode | undefined {
  return allNodes(graph).find((node) => node.id === id);
}
