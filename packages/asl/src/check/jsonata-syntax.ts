import { ExpressionSyntaxError } from '../expression-syntax-error.ts';
import { compileOnce } from '../jsonata/compile-once.ts';

/** What is wrong with the syntax of a JSONata expression (without its `{% %}`); undefined: nothing. */
export function jsonataError(text: string): string | undefined {
  try {
    compileOnce(text);
    return undefined;
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) return error.message;
    throw error;
  }
}
