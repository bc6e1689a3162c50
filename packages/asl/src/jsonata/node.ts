/** The syntax tree as the `jsonata` package's parser gives it (jsonata 2.2), as far as evaluation reads it. */
export interface Node {
  readonly type: string;
  readonly value?: unknown;
  readonly position?: number;
  /** Filters after an expression that is no step of a path; stages are those of a step. */
  readonly predicate?: readonly Stage[];
  readonly stages?: readonly Stage[];
  readonly group?: Group;
  readonly keepArray?: boolean;
  readonly keepSingletonArray?: boolean;
  readonly consarray?: boolean;
  /** The step makes rows: it, or one after it, binds a variable or asks for a parent. */
  readonly tuple?: boolean;
  readonly focus?: string;
  readonly index?: string;
  readonly ancestor?: Slot;
  readonly slot?: Slot;
  readonly steps?: readonly Node[];
  readonly expressions?: readonly Node[];
  readonly expression?: Node;
  readonly lhs?: Node | readonly (readonly [Node, Node])[];
  readonly rhs?: Node;
  readonly condition?: Node;
  readonly then?: Node;
  readonly else?: Node;
  readonly procedure?: Node;
  readonly arguments?: readonly Node[];
  readonly body?: Node;
  readonly thunk?: boolean;
  readonly signature?: { readonly definition: string };
  readonly terms?: readonly SortTerm[];
  readonly pattern?: Node;
  readonly update?: Node;
  readonly delete?: Node;
}

export interface Stage {
  readonly type: 'filter' | 'index';
  readonly expr?: Node;
  readonly value?: string;
}

export interface Group {
  readonly lhs: readonly (readonly [Node, Node])[];
}

export interface Slot {
  readonly label: string;
}

export interface SortTerm {
  readonly descending: boolean;
  readonly expression: Node;
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** A child that the parser always gives for this kind of node. */
export function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new TypeError(`the JSONata parser gave no ${what}`);
  return value;
}

/** The one expression on the left of an operator. */
export function leftOf(node: Node): Node {
  const { lhs } = node;
  if (isNode(lhs)) return lhs;
  throw new TypeError(`the JSONata parser gave no left side of ${String(node.value)}`);
}
