import { randomUUID } from 'node:crypto';
import type { Environment, Evaluate, Json } from '@stepyard/asl';
import {
  AslFailure,
  compileJsonataTemplate,
  compileJsonPathTemplate,
  ExpressionSyntaxError,
  isExpression,
  isObject,
  parseJson,
} from '@stepyard/asl';
import type { EvaluateAnswer, EvaluateRequest } from '@stepyard/console';
import { clipJson } from './clip.ts';
import { invalid } from './problem.ts';

/** Evaluates an expression on the given data as a state would, with the error that Step Functions would raise. */
export function evaluate(request: EvaluateRequest, nowMs: number): EvaluateAnswer {
  const environment = environmentOf(request, nowMs);
  try {
    return { kind: 'value', value: clipJson(compiled(request)(environment)) };
  } catch (error) {
    if (error instanceof AslFailure) return { kind: 'error', error: error.error, cause: error.failureCause };
    // A definition with it could not be created at all.
    if (error instanceof ExpressionSyntaxError)
      return { kind: 'error', error: 'InvalidDefinition', cause: error.message };
    throw error;
  }
}

function compiled({ language, expression }: EvaluateRequest): Evaluate {
  const text = expression.trim();
  if (language === 'JSONPath') {
    if (!text.startsWith('{')) {
      const template = compileJsonPathTemplate({ 'value.$': text }, 'Parameters');
      return (environment) => {
        const value = template(environment);
        return isObject(value) ? (value['value'] ?? null) : value;
      };
    }
    return compileJsonPathTemplate(jsonOf(text, 'The payload template'), 'Parameters');
  }
  if (isExpression(text)) return compileJsonataTemplate(text, 'Output');
  // An object with expressions in it, or else an expression without its delimiters.
  const template = text.includes('{%') ? parseJson(text) : undefined;
  return compileJsonataTemplate(template ?? `{% ${text} %}`, 'Output');
}

function environmentOf(request: EvaluateRequest, nowMs: number): Environment {
  const document = jsonOf(request.input, 'The input');
  const variables = jsonOf(request.variables ?? '{}', 'The variables');
  const context = jsonOf(request.context ?? '{}', 'The context object');
  if (!isObject(variables) || !isObject(context))
    throw invalid('The variables and the context are JSON objects.');
  const { result, errorOutput } = request;
  return {
    document,
    states: {
      input: document,
      ...(result === undefined ? {} : { result: jsonOf(result, 'The result') }),
      ...(errorOutput === undefined ? {} : { errorOutput: jsonOf(errorOutput, 'The error output') }),
    },
    context: () => context,
    variable: (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined),
    nowMs,
    random: () => Math.random(),
    uuid: () => randomUUID(),
  };
}

function jsonOf(text: string, what: string): Json {
  const value = parseJson(text);
  if (value === undefined) throw invalid(`${what} is not JSON.`);
  return value;
}
