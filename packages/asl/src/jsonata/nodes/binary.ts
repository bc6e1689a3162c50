import type { Eval } from '../fn.ts';
import type { Frame } from '../frame.ts';
import { BoundExceeded, JsonataError } from '../jsonata-error.ts';
import { RANGE_LENGTH_MAX, STRING_LENGTH_MAX } from '../limits.ts';
import type { Node } from '../node.ts';
import { leftOf, required } from '../node.ts';
import { isEqual, isNumeric, toBoolean } from '../operations.ts';
import { toText } from '../to-text.ts';
import type { Value } from '../value.ts';
import { add, isArrayValue, newSequence } from '../value.ts';
import type { Compile } from './compile.ts';

type Operate = (left: Value, right: Value, frame: Frame) => Value;

/** Compiles an operator with two sides. */
export function compileBinary(node: Node, compile: Compile): Eval {
  const left = compile(leftOf(node));
  const right = compile(required(node.rhs, 'right side'));
  const operator = String(node.value);
  if (operator === 'and') {
    return (input, frame) =>
      toBoolean(left(input, frame)) === true && toBoolean(right(input, frame)) === true;
  }
  if (operator === 'or') {
    return (input, frame) =>
      toBoolean(left(input, frame)) === true || toBoolean(right(input, frame)) === true;
  }
  const operate = OPERATORS[operator];
  if (operate === undefined) throw new TypeError(`the JSONata parser gave an unknown operator ${operator}`);
  return (input, frame) => operate(left(input, frame), right(input, frame), frame);
}

function arithmetic(token: string, run: (left: number, right: number) => number): Operate {
  return (left, right) => {
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
  const text = (toText(left) ?? '') + (toText(right) ?? '');
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
