import type { Environment } from '../environment.ts';
import { ExpressionSyntaxError } from '../expression-syntax-error.ts';
import { compileExpression, isExpression, unexpectedType } from '../template/jsonata-expression.ts';

/**
 * Compiles a JSONata Condition, `{% … %}`. What it gives must be a boolean, or it fails with States.QueryEvaluationError.
 * `location` as AWS writes it: `Choices[0]/Condition`. Throws ExpressionSyntaxError.
 */
export function compileCondition(text: string, location: string): (environment: Environment) => boolean {
  if (!isExpression(text)) throw new ExpressionSyntaxError('a Condition is a JSONata expression: {% … %}', 0);
  const evaluate = compileExpression(text, location);
  return (environment) => {
    const value = evaluate(environment);
    if (typeof value !== 'boolean') throw unexpectedType(text, location, 'boolean', value);
    return value;
  };
}
