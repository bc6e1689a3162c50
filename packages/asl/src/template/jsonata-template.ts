import type { Evaluate } from '../environment.ts';
import { ExpressionSyntaxError } from '../expression-syntax-error.ts';
import type { Json, JsonObject } from '../json.ts';
import { isArray, isObject } from '../json.ts';
import { compileExpression, isExpression } from './jsonata-expression.ts';
import { TEMPLATE_DEPTH_MAX } from './limits.ts';
import { arrayOf, objectOf } from './members.ts';

/**
 * Compiles JSON with `{% … %}` anywhere in it, or all of it (Arguments, Output, Items and so on). Everything else is literal;
 * parts without an expression are shared, never copied. `location` is where it stands, with slashes: `Output`,
 * `Choices[0]/Output`; members add `/name`, items `[0]`. Throws ExpressionSyntaxError.
 */
export function compileJsonataTemplate(template: Json, location: string): Evaluate {
  return compilePart(template, location, 0) ?? (() => template);
}

/** Undefined when there is nothing to evaluate in the part. */
function compilePart(part: Json, location: string, depth: number): Evaluate | undefined {
  if (depth > TEMPLATE_DEPTH_MAX) {
    throw new ExpressionSyntaxError(`${location} nests deeper than ${TEMPLATE_DEPTH_MAX} levels`, 0);
  }
  if (typeof part === 'string') return isExpression(part) ? compileExpression(part, location) : undefined;
  if (isArray(part)) return compileItems(part, location, depth);
  return isObject(part) ? compileMembers(part, location, depth) : undefined;
}

function compileItems(items: readonly Json[], location: string, depth: number): Evaluate | undefined {
  const compiled = items.map((item, at) => compilePart(item, `${location}[${at}]`, depth + 1));
  if (compiled.every((item) => item === undefined)) return undefined;
  return arrayOf(compiled.map((item, at) => item ?? (() => items[at] ?? null)));
}

function compileMembers(members: JsonObject, location: string, depth: number): Evaluate | undefined {
  const compiled: [string, Evaluate][] = [];
  let dynamic = false;
  for (const [key, value] of Object.entries(members)) {
    const evaluate = compilePart(value, `${location}/${key}`, depth + 1);
    if (evaluate !== undefined) dynamic = true;
    compiled.push([key, evaluate ?? (() => value)]);
  }
  if (!dynamic) return undefined;
  return objectOf(compiled);
}
