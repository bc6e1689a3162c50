import type { Evaluate } from '../environment.ts';
import { ExpressionSyntaxError } from '../expression-syntax-error.ts';
import type { Json } from '../json.ts';
import { isArray, isObject } from '../json.ts';
import type { Assign, ChoiceRule, QueryLanguage } from '../program.ts';
import { compileJsonPathTemplate } from '../template/jsonpath-template.ts';

export function compileAssign(assign: Json, language: QueryLanguage): Assign {
  const evaluate =
    language === 'JSONata'
      ? compileJsonataTemplate(assign, 'Assign')
      : compileJsonPathTemplate(assign, 'Assign');
  return (environment) => {
    const values = evaluate(environment);
    if (!isObject(values)) throw new Error('Assign did not give an object');
    return values;
  };
}

export function compileJsonataTemplate(template: Json, location: string): Evaluate {
  refuseExpressions(template, location);
  return () => template;
}

export function compileCondition(text: string, location: string): ChoiceRule['condition'] {
  throw new ExpressionSyntaxError(`JSONata expressions are not supported: ${text} at ${location}`, 0);
}

function refuseExpressions(template: Json, location: string): void {
  if (typeof template === 'string' && template.startsWith('{%')) {
    throw new ExpressionSyntaxError(`JSONata expressions are not supported: ${template} at ${location}`, 0);
  }
  if (isArray(template)) for (const element of template) refuseExpressions(element, location);
  else if (isObject(template))
    for (const element of Object.values(template)) refuseExpressions(element, location);
}
