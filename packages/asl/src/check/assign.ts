import type { Json } from '../json.ts';
import { isObject } from '../json.ts';
import { appendPointer } from '../syntax/pointer.ts';
import { checkJsonata, checkTemplate } from './expressions.ts';
import { characterCount, wrongType } from './scope.ts';
import type { Scope } from './scope.ts';

/** Longest variable name, in characters (developer guide, "Passing data between states with variables"). */
export const VARIABLE_NAME_CHARACTERS_MAX = 80;
const VARIABLE_NAME = /^[\p{ID_Start}_][\p{ID_Continue}]*$/u;

export function checkAssign(scope: Scope, pointer: string, value: Json): void {
  const { report, language } = scope;
  if (!isObject(value)) {
    wrongType(scope, pointer, 'Object', value);
    return;
  }
  for (const key of Object.keys(value)) {
    const name = language === 'JSONPath' && key.endsWith('.$') ? key.slice(0, -2) : key;
    const keyPointer = appendPointer(pointer, key);
    if (name === 'states') {
      report.addAtKey('reservedVariable', keyPointer, "Cannot assign to reserved variable '$states'.");
      continue;
    }
    const error = nameError(name);
    if (error !== undefined) {
      report.addAtKey('badVariable', keyPointer, `Invalid variable name '${name}': ${error}`);
    }
  }
  if (language === 'JSONata') checkJsonata(report, pointer, value);
  else checkTemplate(report, pointer, value);
}

function nameError(name: string): string | undefined {
  if (characterCount(name) > VARIABLE_NAME_CHARACTERS_MAX) {
    return `the variable name exceeds ${VARIABLE_NAME_CHARACTERS_MAX} characters.`;
  }
  return VARIABLE_NAME.test(name) ? undefined : 'the variable name contains invalid characters.';
}
