import type { Eval } from '../fn.ts';
import type { Node } from '../node.ts';

/** Compiles a child: handed to each family of nodes, because every family holds every other. */
export interface Compile {
  (node: Node): Eval;
  /** Every name that the whole expression binds anywhere. Any other can only be `$states`, a variable or a function. */
  readonly bound: ReadonlySet<string>;
}

/** The names bound below a node: by `:=`, as parameters, by `@` and by `#`. */
export function boundNames(root: Node): ReadonlySet<string> {
  const names = new Set<string>();
  visit(root, (node) => {
    if (node['type'] === 'bind') addName(names, member(node['lhs'], 'value'));
    if (node['type'] === 'lambda' && Array.isArray(node['arguments']))
      for (const parameter of node['arguments']) addName(names, member(parameter, 'value'));
    if (node['type'] === 'index') addName(names, node['value']);
    addName(names, node['focus']);
    addName(names, node['index']);
  });
  return names;
}

/** Whether a scope in which the node is evaluated may outlive that: a function made there keeps it. */
export function keepsScope(root: Node): boolean {
  let keeps = false;
  visit(root, (node) => {
    // A thunk is called at once, and keeps nothing.
    if (node['type'] === 'lambda' && node['thunk'] !== true) keeps = true;
    if (node['type'] === 'partial' || node['type'] === 'transform') keeps = true;
  });
  return keeps;
}

/** Whether there is a node of this type at or below one. */
export function holdsType(root: Node, type: string): boolean {
  let holds = false;
  visit(root, (node) => {
    if (node['type'] === type) holds = true;
  });
  return holds;
}

type Members = Readonly<Record<string, unknown>>;

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !(value instanceof RegExp);
}

function visit(root: unknown, see: (node: Members) => void): void {
  const stack: unknown[] = [root];
  while (stack.length > 0) {
    const node = stack.pop();
    if (!isMembers(node)) continue;
    if (!Array.isArray(node)) see(node);
    for (const child of Object.values(node)) if (isMembers(child)) stack.push(child);
  }
}

function member(value: unknown, name: string): unknown {
  return isMembers(value) ? value[name] : undefined;
}

function addName(names: Set<string>, name: unknown): void {
  if (typeof name === 'string') names.add(name);
}
