import jsonata from 'jsonata';
import { ExpressionSyntaxError } from '../expression-syntax-error.ts';
import { EXPRESSION_DEPTH_MAX, EXPRESSION_LENGTH_MAX } from './limits.ts';
import type { Node } from './node.ts';
import { isNode } from './node.ts';

/** Parses an expression. Throws ExpressionSyntaxError with the language's own message and AWS's, which are the same. */
export function parseJsonata(text: string): Node {
  if (text.length > EXPRESSION_LENGTH_MAX) {
    throw new ExpressionSyntaxError(`an expression is longer than ${EXPRESSION_LENGTH_MAX} characters`, 0);
  }
  const ast = parsed(text);
  if (!isNode(ast)) throw new ExpressionSyntaxError('not an expression', 0);
  checkDepth(ast);
  return ast;
}

function parsed(text: string): unknown {
  try {
    return jsonata(text).ast();
  } catch (error) {
    if (error instanceof RangeError) throw new ExpressionSyntaxError('an expression nests too deep', 0);
    throw new ExpressionSyntaxError(messageOf(error), positionOf(error));
  }
}

function messageOf(error: unknown): string {
  if (
    typeof error === 'object' &&
    error !== null &&
    'message' in error &&
    typeof error.message === 'string'
  ) {
    return error.message;
  }
  return typeof error === 'object' && error !== null && 'code' in error
    ? String(error.code)
    : 'not an expression';
}

function positionOf(error: unknown): number {
  return typeof error === 'object' &&
    error !== null &&
    'position' in error &&
    typeof error.position === 'number'
    ? error.position
    : 0;
}

/** Refuses trees whose evaluation would need more stack than there is. Goes over the tree level by level. */
function checkDepth(ast: Node): void {
  let level: object[] = [ast];
  for (let depth = 0; level.length > 0; depth++) {
    // A node and the array that holds it are two levels here.
    if (depth > 2 * EXPRESSION_DEPTH_MAX) throw new ExpressionSyntaxError('an expression nests too deep', 0);
    const next: object[] = [];
    for (const node of level) {
      if (node instanceof RegExp) continue;
      for (const child of Object.values(node))
        if (typeof child === 'object' && child !== null) next.push(child);
    }
    level = next;
  }
}
