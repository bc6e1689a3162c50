import type { Node } from './node.ts';
import { isNode } from './node.ts';

/** What an expression of a state reads although Step Functions does not offer it there. */
export interface Unsupported {
  /** AWS's text. */
  readonly message: string;
  /** It exists where an error has been caught. */
  readonly inCatch: boolean;
}

/**
 * What AWS refuses an expression for (UNSUPPORTED_JSONATA_EXPRESSION): there is no context at its top level, so a name, `$`
 * or `$$` there reads nothing; and `$states.errorOutput` exists in a Catch only. Measured on AWS by others (floci issues 2670
 * and 2745): a name in a later step of a path, in a predicate, a sort or a group is right, because those have a context; a
 * lambda's body has that of the place where it is written. Each is named once.
 */
export function unsupportedReferences(root: Node): readonly Unsupported[] {
  const found = new Map<string, Unsupported>();
  visit(root, found);
  return [...found.values()];
}

type Found = Map<string, Unsupported>;

function visit(node: Node | undefined, found: Found): void {
  if (node === undefined) return;
  switch (node.type) {
    case 'path':
      visit(node.steps?.[0], found);
      if (readsErrorOutput(node)) note(found, "Field '$states.errorOutput' does not exist.", true);
      return;
    case 'name':
      note(found, topLevel(String(node.value)));
      return;
    case 'variable':
      if (node.value === '') note(found, topLevel('$'));
      if (node.value === '$') note(found, "Reference to '$$' is not supported.");
      return;
    case 'lambda':
      visit(node.body, found);
      return;
    case 'bind':
      visit(node.rhs, found);
      return;
    default:
      for (const child of childrenOf(node)) visit(child, found);
  }
}

/** The parts of an expression that have its own context. A transform, a sort and predicates have another. */
function childrenOf(node: Node): readonly (Node | undefined)[] {
  switch (node.type) {
    case 'unary':
      return isPairs(node.lhs)
        ? node.lhs.flatMap(([key, value]) => [key, value])
        : [node.expression, ...(node.expressions ?? [])];
    case 'binary':
    case 'apply':
      return [isNode(node.lhs) ? node.lhs : undefined, node.rhs];
    case 'function':
    case 'partial':
      // The open places of a partial application are operators, of which nothing is to be said.
      return [node.procedure, ...(node.arguments ?? [])];
    case 'condition':
      return [node.condition, node.then, node.else];
    case 'block':
      return node.expressions ?? [];
    default:
      return [];
  }
}

function isPairs(lhs: Node['lhs']): lhs is readonly (readonly [Node, Node])[] {
  return Array.isArray(lhs);
}

function readsErrorOutput(path: Node): boolean {
  const [first, second] = path.steps ?? [];
  return (
    first?.type === 'variable' &&
    first.value === 'states' &&
    second?.type === 'name' &&
    second.value === 'errorOutput'
  );
}

const topLevel = (name: string): string => `Reference to '${name}' at the top level is not supported.`;

function note(found: Found, message: string, inCatch = false): void {
  found.set(message, { message, inCatch });
}
