import type { Json, JsonObject } from '@stepyard/asl';
import { isArray, isObject } from '@stepyard/asl';
import { nameIn, type HistoryEvent } from '@stepyard/engine';

/** What runs of a machine went through, and what none of them did. Edges are named `From -> To (how)`. */
export interface Coverage {
  readonly states: Covered;
  /** Next, choice rules (counted from 0), defaults, catchers (counted from 0), ends. */
  readonly edges: Covered;
}

export interface Covered {
  readonly covered: readonly string[];
  readonly missing: readonly string[];
}

/** One way out of a state. */
interface Edge {
  readonly from: string;
  readonly to: string;
  readonly how: string;
}

/**
 * Covered states and edges of a definition over histories. Two edges from one state to the same other state (two choice rules,
 * or a catcher and Next) cannot be told apart in a history unless one of them is a catcher: they count as covered together.
 */
export function coverage(
  definition: Json,
  runs: readonly { readonly history: readonly HistoryEvent[] }[],
): Coverage {
  const states: string[] = [];
  const edges: Edge[] = [];
  collect(definition, states, edges);
  const seenStates = new Set<string>();
  const seenEdges = new Set<string>();
  for (const { history } of runs) visit(history, seenStates, seenEdges);
  return {
    states: split(states, (name) => seenStates.has(name), String),
    edges: split(
      edges,
      (edge) => seenEdges.has(moveKey(edge.from, edge.to, edge.how.startsWith('catch'))),
      label,
    ),
  };
}

function label({ from, to, how }: Edge): string {
  return `${from} -> ${to} (${how})`;
}

function moveKey(from: string, to: string, isCaught: boolean): string {
  return JSON.stringify([from, to, isCaught]);
}

function split<T>(all: readonly T[], isCovered: (item: T) => boolean, name: (item: T) => string): Covered {
  return {
    covered: all.filter(isCovered).map(name),
    missing: all.filter((item) => !isCovered(item)).map(name),
  };
}

function collect(list: Json | undefined, states: string[], edges: Edge[]): void {
  const machine = isObject(list) && isObject(list['States']) ? list['States'] : {};
  for (const [name, state] of Object.entries(machine)) {
    if (!isObject(state)) continue;
    states.push(name);
    edges.push(...edgesOf(name, state));
    for (const branch of isArray(state['Branches']) ? state['Branches'] : []) collect(branch, states, edges);
    collect(state['ItemProcessor'] ?? state['Iterator'], states, edges);
  }
}

function edgesOf(from: string, state: JsonObject): Edge[] {
  const edges: Edge[] = [];
  const add = (to: Json | undefined, how: string): void => {
    if (typeof to === 'string') edges.push({ from, to, how });
  };
  add(state['Next'], 'next');
  add(state['Default'], 'default');
  for (const [index, rule] of objects(state['Choices']).entries()) add(rule['Next'], `rule ${index}`);
  for (const [index, catcher] of objects(state['Catch']).entries()) add(catcher['Next'], `catch ${index}`);
  return edges;
}

function objects(list: Json | undefined): JsonObject[] {
  return isArray(list) ? list.filter((item) => isObject(item)) : [];
}

/** A state is entered from the one whose exit its entry points at; an exit that points at a failure was caught. */
function visit(history: readonly HistoryEvent[], states: Set<string>, edges: Set<string>): void {
  for (const event of history) {
    if (!event.type.endsWith('StateEntered')) continue;
    const to = nameIn(event);
    states.add(to);
    const exit = history[event.previousEventId - 1];
    if (exit?.type.endsWith('StateExited') !== true) continue;
    const cause = history[exit.previousEventId - 1];
    const isCaught = cause !== undefined && /(Failed|TimedOut)$/u.test(cause.type);
    edges.add(moveKey(nameIn(exit), to, isCaught));
  }
}
