import { RULE_DEPTH_MAX } from '../choice/compile-rule.ts';
import { COMPARISONS, KINDS } from '../choice/comparisons.ts';
import { parseTimestamp } from '../choice/timestamp.ts';
import type { Json } from '../json.ts';
import { getOwn, isArray } from '../json.ts';
import { appendPointer } from '../syntax/pointer.ts';
import { checkAssign } from './assign.ts';
import { checkStateName } from './errors.ts';
import { checkJsonata, checkPath, isExpression } from './expressions.ts';
import { objectScope } from './holder.ts';
import { typeName } from './scope.ts';
import type { Scope } from './scope.ts';

const CONNECTIVES = new Set(['And', 'Or', 'Not']);

export function checkChoices(scope: Scope, pointer: string, value: Json): void {
  if (!isArray(value)) {
    scope.report.add('wrongType', pointer, `Expected an array, found ${typeName(value)}`);
    return;
  }
  if (value.length === 0) scope.report.add('emptyValue', pointer, 'Value cannot be empty');
  for (const [index, element] of value.entries()) {
    const rule = objectScope(scope, appendPointer(pointer, index), element, 'a Choice rule');
    if (rule === undefined) continue;
    checkTopLevel(rule);
    if (scope.language === 'JSONata') checkJsonataRule(rule);
    else checkRule(rule, 0);
  }
}

/** The fields that only a rule of `Choices` itself has. */
function checkTopLevel(rule: Scope): void {
  const next = getOwn(rule.holder, 'Next');
  if (next === undefined) rule.report.add('missingField', rule.pointer, 'These fields are required: [Next]');
  else checkStateName(rule, appendPointer(rule.pointer, 'Next'), next);
  const assign = getOwn(rule.holder, 'Assign');
  if (assign !== undefined) checkAssign(rule, appendPointer(rule.pointer, 'Assign'), assign);
}

function checkJsonataRule({ report, pointer, holder }: Scope): void {
  for (const [name, value] of Object.entries(holder)) {
    const at = appendPointer(pointer, name);
    if (name === 'Condition') {
      if (typeof value === 'boolean') continue;
      if (isExpression(value)) checkJsonata(report, at, value);
      else
        report.add(
          'notAnExpression',
          at,
          `Expected a JSONata expression or a boolean, found ${typeName(value)}`,
        );
    } else if (name === 'Output') checkJsonata(report, at, value);
    else if (name === 'Comment') checkComment({ report, pointer: at }, value);
    else if (name === 'Variable' || CONNECTIVES.has(name) || isOperator(name)) {
      report.addAtKey('wrongLanguage', at, `Field '${name}' is not supported in JSONata`);
    } else if (name !== 'Next' && name !== 'Assign') {
      report.addAtKey('unknownField', at, `Field '${name}' is not supported in a Choice rule`);
    }
  }
  if (!Object.hasOwn(holder, 'Condition'))
    report.add('missingField', pointer, 'These fields are required: [Condition]');
}

function checkComment({ report, pointer }: Pick<Scope, 'report' | 'pointer'>, value: Json): void {
  if (typeof value !== 'string')
    report.add('wrongType', pointer, `Expected a string, found ${typeName(value)}`);
}

/** A rule in JSONPath: one connective over other rules, or one comparison of a variable. */
function checkRule(rule: Scope, depth: number): void {
  const { report, pointer, holder } = rule;
  if (depth > RULE_DEPTH_MAX) {
    report.add('badRule', pointer, `Choice rules nest more than ${RULE_DEPTH_MAX} deep`);
    return;
  }
  const operators: string[] = [];
  for (const [name, value] of Object.entries(holder)) {
    const at = appendPointer(pointer, name);
    if (CONNECTIVES.has(name) || isOperator(name)) operators.push(name);
    else if (name === 'Comment') checkComment({ report, pointer: at }, value);
    else if (name === 'Condition' || name === 'Output') {
      report.addAtKey('wrongLanguage', at, `Field '${name}' is not supported in JSONPath`);
    } else if ((name === 'Next' || name === 'Assign') && depth > 0) {
      report.addAtKey('badRule', at, `Field '${name}' is only supported in a rule of Choices itself`);
    } else if (name !== 'Variable' && name !== 'Next' && name !== 'Assign') {
      report.addAtKey('unknownField', at, `Field '${name}' is no comparison operator`);
    }
  }
  const [operator, ...more] = operators;
  if (operator === undefined || more.length > 0) {
    report.add(
      'badRule',
      pointer,
      `A rule needs exactly one comparison operator, found [${operators.join(', ')}]`,
    );
    return;
  }
  const value = getOwn(holder, operator) ?? null;
  const operatorPointer = appendPointer(pointer, operator);
  if (CONNECTIVES.has(operator)) checkConnective(rule, operator, operatorPointer, value, depth);
  else checkComparison(rule, operator, operatorPointer, value);
}

function checkConnective(rule: Scope, operator: string, pointer: string, value: Json, depth: number): void {
  if (Object.hasOwn(rule.holder, 'Variable')) {
    rule.report.addAtKey(
      'badRule',
      appendPointer(rule.pointer, 'Variable'),
      `Variable is not supported beside ${operator}`,
    );
  }
  if (operator === 'Not') {
    const inner = objectScope(rule, pointer, value, 'a Choice rule');
    if (inner !== undefined) checkRule(inner, depth + 1);
    return;
  }
  if (!isArray(value)) {
    rule.report.add('wrongType', pointer, `Expected an array, found ${typeName(value)}`);
    return;
  }
  if (value.length === 0) rule.report.add('emptyValue', pointer, 'Value cannot be empty');
  for (const [index, element] of value.entries()) {
    const inner = objectScope(rule, appendPointer(pointer, index), element, 'a Choice rule');
    if (inner !== undefined) checkRule(inner, depth + 1);
  }
}

function checkComparison(rule: Scope, operator: string, pointer: string, value: Json): void {
  const { report, holder } = rule;
  const variable = getOwn(holder, 'Variable');
  const variablePointer = appendPointer(rule.pointer, 'Variable');
  if (variable === undefined)
    report.add('missingField', rule.pointer, 'These fields are required: [Variable]');
  else if (typeof variable === 'string') checkPath(report, variablePointer, variable);
  else report.add('wrongType', variablePointer, `Expected a JSONPath, found ${typeName(variable)}`);
  const wanted = operandType(operator);
  if (typeof value !== wanted.type) {
    report.add('wrongType', pointer, `Expected ${wanted.words}, found ${typeName(value)}`);
  } else if (typeof value === 'string' && wanted.words === 'a JSONPath') checkPath(report, pointer, value);
  else if (
    typeof value === 'string' &&
    wanted.words === 'a timestamp' &&
    parseTimestamp(value) === undefined
  ) {
    report.add('badTimestamp', pointer, 'String does not match RFC3339 timestamp');
  }
}

function isOperator(name: string): boolean {
  if (KINDS.has(name) || COMPARISONS.has(name) || name === 'IsPresent' || name === 'StringMatches')
    return true;
  return name.endsWith('Path') && COMPARISONS.has(name.slice(0, -'Path'.length));
}

function operandType(operator: string): { type: 'string' | 'number' | 'boolean'; words: string } {
  if (operator.startsWith('Is')) return { type: 'boolean', words: 'true or false' };
  if (operator.endsWith('Path')) return { type: 'string', words: 'a JSONPath' };
  if (operator.startsWith('Numeric')) return { type: 'number', words: 'a number' };
  if (operator.startsWith('Boolean')) return { type: 'boolean', words: 'true or false' };
  if (operator.startsWith('Timestamp')) return { type: 'string', words: 'a timestamp' };
  return { type: 'string', words: 'a string' };
}
