import type { Eval } from '../fn.ts';
import { Frame } from '../frame.ts';
import { JsonataError } from '../jsonata-error.ts';
import type { Json } from '../../json.ts';
import { setOwn } from '../../json.ts';
import type { Group, Node } from '../node.ts';
import { leftOf, required } from '../node.ts';
import { isNumeric } from '../operations.ts';
import type { Value } from '../value.ts';
import { add, addAll, consCopy, isArrayValue, isSettled, listCopy, newCons, newList } from '../value.ts';
import type { Compile } from './compile.ts';
import { holdsType } from './compile.ts';
import { compileTruth } from './predicate.ts';
import { compileGroup } from './group.ts';

/** Compiles `( a; b; c )`: a scope of its own, worth its last expression. */
export function compileBlock(node: Node, compile: Compile): Eval {
  const expressions = required(node.expressions, 'expressions').map(compile);
  const only = expressions.length === 1 ? expressions[0] : undefined;
  // Without a binding in it no scope is needed.
  if (only !== undefined && !holdsType(node, 'bind')) return only;
  return (input, frame) => {
    const scope = new Frame(frame.run, frame);
    let result: Value;
    for (const expression of expressions) result = expression(input, scope);
    return result;
  };
}

/** Compiles `$name := value`. */
export function compileBind(node: Node, compile: Compile): Eval {
  const name = String(leftOf(node).value);
  const value = compile(required(node.rhs, 'right side'));
  return (input, frame) => {
    const result = value(input, frame);
    frame.bind(name, result);
    return result;
  };
}

/** Compiles `c ? a : b`; `?:` and `??` are parsed to the same. */
export function compileCondition(node: Node, compile: Compile): Eval {
  const condition = compileTruth(required(node.condition, 'condition'), compile);
  const yes = compile(required(node.then, 'then'));
  const no = node.else && compile(node.else);
  return (input, frame) => (condition(input, frame) ? yes(input, frame) : no?.(input, frame));
}

/** Compiles `-x`, `[…]` and `{…}`. */
export function compileUnary(node: Node, compile: Compile): Eval {
  if (node.value === '[') return compileArray(node, compile);
  if (node.value === '{') return compileObject(node, compile);
  const operand = compile(required(node.expression, 'operand'));
  return (input, frame) => {
    const value = operand(input, frame);
    if (value === undefined) return undefined;
    if (!isNumeric(value)) throw new JsonataError('D1002', { value }, '-');
    return -value;
  };
}

/** What a node always gives, if that is JSON: literals, and constructors of nothing else. Frozen, because it is shared. */
function constantOf(node: Node): Json | undefined {
  if (node.predicate || node.group || node.keepArray) return undefined;
  const { value } = node;
  if (node.type === 'string' || node.type === 'value' || node.type === 'number')
    return isScalar(value) && isSettled(value) ? value : undefined;
  if (node.type !== 'unary') return undefined;
  if (value === '[' && !node.consarray) return constantItems(node);
  return value === '{' ? constantMembers(node) : undefined;
}

function isScalar(value: unknown): value is null | string | number | boolean {
  return (
    value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  );
}

function constantItems(node: Node): Json | undefined {
  const items: Json[] = [];
  for (const item of node.expressions ?? []) {
    const constant = constantOf(item);
    if (constant === undefined) return undefined;
    items.push(constant);
  }
  return Object.freeze(items);
}

function constantMembers(node: Node): Json | undefined {
  const members: Record<string, Json> = {};
  if (!Array.isArray(node.lhs)) return undefined;
  const pairs: Group['lhs'] = node.lhs;
  for (const [key, value] of pairs) {
    const name = constantOf(key);
    const constant = constantOf(value);
    if (typeof name !== 'string' || constant === undefined || Object.hasOwn(members, name)) return undefined;
    setOwn(members, name, constant);
  }
  return Object.freeze(members);
}

function compileObject(node: Node, compile: Compile): Eval {
  const constant = constantOf(node);
  if (constant !== undefined) return () => constant;
  const pairs = node.lhs;
  if (!Array.isArray(pairs)) throw new TypeError('the JSONata parser gave no pairs');
  return compileGroup({ lhs: pairs }, compile);
}

/** An array constructor: its items' arrays are flattened one level, unless they are array constructors themselves. */
function compileArray(node: Node, compile: Compile): Eval {
  const constant = constantOf(node);
  if (constant !== undefined) return () => constant;
  const items = required(node.expressions, 'items').map((item) => ({
    evaluate: compile(item),
    isArray: item.value === '[',
  }));
  const isStep = node.consarray === true;
  return (input, frame) => {
    let result = isStep ? newCons() : newList();
    for (const { evaluate, isArray } of items) {
      const value = evaluate(input, frame);
      if (value === undefined) continue;
      if (isArray || !isArrayValue(value)) add(result, value);
      else if (result.length > 0) addAll(result, value);
      // As a rule there is one item, and copying an array whole is several times faster than adding its items.
      else result = isStep ? consCopy(value) : listCopy(value);
    }
    frame.run.spend(result.length);
    frame.run.checkLength(result.length);
    return result;
  };
}
