import type { Evaluate } from '../environment.ts';
import { ExpressionSyntaxError } from '../expression-syntax-error.ts';
import { compileIntrinsic } from '../intrinsics/compile-intrinsic.ts';
import { isIntrinsic } from '../intrinsics/parse.ts';
import type { Json } from '../json.ts';
import { isArray, isObject } from '../json.ts';
import { compilePath } from '../jsonpath/compile-path.ts';
import { TEMPLATE_DEPTH_MAX } from './limits.ts';
import { arrayOf, objectOf } from './members.ts';

export { TEMPLATE_DEPTH_MAX };

/**
 * Compiles a payload template (Parameters, ResultSelector, ItemSelector, Credentials and so on): a name that ends in `.$`
 * holds a path or an intrinsic call, everything else is literal. Parts without one are shared, never copied.
 * `field` names the template for error texts of the syntax only. Throws ExpressionSyntaxError.
 */
export function compileJsonPathTemplate(template: Json, field: string): Evaluate {
  return compilePart(template, field, 0) ?? (() => template);
}

/** Undefined when there is nothing to evaluate in the part. */
function compilePart(part: Json, field: string, depth: number): Evaluate | undefined {
  if (depth > TEMPLATE_DEPTH_MAX) {
    throw new ExpressionSyntaxError(`${field} nests deeper than ${TEMPLATE_DEPTH_MAX} levels`, 0);
  }
  if (isArray(part)) return compileItems(part, field, depth);
  return isObject(part) ? compileMembers(part, field, depth) : undefined;
}

function compileItems(items: readonly Json[], field: string, depth: number): Evaluate | undefined {
  const compiled = items.map((item, at) => compilePart(item, `${field}[${at}]`, depth + 1));
  if (compiled.every((item) => item === undefined)) return undefined;
  return arrayOf(compiled.map((item, at) => item ?? (() => items[at] ?? null)));
}

function compileMembers(
  members: { readonly [key: string]: Json },
  field: string,
  depth: number,
): Evaluate | undefined {
  const compiled: [string, Evaluate][] = [];
  let dynamic = false;
  for (const [key, value] of Object.entries(members)) {
    const evaluate = key.endsWith('.$')
      ? compileJsonPathField(value, key)
      : compilePart(value, `${field}.${key}`, depth + 1);
    if (evaluate !== undefined) dynamic = true;
    compiled.push([key.endsWith('.$') ? key.slice(0, -2) : key, evaluate ?? (() => value)]);
  }
  if (!dynamic) return undefined;
  return objectOf(compiled);
}

/**
 * Compiles the value of one dynamic field: a path or an intrinsic call. `field` is the field's whole name (`value.$`,
 * `ErrorPath`), which AWS quotes when the path finds nothing.
 */
export function compileJsonPathField(value: Json, field: string): Evaluate {
  if (typeof value !== 'string') {
    throw new ExpressionSyntaxError(`the value of '${field}' must be a path or an intrinsic call`, 0);
  }
  if (isIntrinsic(value)) return compileIntrinsic(value);
  return compilePath(value, { kind: 'template', field }).evaluate;
}
