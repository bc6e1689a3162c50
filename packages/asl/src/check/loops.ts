import type { Json, JsonObject } from '../json.ts';
import { getOwn, isArray, isObject } from '../json.ts';
import type { QueryLanguage } from '../program.ts';
import { appendPointer } from '../syntax/pointer.ts';
import { isExpression } from './expressions.ts';
import type { Report } from './scope.ts';

/** Transitions of one list of states by name. */
export type Successors = ReadonlyMap<string, readonly string[]>;

/** The states that lie on a circle: those that can be reached from themselves. */
export function statesInLoops(successors: Successors): Set<string> {
  // Tarjan's algorithm, without recursion: a component of several states, or of one that leads to itself, is a loop.
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const loops = new Set<string>();
  const enter = (name: string): { name: string; next: number } => {
    order.set(name, order.size);
    low.set(name, order.get(name) ?? 0);
    open.push(name);
    isOpen.add(name);
    return { name, next: 0 };
  };
  const close = (name: string): void => {
    const component = open.splice(open.lastIndexOf(name));
    for (const member of component) isOpen.delete(member);
    const isLoop = component.length > 1 || (successors.get(name) ?? []).includes(name);
    if (isLoop) for (const member of component) loops.add(member);
  };
  for (const root of successors.keys()) {
    if (order.has(root)) continue;
    const stack = [enter(root)];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = (successors.get(top.name) ?? [])[top.next];
      top.next += 1;
      if (next !== undefined) {
        if (!successors.has(next)) continue;
        if (!order.has(next)) stack.push(enter(next));
        else if (isOpen.has(next)) lower(low, top.name, order.get(next) ?? 0);
        continue;
      }
      stack.pop();
      if (low.get(top.name) === order.get(top.name)) close(top.name);
      const parent = stack.at(-1);
      if (parent !== undefined) lower(low, parent.name, low.get(top.name) ?? 0);
    }
  }
  return loops;
}

function lower(low: Map<string, number>, name: string, to: number): void {
  low.set(name, Math.min(low.get(name) ?? to, to));
}

/** Reached states from which no state in `ends` can be reached, in order. */
export function statesWithoutEnd(successors: Successors, ends: readonly string[]): string[] {
  const before = new Map<string, string[]>();
  for (const [name, targets] of successors) {
    for (const target of targets) {
      const list = before.get(target);
      if (list === undefined) before.set(target, [name]);
      else list.push(name);
    }
  }
  const able = new Set(ends);
  const queue = [...able];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    for (const previous of before.get(name) ?? []) {
      if (able.has(previous)) continue;
      able.add(previous);
      queue.push(previous);
    }
  }
  return [...successors.keys()].filter((name) => !able.has(name));
}

/** Warns of a state in a loop that adds to what it has from the turn before. A heuristic: it knows the usual ways to write that. */
export function checkGrowth(
  report: Report,
  pointer: string,
  state: JsonObject,
  language: QueryLanguage,
): void {
  const tell = (at: string, what: string): void => {
    report.add('growth', at, `${what} is added to in each turn of a loop`);
  };
  const assign = getOwn(state, 'Assign');
  if (isObject(assign)) {
    for (const [key, value] of Object.entries(assign)) {
      const name = key.replace(/\.\$$/u, '');
      if (adds(value, `\\$${escape(name)}`, language)) {
        tell(appendPointer(appendPointer(pointer, 'Assign'), key), `The variable $${name}`);
      }
    }
  }
  if (language === 'JSONata') {
    const output = getOwn(state, 'Output');
    if (output !== undefined && adds(output, String.raw`\$states\.input(?:\.\w+)?`, language)) {
      tell(appendPointer(pointer, 'Output'), 'The output');
    }
    return;
  }
  for (const field of ['Parameters', 'ResultSelector']) {
    const template = getOwn(state, field);
    if (!isObject(template)) continue;
    for (const [key, value] of Object.entries(template)) {
      const name = escape(key.replace(/\.\$$/u, ''));
      if (key.endsWith('.$') && adds(value, String.raw`\$\.(?:[\w.]+\.)?${name}`, language)) {
        tell(appendPointer(pointer, field), `The field ${key}`);
      }
    }
  }
}

function escape(name: string): string {
  return name.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, '\\$&');
}

/** Whether an expression makes something longer out of `source`, a pattern. */
function adds(value: Json, source: string, language: QueryLanguage): boolean {
  if (isArray(value)) return value.some((element) => adds(element, source, language));
  if (isObject(value)) return Object.values(value).some((member) => adds(member, source, language));
  if (typeof value !== 'string' || value.length > 10_000) return false;
  if (language === 'JSONPath') {
    return new RegExp(String.raw`^States\.(?:Array|Format)\(.*${source}(?![\w.\[])`, 'u').test(value);
  }
  if (!isExpression(value)) return false;
  const end = String.raw`(?![\w.\[])\s*`;
  const patterns = [
    String.raw`\$append\(\s*${source}${end},`,
    String.raw`\$append\([^()]*,\s*${source}${end}\)`,
    String.raw`${source}${end}&`,
    String.raw`&\s*${source}${end}`,
  ];
  // `$merge([$totals, {...}])` replaces members, and is no longer than before.
  if (!value.includes('$merge(')) {
    patterns.push(String.raw`\[\s*${source}${end},`, String.raw`,\s*${source}${end}\]`);
  }
  return new RegExp(patterns.join('|'), 'u').test(value);
}
