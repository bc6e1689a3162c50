import type { Eval } from '../fn.ts';
import type { Frame } from '../frame.ts';
import type { Node } from '../node.ts';
import { leftOf, required } from '../node.ts';
import { toBoolean } from '../operations.ts';
import type { Value } from '../value.ts';
import { isArrayValue } from '../value.ts';
import type { Compile } from './compile.ts';
import { isGuarded, memberOf } from './member.ts';

/** A condition as plain true or false. */
export type Test = (input: Value, frame: Frame) => boolean;

/** Operators that give a boolean or nothing: never a number, which as a predicate would be a position. */
const CONDITIONS = new Set(['=', '!=', '<', '<=', '>', '>=', 'and', 'or', 'in']);

/** Compiles an operator that gives a boolean or nothing; undefined for any other expression. */
export function compileTest(node: Node, compile: Compile): Test | undefined {
  const operator = String(node.value);
  if (node.type !== 'binary' || !CONDITIONS.has(operator) || node.predicate || node.group || node.keepArray)
    return undefined;
  if (operator === 'and' || operator === 'or') {
    const left = compileTruth(leftOf(node), compile);
    const right = compileTruth(required(node.rhs, 'right side'), compile);
    return operator === 'and'
      ? (input, frame) => left(input, frame) && right(input, frame)
      : (input, frame) => left(input, frame) || right(input, frame);
  }
  const evaluate = compile(node);
  const whole: Test = (input, frame) => evaluate(input, frame) === true;
  return compileMemberTest(node, operator, evaluate) ?? whole;
}

/** The truth of any expression. */
export function compileTruth(node: Node, compile: Compile): Test {
  const test = compileTest(node, compile);
  if (test !== undefined) return test;
  const evaluate = compile(node);
  return (input, frame) => toBoolean(evaluate(input, frame)) === true;
}

/** `name = 'literal'`, `name > 1` and the like, which most conditions are; `evaluate` does what is out of the ordinary. */
function compileMemberTest(node: Node, operator: string, evaluate: Eval): Test | undefined {
  const name = onlyName(leftOf(node));
  const literal = scalarOf(required(node.rhs, 'right side'));
  if (name === undefined || literal === undefined || isGuarded(name)) return undefined;
  const slow: Test = (input, frame) => evaluate(input, frame) === true;
  if (operator === '=') return memberEquals(name, literal, slow);
  if (operator === '!=') return memberDiffers(name, literal, slow);
  return typeof literal === 'number' ? memberCompares(name, operator, literal, slow) : undefined;
}

function memberEquals(name: string, literal: null | string | number | boolean, slow: Test): Test {
  return (input, frame) =>
    isArrayValue(input) ? slow(input, frame) : memberOf(input, name, false) === literal;
}

function memberDiffers(name: string, literal: null | string | number | boolean, slow: Test): Test {
  return (input, frame) => {
    if (isArrayValue(input)) return slow(input, frame);
    const value = memberOf(input, name, false);
    return value !== undefined && value !== literal;
  };
}

function memberCompares(name: string, operator: string, literal: number, slow: Test): Test | undefined {
  const plain = (input: Value): Value => (isArrayValue(input) ? undefined : memberOf(input, name, false));
  switch (operator) {
    case '<':
      return (input, frame) => {
        const value = plain(input);
        return typeof value === 'number' ? value < literal : slow(input, frame);
      };
    case '<=':
      return (input, frame) => {
        const value = plain(input);
        return typeof value === 'number' ? value <= literal : slow(input, frame);
      };
    case '>':
      return (input, frame) => {
        const value = plain(input);
        return typeof value === 'number' ? value > literal : slow(input, frame);
      };
    case '>=':
      return (input, frame) => {
        const value = plain(input);
        return typeof value === 'number' ? value >= literal : slow(input, frame);
      };
    default:
      return undefined;
  }
}

/** The name, if the expression is nothing but one. */
export function onlyName(node: Node): string | undefined {
  const [step, ...rest] = node.type === 'path' ? (node.steps ?? []) : [node];
  if (step === undefined || rest.length > 0 || step.type !== 'name') return undefined;
  const isPlain = [node, step].every(
    (part) =>
      !part.predicate &&
      !part.stages &&
      !part.group &&
      !part.tuple &&
      !part.keepArray &&
      !part.keepSingletonArray,
  );
  return isPlain ? String(step.value) : undefined;
}

/** The value, if the expression is a literal. */
export function scalarOf(node: Node): null | string | number | boolean | undefined {
  const { value } = node;
  if (node.predicate || node.group || node.keepArray) return undefined;
  if (node.type !== 'string' && node.type !== 'number' && node.type !== 'value') return undefined;
  return value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean'
    ? value
    : undefined;
}
