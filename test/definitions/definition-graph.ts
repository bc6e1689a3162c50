/** A definition as the house rules see it: who leads where, and what a state costs. */
import type { Json, JsonObject } from '@stepyard/asl';
import { isArray, isObject } from '@stepyard/asl';

export interface Catcher {
  readonly errors: readonly string[];
  readonly next: string;
}

export interface Node {
  readonly name: string;
  readonly type: string;
  readonly state: JsonObject;
  /** `Next`, of the state or of its choice rules, and `Default`. */
  readonly next: readonly string[];
  readonly catchers: readonly Catcher[];
  /** The lists of states inside: Parallel branches, a Map's processor. */
  readonly inner: readonly Scope[];
}

/** One list of states. */
export interface Scope {
  readonly startAt: string;
  readonly nodes: ReadonlyMap<string, Node>;
}

export function scopeOf(list: JsonObject): Scope {
  const nodes = new Map<string, Node>();
  for (const [name, state] of Object.entries(asObject(list['States']))) {
    nodes.set(name, nodeOf(name, asObject(state)));
  }
  return { startAt: asText(list['StartAt']), nodes };
}

function nodeOf(name: string, state: JsonObject): Node {
  const rules = asArray(state['Choices']).map(asObject);
  const next = [state['Next'], state['Default'], ...rules.map((rule) => rule['Next'])];
  const processor = state['ItemProcessor'];
  return {
    name,
    type: asText(state['Type']),
    state,
    next: next.filter((target) => typeof target === 'string'),
    catchers: asArray(state['Catch'])
      .map(asObject)
      .map((item) => ({ errors: asArray(item['ErrorEquals']).map(asText), next: asText(item['Next']) })),
    inner: [...asArray(state['Branches']), ...(processor === undefined ? [] : [processor])]
      .map(asObject)
      .map(scopeOf),
  };
}

/** This scope and all inside it. */
export function allScopes(scope: Scope): readonly Scope[] {
  return [scope, ...[...scope.nodes.values()].flatMap((node) => node.inner.flatMap(allScopes))];
}

/** Where a state can lead, its catchers included. */
export function successors(node: Node): readonly string[] {
  return [...node.next, ...node.catchers.map((catcher) => catcher.next)];
}

/** All states that can be reached from one, itself included. */
export function reachableFrom(scope: Scope, start: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const waiting = [start];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const node = scope.nodes.get(name);
    if (node !== undefined) waiting.push(...successors(node));
  }
  return seen;
}

/** Events of one visit, without retries: entered and exited, and what a task or a Map adds. */
export function eventsOf(node: Node): number {
  if (node.type === 'Task') return 5;
  if (node.type === 'Map') return 4;
  return 2;
}

/** Every retry adds scheduled, started and failed. */
export function retryEventsOf(node: Node): number {
  const attempts = asArray(node.state['Retry']).map((retrier) => Number(asObject(retrier)['MaxAttempts']));
  return 3 * attempts.reduce((sum, count) => sum + count, 0);
}

/** The events of the most expensive way through a scope without loops. */
export function mostEvents(scope: Scope, cost: (node: Node) => number): number {
  const visit = (name: string, trail: readonly string[]): number => {
    if (trail.includes(name)) throw new Error(`${name} is in a loop`);
    const node = scope.nodes.get(name);
    if (node === undefined) throw new Error(`there is no state ${name}`);
    const rest = successors(node).map((next) => visit(next, [...trail, name]));
    return cost(node) + Math.max(0, ...rest);
  };
  return visit(scope.startAt, []);
}

export function asObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

export function asArray(value: Json | undefined): readonly Json[] {
  return isArray(value) ? value : [];
}

/** `''` for what is no string. */
export function asText(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
