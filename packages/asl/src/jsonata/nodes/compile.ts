import type { Eval } from '../fn.ts';
import type { Node } from '../node.ts';

/** Compiles a child: handed to each family of nodes, because every family holds every other. */
export type Compile = (node: Node) => Eval;
