import type { Environment, Evaluate } from '../environment.ts';
import { AslFailure } from '../environment.ts';
import type { Json } from '../json.ts';
import type { JsonataProgram } from '../jsonata/compile-jsonata.ts';
import { compileOnce } from '../jsonata/compile-once.ts';
import { BoundExceeded, JsonataError } from '../jsonata/jsonata-error.ts';

const QUERY_EVALUATION_ERROR = 'States.QueryEvaluationError';

/** True for a text that is an expression: `{%` is its very beginning and `%}` its very end (recorded). */
export function isExpression(text: string): boolean {
  return text.length >= 4 && text.startsWith('{%') && text.endsWith('%}');
}

/** The expression without its delimiters and the blanks around it: what AWS quotes. */
export function expressionOf(text: string): string {
  return text.slice(2, -2).trim();
}

/**
 * Compiles `{% … %}`. `location` is the field with slashes, as AWS writes it (`Arguments/FunctionName`, `Output/items[0]`).
 * Failures are States.QueryEvaluationError; an expression that gives nothing is one of them. Throws ExpressionSyntaxError.
 */
export function compileExpression(text: string, location: string): Evaluate {
  const expression = expressionOf(text);
  const program = compileOnce(expression);
  const subject = `The JSONata expression '${expression}' specified for the field '${location}'`;
  return (environment) => {
    const value = evaluated(program, environment, subject, location);
    if (value !== undefined) return value;
    throw new AslFailure(QUERY_EVALUATION_ERROR, `${subject} returned nothing (undefined).`, location);
  };
}

function evaluated(
  program: JsonataProgram,
  environment: Environment,
  subject: string,
  location: string,
): Json | undefined {
  try {
    return program.evaluate(environment);
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    throw new AslFailure(
      QUERY_EVALUATION_ERROR,
      `${subject} threw an error during evaluation${reason}`,
      location,
    );
  }
}

/** AWS ends its sentence before a coded message, and puts a colon before one about a bound. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof JsonataError) return `. ${error.code}: ${error.text}`;
  return error instanceof BoundExceeded ? `: ${error.message}` : undefined;
}

/** An expression whose result has the wrong type for its field; `wanted` is `array`, `boolean` and so on (recorded). */
export function unexpectedType(text: string, location: string, wanted: string, value: Json): AslFailure {
  const kind = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  return new AslFailure(
    QUERY_EVALUATION_ERROR,
    `The JSONata expression '${expressionOf(text)}' specified for the field '${location}' returned an unexpected ` +
      `result type. Expected '${wanted}', but was '${kind}' for value: ${JSON.stringify(value)}`,
    location,
  );
}
