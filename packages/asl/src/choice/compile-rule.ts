import type { Environment } from '../environment.ts';
import { ExpressionSyntaxError } from '../expression-syntax-error.ts';
import type { Json, JsonObject } from '../json.ts';
import { isArray, isObject } from '../json.ts';
import type { CompiledPath } from '../jsonpath/compile-path.ts';
import { compilePath } from '../jsonpath/compile-path.ts';
import { COMPARISONS, KINDS } from './comparisons.ts';
import { compileStringMatch } from './string-match.ts';

export type Condition = (environment: Environment) => boolean;

/** How deep And, Or and Not may nest. */
export const RULE_DEPTH_MAX = 100;

/** What may stand beside the operator without being one. */
const NOT_OPERATORS = new Set(['Variable', 'Next', 'Comment', 'Assign', 'Output']);

/**
 * Compiles a JSONPath choice rule. The condition throws AslFailure States.Runtime when a path finds nothing, except under
 * IsPresent. Throws ExpressionSyntaxError when the rule is malformed.
 */
export function compileChoiceRule(rule: Json): Condition {
  return compileRule(rule, 0);
}

function compileRule(rule: Json, depth: number): Condition {
  if (depth > RULE_DEPTH_MAX) throw malformed(`a choice rule nests deeper than ${RULE_DEPTH_MAX} levels`);
  if (!isObject(rule)) throw malformed('a choice rule must be an object');
  const operators = Object.keys(rule).filter((key) => !NOT_OPERATORS.has(key));
  const operator = operators[0];
  if (operator === undefined || operators.length > 1) {
    throw malformed(`a choice rule needs exactly one operator, found ${operators.join(', ') || 'none'}`);
  }
  const value = rule[operator] ?? null;
  if (operator === 'And' || operator === 'Or') return compileAll(operator, value, depth);
  if (operator === 'Not') {
    const inner = compileRule(value, depth + 1);
    return (environment) => !inner(environment);
  }
  return compileDataTest(rule, operator, value);
}

function compileAll(operator: 'And' | 'Or', value: Json, depth: number): Condition {
  if (!isArray(value) || value.length === 0) throw malformed(`${operator} must be an array of choice rules`);
  const rules = value.map((item) => compileRule(item, depth + 1));
  return operator === 'And'
    ? (environment) => rules.every((rule) => rule(environment))
    : (environment) => rules.some((rule) => rule(environment));
}

function compileDataTest(rule: JsonObject, operator: string, value: Json): Condition {
  const variable = compileOperand(rule['Variable'] ?? null, 'Variable');
  if (operator === 'IsPresent') {
    const wanted = booleanOf(operator, value);
    return (environment) => (variable.find(environment) !== undefined) === wanted;
  }
  const isKind = KINDS.get(operator);
  if (isKind !== undefined) {
    const wanted = booleanOf(operator, value);
    return (environment) => isKind(variable.evaluate(environment)) === wanted;
  }
  if (operator === 'StringMatches') return compileMatches(variable, value);
  return compileComparison(variable, operator, value);
}

function compileMatches(variable: CompiledPath, value: Json): Condition {
  if (typeof value !== 'string') throw malformed('StringMatches needs a string');
  const matches = compileStringMatch(value);
  return (environment) => {
    const text = variable.evaluate(environment);
    return typeof text === 'string' && matches(text);
  };
}

function compileComparison(variable: CompiledPath, operator: string, value: Json): Condition {
  const literal = COMPARISONS.get(operator);
  const { evaluate } = variable;
  if (literal !== undefined) return (environment) => literal(evaluate(environment), value);
  const byPath = operator.endsWith('Path') ? COMPARISONS.get(operator.slice(0, -'Path'.length)) : undefined;
  if (byPath === undefined) throw malformed(`there is no choice operator '${operator}'`);
  const other = compileOperand(value, operator);
  return (environment) => byPath(variable.evaluate(environment), other.evaluate(environment));
}

function compileOperand(text: Json, field: string): CompiledPath {
  if (typeof text !== 'string') throw malformed(`${field} must be a path`);
  return compilePath(text, { kind: 'choice' });
}

function booleanOf(operator: string, value: Json): boolean {
  if (typeof value !== 'boolean') throw malformed(`${operator} must be true or false`);
  return value;
}

function malformed(message: string): ExpressionSyntaxError {
  return new ExpressionSyntaxError(message, 0);
}
