import { ExpressionSyntaxError } from '../expression-syntax-error.ts';
import type { Json } from '../json.ts';
import { isArray, isObject } from '../json.ts';
import { compileOnce } from '../jsonata/compile-once.ts';
import { compilePath } from '../jsonpath/compile-path.ts';
import { compileReferencePath } from '../jsonpath/reference-path.ts';
import { appendPointer } from '../syntax/pointer.ts';
import { expressionOf } from '../template/jsonata-expression.ts';
import { compileJsonPathField } from '../template/jsonpath-template.ts';
import { TEMPLATE_DEPTH_MAX } from '../template/limits.ts';
import type { CodeName } from './codes.ts';
import { checkIntrinsic } from './intrinsic-arguments.ts';
import { jsonataError } from './jsonata-syntax.ts';
import type { Report } from './scope.ts';

/** Runs a compiler for its ExpressionSyntaxError. */
function syntaxError(compile: () => unknown): string | undefined {
  try {
    compile();
    return undefined;
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) return error.message;
    throw error;
  }
}

export function checkPath(report: Report, pointer: string, text: string): void {
  const error = syntaxError(() => compilePath(text, { kind: 'path' }));
  if (error !== undefined) report.add('badPath', pointer, 'Value must be a valid JSONPath.', pointer, error);
}

export function checkReferencePath(report: Report, pointer: string, text: string): void {
  const error = syntaxError(() => compileReferencePath(text));
  if (error === undefined) return;
  const reason = text.startsWith('$') ? error : "Reference path didn't start with '$'";
  report.add('badReferencePath', pointer, `Value is not a Reference Path: ${reason}`);
}

/** The value of one dynamic field: a path or an intrinsic function call. `pointer` is where AWS locates the finding. */
export function checkDynamic(report: Report, pointer: string, at: string, name: string, value: Json): void {
  const error =
    typeof value === 'string'
      ? (syntaxError(() => compileJsonPathField(value, name)) ?? checkIntrinsic(value))
      : 'it is no string';
  if (error === undefined) return;
  const code: CodeName =
    typeof value === 'string' && value.trimStart().startsWith('States.') ? 'badIntrinsic' : 'badPath';
  const message = `The value for the field '${name}' must be a valid JSONPath or a valid intrinsic function call`;
  report.add(code, pointer, message, at, error);
}

/** A payload template. Findings are located at the whole field, as AWS does; their range is exact. */
export function checkTemplate(report: Report, pointer: string, template: Json): void {
  visitTemplate(report, pointer, pointer, template, 0);
}

function visitTemplate(report: Report, pointer: string, at: string, part: Json, depth: number): void {
  if (depth > TEMPLATE_DEPTH_MAX) {
    report.add('badTemplate', pointer, `The template nests deeper than ${TEMPLATE_DEPTH_MAX} levels`, at);
    return;
  }
  if (isArray(part)) {
    for (const [index, element] of part.entries()) {
      if (element !== null && typeof element === 'object') {
        visitTemplate(report, pointer, appendPointer(at, index), element, depth + 1);
      }
    }
  }
  if (!isObject(part)) return;
  for (const [name, value] of Object.entries(part)) {
    const isDynamic = name.endsWith('.$');
    if (!isDynamic && (value === null || typeof value !== 'object')) {
      if (typeof value === 'string' && looksLikePath(value)) {
        const message = `'${value}' is passed on as the text it is: '${name}' does not end in '.$'`;
        report.add('noDollar', pointer, message, appendPointer(at, name));
      }
      continue;
    }
    const memberAt = appendPointer(at, name);
    if (!isDynamic) {
      visitTemplate(report, pointer, memberAt, value, depth + 1);
      continue;
    }
    checkDynamic(report, pointer, memberAt, name, value);
    const plain = name.slice(0, -2);
    if (Object.hasOwn(part, plain)) {
      report.add('badTemplate', pointer, `The fields '${plain}' and '${name}' exclude each other`, memberAt);
    }
  }
}

/** Whether a text looks like a path or an intrinsic call that was meant to be evaluated. */
export function looksLikePath(text: string): boolean {
  return /^\$(?:\$?\.[A-Za-z_]|\[|\$?$)|^States\.[A-Z][A-Za-z0-9]*\(.*\)$/u.test(text);
}

/** Whether a text is meant as a JSONata expression. */
export function isExpression(value: Json | undefined): value is string {
  return typeof value === 'string' && value.startsWith('{%');
}

/** JSON with `{% %}` expressions anywhere in it. */
export function checkJsonata(report: Report, pointer: string, value: Json, depth = 0): void {
  if (depth > TEMPLATE_DEPTH_MAX) {
    report.add('badTemplate', pointer, `The value nests deeper than ${TEMPLATE_DEPTH_MAX} levels`);
    return;
  }
  if (typeof value === 'string') checkExpression(report, pointer, value);
  else if (isArray(value)) {
    for (const [index, element] of value.entries())
      checkJsonata(report, appendPointer(pointer, index), element, depth + 1);
  } else if (isObject(value)) {
    for (const [name, member] of Object.entries(value)) {
      checkJsonata(report, appendPointer(pointer, name), member, depth + 1);
    }
  }
}

function checkExpression(report: Report, pointer: string, text: string): void {
  const opens = text.startsWith('{%');
  const closes = text.endsWith('%}');
  if (!opens && !closes) return;
  if (opens !== closes || text.length < 4) {
    report.add('badJsonata', pointer, 'JSONata string must start with {% and end with %}');
    return;
  }
  const expression = expressionOf(text);
  const error = jsonataError(expression);
  if (error !== undefined) {
    report.add('badJsonata', pointer, error);
    return;
  }
  const isCatch = /\/Catch\/\d+\/[^/]+(?:\/|$)/u.test(pointer);
  for (const { message, inCatch } of compileOnce(expression).unsupported)
    if (!inCatch || !isCatch) report.add('unsupportedJsonata', pointer, message);
}
