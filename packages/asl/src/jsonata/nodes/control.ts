import type { Eval } from '../fn.ts';
import { Frame } from '../frame.ts';
import { JsonataError } from '../jsonata-error.ts';
import type { Node } from '../node.ts';
import { leftOf, required } from '../node.ts';
import { isNumeric, toBoolean } from '../operations.ts';
import type { Value } from '../value.ts';
import { add, addAll, isArrayValue, newCons, newList } from '../value.ts';
import type { Compile } from './compile.ts';
import { compileGroup } from './group.ts';

/** Compiles `( a; b; c )`: a scope of its own, worth its last expression. */
export function compileBlock(node: Node, compile: Compile): Eval {
  const expressions = required(node.expressions, 'expressions').map(compile);
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
  const condition = compile(required(node.condition, 'condition'));
  const yes = compile(required(node.then, 'then'));
  const no = node.else && compile(node.else);
  return (input, frame) =>
    toBoolean(condition(input, frame)) === true ? yes(input, frame) : no?.(input, frame);
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

function compileObject(node: Node, compile: Compile): Eval {
  const pairs = node.lhs;
  if (!Array.isArray(pairs)) throw new TypeError('the JSONata parser gave no pairs');
  return compileGroup({ lhs: pairs }, compile);
}

/** An array constructor: its items' arrays are flattened one level, unless they are array constructors themselves. */
function compileArray(node: Node, compile: Compile): Eval {
  const items = required(node.expressions, 'items').map((item) => ({
    evaluate: compile(item),
    isArray: item.value === '[',
  }));
  const isStep = node.consarray === true;
  return (input, frame) => {
    const result = isStep ? newCons() : newList();
    for (const { evaluate, isArray } of items) {
      const value = evaluate(input, frame);
      if (value === undefined) continue;
      if (isArray || !isArrayValue(value)) add(result, value);
      else addAll(result, value);
    }
    frame.run.spend(result.length);
    frame.run.checkLength(result.length);
    return result;
  };
}
