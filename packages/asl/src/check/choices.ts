import { RULE_DEPTH_MAX } from '../choice/compile-rule.ts';
import { COMPARISONS, KINDS } from '../choice/comparisons.ts';
import { parseTimestamp } from '../choice/timestamp.ts';
import type { Json } from '../json.ts';
import { getOwn, isArray } from '../json.ts';
import { appendPointer } from '../syntax/pointer.ts';
import { checkAssign } from './assign.ts';
import { checkStateName } from './errors.ts';
import { checkJsonata, checkPath, checkReferencePath, isExpression, looksLikePath } from './expressions.ts';
import { addUnsupported, addWrongLanguage, objectScope } from './holder.ts';
import { typeName, wrongType } from './scope.ts';
import type { Scope } from './scope.ts';

const CONNECTIVES = new Set(['And', 'Or', 'Not']);
const SELECTOR_MESSAGE =
  'The object must have only one of the following fields, [And, Or, Not, Variable, Condition]';

export function checkChoices(scope: Scope, pointer: string, value: Json): void {
  if (!isArray(value)) {
    wrongType(scope, pointer, 'Array', value);
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

function checkJsonataRule(rule: Scope): void {
  const { report, pointer, holder } = rule;
  for (const [name, value] of Object.entries(holder)) {
    const at = appendPointer(pointer, name);
    if (name === 'Condition') {
      if (typeof value === 'boolean') continue;
      if (isExpression(value)) checkJsonata(report, at, value);
      else {
        const message = 'Expected a JSONata expression or a boolean';
        report.add('notAnExpression', at, message, at, `found ${typeName(value)}`);
      }
    } else if (name === 'Output') checkJsonata(report, at, value);
    else if (name === 'Comment') checkComment({ report, pointer: at }, value);
    else if (name === 'Variable' || CONNECTIVES.has(name) || isOperator(name)) addWrongLanguage(rule, name);
    else if (name !== 'Next' && name !== 'Assign') addUnsupported(rule, name, []);
  }
  if (!Object.hasOwn(holder, 'Condition'))
    report.add('missingField', pointer, 'These fields are required: [Condition]');
}

function checkComment({ report, pointer }: Pick<Scope, 'report' | 'pointer'>, value: Json): void {
  if (typeof value !== 'string') wrongType({ report }, pointer, 'String', value);
}

/** A rule in JSONPath: one connective over other rules, or one comparison of a variable. */
function checkRule(rule: Scope, depth: number): void {
  const { report, pointer, holder } = rule;
  if (depth > RULE_DEPTH_MAX) {
    report.add('badRule', pointer, `Choice rules nest more than ${RULE_DEPTH_MAX} deep`);
    return;
  }
  const selectors: string[] = [];
  const operators: string[] = [];
  for (const [name, value] of Object.entries(holder)) {
    if (name === 'Variable' || CONNECTIVES.has(name)) selectors.push(name);
    else if (isOperator(name)) operators.push(name);
    else if (name === 'Comment') checkComment({ report, pointer: appendPointer(pointer, name) }, value);
    else if (name === 'Condition' || name === 'Output') addWrongLanguage(rule, name);
    else if (depth > 0 || (name !== 'Next' && name !== 'Assign')) addUnsupported(rule, name, []);
  }
  const [selector, ...more] = selectors;
  if (selector === undefined || more.length > 0) {
    // A Condition is told as of the other language already.
    if (Object.hasOwn(holder, 'Condition') && selector === undefined) return;
    report.add('badRule', pointer, SELECTOR_MESSAGE, pointer, `found [${selectors.join(', ')}]`);
  } else if (CONNECTIVES.has(selector)) {
    const value = getOwn(holder, selector) ?? null;
    checkConnective(rule, selector, appendPointer(pointer, selector), value, depth);
  } else checkVariable(rule, operators);
}

/** The one comparison of a rule with a Variable. */
function checkVariable(rule: Scope, operators: readonly string[]): void {
  const { report, pointer, holder } = rule;
  const [operator, ...more] = operators;
  if (operator !== undefined && more.length === 0) {
    checkComparison(rule, operator, appendPointer(pointer, operator), getOwn(holder, operator) ?? null);
    return;
  }
  const start = operator === undefined ? 'This object should have only' : 'There should only be';
  const message = `${start} one of the following fields: [${OPERATORS.join(', ')}]`;
  report.add('badRule', pointer, message, pointer, `found [${operators.join(', ')}]`);
}

function checkConnective(rule: Scope, operator: string, pointer: string, value: Json, depth: number): void {
  if (operator === 'Not') {
    const inner = objectScope(rule, pointer, value, 'a Choice rule');
    if (inner !== undefined) checkRule(inner, depth + 1);
    return;
  }
  if (!isArray(value)) {
    wrongType(rule, pointer, 'Array', value);
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
  checkVariablePath(rule, appendPointer(rule.pointer, 'Variable'), getOwn(holder, 'Variable') ?? null);
  const wanted = operandType(operator);
  if (wanted === 'Path') checkVariablePath(rule, pointer, value);
  else if (wanted === 'Timestamp') {
    if (typeof value !== 'string') wrongType(rule, pointer, 'String', value);
    else if (parseTimestamp(value) === undefined) {
      report.add('badTimestamp', pointer, 'String does not match RFC3339 timestamp');
    }
  } else if (typeof value !== wanted.toLowerCase()) wrongType(rule, pointer, wanted, value);
  else if (operator.startsWith('String') && typeof value === 'string' && looksLikePath(value)) {
    report.add('noPath', pointer, `'${value}' is compared as the text it is`);
  }
}

/** AWS calls these Reference Paths, but takes any path that begins with $. */
function checkVariablePath(rule: Scope, pointer: string, value: Json): void {
  if (typeof value !== 'string') wrongType(rule, pointer, 'String', value);
  else if (value.startsWith('$')) checkPath(rule.report, pointer, value);
  else checkReferencePath(rule.report, pointer, value);
}

const OPERATORS: readonly string[] = [
  ...[...COMPARISONS.keys()].flatMap((name) => [name, `${name}Path`]),
  'StringMatches',
  'IsPresent',
  ...KINDS.keys(),
];
const OPERATOR_NAMES: ReadonlySet<string> = new Set(OPERATORS);

function isOperator(name: string): boolean {
  return OPERATOR_NAMES.has(name);
}

function operandType(operator: string): 'Boolean' | 'Path' | 'Number' | 'Timestamp' | 'String' {
  if (operator.startsWith('Is') || operator === 'BooleanEquals') return 'Boolean';
  if (operator.endsWith('Path')) return 'Path';
  if (operator.startsWith('Numeric')) return 'Number';
  return operator.startsWith('Timestamp') ? 'Timestamp' : 'String';
}
