import { RE2JS } from 're2js';
import { ExpressionSyntaxError } from '../../expression-syntax-error.ts';
import type { Eval } from '../fn.ts';
import { NativeFn } from '../fn.ts';
import { JsonataError } from '../jsonata-error.ts';
import type { Node } from '../node.ts';
import type { Value } from '../value.ts';
import { add, Made, newList } from '../value.ts';

/** Compiles `/…/`: a matcher, in linear time. Lookaround and back references do not exist in it. */
export function compileRegex(node: Node): Eval {
  const { value } = node;
  if (!(value instanceof RegExp)) throw new TypeError('the JSONata parser gave no regular expression');
  const regex = compileSource(value, node.position ?? 0);
  const matcher = new NativeFn(1, ([text]) =>
    typeof text === 'string' ? matchAt(regex, value.source, text, 0) : undefined,
  );
  return () => matcher;
}

function compileSource(regex: RegExp, offset: number): RE2JS {
  let flags = 0;
  if (regex.ignoreCase) flags |= RE2JS.CASE_INSENSITIVE;
  if (regex.multiline) flags |= RE2JS.MULTILINE;
  try {
    return RE2JS.compile(RE2JS.translateRegExp(regex.source), flags);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ExpressionSyntaxError(
      `the regular expression /${regex.source}/ cannot be used: ${reason}`,
      offset,
    );
  }
}

/** The first match at or after a position: where it is, its groups, and a function for the next one. */
function matchAt(regex: RE2JS, source: string, text: string, from: number): Value {
  const matcher = regex.matcher(text);
  if (!matcher.find(from)) return undefined;
  const start = matcher.start();
  const end = matcher.end();
  const groups = newList();
  for (let at = 1; at <= matcher.groupCount(); at++) add(groups, matcher.group(at) ?? undefined);
  const match = new Made();
  match['match'] = text.slice(start, end);
  match['start'] = start;
  match['end'] = end;
  match['groups'] = groups;
  match['next'] = new NativeFn(0, () => {
    if (end >= text.length) return undefined;
    const next = matchAt(regex, source, text, end);
    // A match of nothing would never get on.
    if (next instanceof Made && next['match'] === '') throw new JsonataError('D1004', { value: source });
    return next;
  });
  return match;
}
