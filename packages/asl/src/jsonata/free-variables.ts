import { ExpressionSyntaxError } from '../expression-syntax-error.ts';
import { FUNCTIONS } from './functions/registry.ts';
import { parseJsonata } from './parse.ts';

/** The name after a `$`; `$$` and `$.` name none. */
const REFERENCE = /\$([\p{ID_Start}_][\p{ID_Continue}]*)/gu;

/**
 * The workflow variables that an expression reads, each once, in the order they are first read: what it neither binds itself
 * nor has from the language (`$states`, functions). A name that is bound anywhere in it counts as its own. None of an
 * expression that does not parse, which is told elsewhere.
 */
export function freeVariables(text: string): readonly string[] {
  // Most expressions read $states and functions only, and need no second look.
  const named = [...text.matchAll(REFERENCE)].map((match) => match[1] ?? '');
  if (named.every((name) => name === 'states' || FUNCTIONS.has(name))) return [];
  const read: string[] = [];
  const bound = new Set<string>(['', '$', 'states']);
  try {
    collect(parseJsonata(text), read, bound);
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) return [];
    throw error;
  }
  return [...new Set(read)].filter((name) => !bound.has(name) && !FUNCTIONS.has(name));
}

/** Goes over a syntax tree in order, without recursion: variables read, and names bound anywhere in it. */
function collect(root: object, read: string[], bound: Set<string>): void {
  const stack: object[] = [root];
  const seen = new Set<object>(stack);
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node instanceof RegExp) continue;
    const { type, value, focus, index } = node as Readonly<Record<string, unknown>>;
    if (type === 'variable' && typeof value === 'string') read.push(value);
    if (typeof focus === 'string') bound.add(focus);
    if (typeof index === 'string') bound.add(index);
    if (type === 'index' && typeof value === 'string') bound.add(value);
    if (type === 'bind' || type === 'lambda') bindNames(node, bound);
    for (const child of Object.values(node).toReversed()) {
      if (typeof child !== 'object' || child === null || seen.has(child)) continue;
      seen.add(child);
      stack.push(child);
    }
  }
}

function bindNames(node: object, bound: Set<string>): void {
  const { lhs, arguments: parameters } = node as Readonly<Record<string, unknown>>;
  const targets: unknown[] = Array.isArray(parameters) ? parameters : [lhs];
  for (const target of targets) {
    if (typeof target !== 'object' || target === null || !('value' in target)) continue;
    if (typeof target.value === 'string') bound.add(target.value);
  }
}
