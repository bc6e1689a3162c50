import type { Eval } from '../fn.ts';
import type { Frame } from '../frame.ts';
import { BoundExceeded, JsonataError } from '../jsonata-error.ts';
import { RANGE_LENGTH_MAX, STRING_LENGTH_MAX } from '../limits.ts';
import type { Node } from '../node.ts';
import { leftOf, required } from '../node.ts';
import { isEqual, isNumeric } from '../operations.ts';
import { toText } from '../to-text.ts';
import type { Value } from '../value.ts';
import { add, isArrayValue, newSequence } from '../value.ts';
import type { Compile } from './compile.ts';
import { compileTruth, scalarOf } from './predicate.ts';

type Operate = (left: Value, right: Value, frame: Frame) => Value;

/** Compiles an operator with two sides. */
export function compileBinary(node: Node, compile: Compile): Eval {
  const operator = String(node.value);
  const rightNode = required(node.rhs, 'right side');
  if (operator === 'and' || operator === 'or') return compileLogic(node, operator, compile);
  const operate = OPERATORS[operator];
  if (operate === undefined) throw new TypeError(`the JSONata parser gave an unknown operator ${operator}`);
  const left = compile(leftOf(node));
  const literal = scalarOf(rightNode);
  const quick = typeof literal === 'number' ? withNumber(operator, left, literal, operate) : undefined;
  if (quick !== undefined) return quick;
  if (literal !== undefined && (operator === '=' || operator === '!='))
    return equalToScalar(left, literal, operator === '=');
  const right = compile(rightNode);
  return (input, frame) => operate(left(input, frame), right(input, frame), frame);
}

function compileLogic(node: Node, operator: 'and' | 'or', compile: Compile): Eval {
  const left = compileTruth(leftOf(node), compile);
  const right = compileTruth(required(node.rhs, 'right side'), compile);
  return operator === 'and'
    ? (input, frame) => left(input, frame) && right(input, frame)
    : (input, frame) => left(input, frame) || right(input, frame);
}

/** `=` and `!=` with a literal, to which no array and no object is equal. */
function equalToScalar(left: Eval, literal: null | string | number | boolean, wanted: boolean): Eval {
  return (input, frame) => {
    const value = left(input, frame);
    return value !== undefined && (value === literal) === wanted;
  };
}

/** An operator with a number on its right; what is no number on its left is left to the whole operator. */
function withNumber(operator: string, left: Eval, right: number, operate: Operate): Eval | undefined {
  const make = WITH_NUMBER[operator];
  return make === undefined || !Number.isFinite(right) ? undefined : make(left, right, operate);
}

const WITH_NUMBER: Readonly<Record<string, (left: Eval, right: number, operate: Operate) => Eval>> = {
  '+': (left, right, operate) => (input, frame) => {
    const value = left(input, frame);
    return typeof value === 'number' && isReal(value) ? value + right : operate(value, right, frame);
  },
  '-': (left, right, operate) => (input, frame) => {
    const value = left(input, frame);
    return typeof value === 'number' && isReal(value) ? value - right : operate(value, right, frame);
  },
  '*': (left, right, operate) => (input, frame) => {
    const value = left(input, frame);
    return typeof value === 'number' && isReal(value) ? value * right : operate(value, right, frame);
  },
  '/': (left, right, operate) => (input, frame) => {
    const value = left(input, frame);
    return typeof value === 'number' && isReal(value) ? value / right : operate(value, right, frame);
  },
  '<': (left, right, operate) => (input, frame) => {
    const value = left(input, frame);
    return typeof value === 'number' ? value < right : operate(value, right, frame);
  },
  '<=': (left, right, operate) => (input, frame) => {
    const value = left(input, frame);
    return typeof value === 'number' ? value <= right : operate(value, right, frame);
  },
  '>': (left, right, operate) => (input, frame) => {
    const value = left(input, frame);
    return typeof value === 'number' ? value > right : operate(value, right, frame);
  },
  '>=': (left, right, operate) => (input, frame) => {
    const value = left(input, frame);
    return typeof value === 'number' ? value >= right : operate(value, right, frame);
  },
};

/** Neither infinite nor no number at all. */
function isReal(value: number): boolean {
  return value - value === 0;
}

function arithmetic(token: string, run: (left: number, right: number) => number): Operate {
  return (left, right) => {
    if (typeof left === 'number' && typeof right === 'number' && isReal(left) && isReal(right))
      return run(left, right);
    if (left !== undefined && !isNumeric(left)) throw new JsonataError('T2001', { value: left }, token);
    if (right !== undefined && !isNumeric(right)) throw new JsonataError('T2002', { value: right }, token);
    return left === undefined || right === undefined ? undefined : run(left, right);
  };
}

function comparison(
  token: string,
  holds: (left: string | number, right: string | number) => boolean,
): Operate {
  return (left, right) => {
    if (!isComparable(left)) throw new JsonataError('T2010', { value: left }, token);
    if (!isComparable(right)) throw new JsonataError('T2010', { value: right }, token);
    if (left === undefined || right === undefined) return undefined;
    if (typeof left !== typeof right) throw new JsonataError('T2009', { value: left, value2: right }, token);
    return holds(left, right);
  };
}

function isComparable(value: Value): value is string | number | undefined {
  return value === undefined || typeof value === 'string' || typeof value === 'number';
}

function concatenate(left: Value, right: Value): Value {
  const text =
    typeof left === 'string' && typeof right === 'string'
      ? left + right
      : (toText(left) ?? '') + (toText(right) ?? '');
  if (text.length > STRING_LENGTH_MAX) throw new BoundExceeded('memory');
  return text;
}

function range(left: Value, right: Value, frame: Frame): Value {
  if (left !== undefined && !Number.isInteger(left)) throw new JsonataError('T2003', { value: left }, '..');
  if (right !== undefined && !Number.isInteger(right))
    throw new JsonataError('T2004', { value: right }, '..');
  if (typeof left !== 'number' || typeof right !== 'number' || left > right) return undefined;
  const size = right - left + 1;
  if (size > 1e7) throw new JsonataError('D2014', { value: size }, '..');
  if (size > RANGE_LENGTH_MAX) throw new BoundExceeded('memory');
  frame.run.spend(size);
  const items = newSequence();
  for (let item = left; item <= right; item++) add(items, item);
  return items;
}

function isIn(left: Value, right: Value, frame: Frame): Value {
  if (left === undefined || right === undefined) return false;
  if (!isArrayValue(right)) return left === right;
  frame.run.spend(right.length);
  for (const item of right) if (item === left) return true;
  return false;
}

const OPERATORS: Readonly<Record<string, Operate>> = {
  '+': arithmetic('+', (left, right) => left + right),
  '-': arithmetic('-', (left, right) => left - right),
  '*': arithmetic('*', (left, right) => left * right),
  '/': arithmetic('/', (left, right) => left / right),
  '%': arithmetic('%', (left, right) => left % right),
  '=': (left, right) => left !== undefined && right !== undefined && isEqual(left, right),
  '!=': (left, right) => left !== undefined && right !== undefined && !isEqual(left, right),
  '<': comparison('<', (left, right) => left < right),
  '<=': comparison('<=', (left, right) => left <= right),
  '>': comparison('>', (left, right) => left > right),
  '>=': comparison('>=', (left, right) => left >= right),
  '&': concatenate,
  '..': range,
  in: isIn,
};
