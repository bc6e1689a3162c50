import type { Eval } from './fn.ts';
import type { Node } from './node.ts';
import { compileBinary } from './nodes/binary.ts';
import type { Compile } from './nodes/compile.ts';
import { boundNames } from './nodes/compile.ts';
import { compileBind, compileBlock, compileCondition, compileUnary } from './nodes/control.ts';
import { compileFilter } from './nodes/filter.ts';
import { compileApply, compileFunctionCall, compileLambda, compilePartial } from './nodes/functions.ts';
import { compileGroup } from './nodes/group.ts';
import { compilePathNode } from './nodes/path.ts';
import { compileRegex } from './nodes/regex.ts';
import {
  compileDescendants,
  compileLiteral,
  compileName,
  compileParent,
  compileVariable,
  compileWildcard,
} from './nodes/selectors.ts';
import { compileTransform } from './nodes/transform.ts';
import { isSequence, keptSequenceOf, unwrap } from './value.ts';

const FAMILIES: Readonly<Record<string, (node: Node, compile: Compile) => Eval>> = {
  path: compilePathNode,
  binary: compileBinary,
  unary: compileUnary,
  name: compileName,
  string: compileLiteral,
  number: compileLiteral,
  value: compileLiteral,
  wildcard: compileWildcard,
  descendant: compileDescendants,
  parent: compileParent,
  condition: compileCondition,
  block: compileBlock,
  bind: compileBind,
  regex: compileRegex,
  function: compileFunctionCall,
  variable: compileVariable,
  lambda: compileLambda,
  partial: compilePartial,
  apply: compileApply,
  transform: compileTransform,
};

/** Compiles a syntax tree. */
export function compileTree(root: Node): Eval {
  const compile: Compile = Object.assign((node: Node) => compileNode(node, compile), {
    bound: boundNames(root),
  });
  return compile(root);
}

/** Compiles any node of the syntax tree, with the predicates and the grouping that stand after it. */
function compileNode(node: Node, compile: Compile): Eval {
  const family = FAMILIES[node.type];
  if (family === undefined) throw new TypeError(`the JSONata parser gave an unknown node ${node.type}`);
  const evaluate = withPredicates(node, family(node, compile), compile);
  if (node.keepArray === true) return kept(evaluate);
  return makesNoSequence(node) && !node.predicate && !node.group
    ? evaluate
    : (input, frame) => unwrap(evaluate(input, frame));
}

function makesNoSequence(node: Node): boolean {
  return MAKES_NO_SEQUENCE.has(node.type) || (node.type === 'binary' && node.value !== '..');
}

/** Kinds whose results need no unwrapping: scalars, functions, values unwrapped already. */
const MAKES_NO_SEQUENCE = new Set([
  'string',
  'number',
  'value',
  'lambda',
  'partial',
  'regex',
  'transform',
  'variable',
  'name',
]);

function withPredicates(node: Node, evaluate: Eval, compile: Compile): Eval {
  const filters = (node.predicate ?? []).flatMap((stage) =>
    stage.expr ? [compileFilter(stage.expr, compile)] : [],
  );
  const group = node.type === 'path' || !node.group ? undefined : compileGroup(node.group, compile);
  if (filters.length === 0 && group === undefined) return evaluate;
  return (input, frame) => {
    let result = evaluate(input, frame);
    for (const filter of filters) result = filter(result, frame);
    return group === undefined ? result : group(result, frame);
  };
}

/** `x[]`: a sequence that stays an array. */
function kept(evaluate: Eval): Eval {
  return (input, frame) => {
    const result = evaluate(input, frame);
    if (!isSequence(result)) return result;
    return result.length === 0 ? undefined : keptSequenceOf(result);
  };
}
