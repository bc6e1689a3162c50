import { ExpressionSyntaxError } from '../expression-syntax-error.ts';
import type { Json } from '../json.ts';
import { isObject } from '../json.ts';
import type { Assign, QueryLanguage } from '../program.ts';
import { compileJsonataTemplate } from './jsonata-template.ts';
import { compileJsonPathTemplate } from './jsonpath-template.ts';

/**
 * Compiles Assign: variable names and what they get. All of it is evaluated before anything is assigned, so one assignment
 * does not see another. `location` is where the field stands (`Assign`, `Choices[0]/Assign`). Throws ExpressionSyntaxError.
 */
export function compileAssign(assign: Json, language: QueryLanguage, location = 'Assign'): Assign {
  if (!isObject(assign)) throw new ExpressionSyntaxError(`${location} must be an object`, 0);
  const evaluate =
    language === 'JSONata'
      ? compileJsonataTemplate(assign, location)
      : compileJsonPathTemplate(assign, location);
  return (environment) => {
    const values = evaluate(environment);
    // A template that is an object gives an object.
    return isObject(values) ? values : {};
  };
}
