import type { Json } from '../json.ts';
import { isObject } from '../json.ts';
import { appendPointer } from '../syntax/pointer.ts';
import { checkJsonata, checkTemplate } from './expressions.ts';
import { characterCount, typeName } from './scope.ts';
import type { Scope } from './scope.ts';

/** Longest variable name, in characters (developer guide, "Passing data between states with variables"). */
export const VARIABLE_NAME_CHARACTERS_MAX = 80;
const VARIABLE_NAME = /^[\p{ID_Start}_][\p{ID_Continue}]*$/u;

export function checkAssign(scope: Scope, pointer: string, value: Json): void {
  const { report, language } = scope;
  if (!isObject(value)) {
    report.add('wrongType', pointer, `Expected an object, found ${typeName(value)}`);
    return;
  }
  for (const key of Object.keys(value)) {
    const name = language === 'JSONPath' && key.endsWith('.$') ? key.slice(0, -2) : key;
    const error = nameError(name);
    if (error !== undefined) report.addAtKey('badVariable', appendPointer(pointer, key), error);
  }
  if (language === 'JSONata') checkJsonata(report, pointer, value);
  else checkTemplate(report, pointer, value);
}

function nameError(name: string): string | undefined {
  if (name === 'states') return "The variable name 'states' is reserved";
  if (characterCount(name) > VARIABLE_NAME_CHARACTERS_MAX) {
    return `A variable name has at most ${VARIABLE_NAME_CHARACTERS_MAX} characters`;
  }
  return VARIABLE_NAME.test(name) ? undefined : `${JSON.stringify(name)} is no variable name`;
}
