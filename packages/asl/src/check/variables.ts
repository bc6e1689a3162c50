import { isIntrinsic } from '../intrinsics/parse.ts';
import { freeVariables } from '../jsonata/free-variables.ts';
import type { Json, JsonObject } from '../json.ts';
import { getOwn, isArray, isObject } from '../json.ts';
import type { QueryLanguage } from '../program.ts';
import { appendPointer } from '../syntax/pointer.ts';
import { expressionOf } from '../template/jsonata-expression.ts';
import { isExpression } from './expressions.ts';
import type { Report } from './scope.ts';

/** Fields whose values are lists of states: their expressions are read in the scope of those states. */
const NESTED_FIELDS = new Set(['ItemProcessor', 'Iterator', 'Branches']);

/** The name after a `$`; `$$` is the context object, `$.` and `$[` the input. */
const REFERENCE = /(?<![$\w])\$([A-Za-z_]\w*)/gu;
const ANY_REFERENCE = /(?<![$\w])\$[A-Za-z_]/u;

/** The variables that a state assigns: itself, and in its Choices and Catch. */
export function assignedBy(state: JsonObject, language: QueryLanguage): string[] {
  const names: string[] = [];
  const add = (holder: JsonObject): void => {
    const assign = getOwn(holder, 'Assign');
    if (!isObject(assign)) return;
    for (const key of Object.keys(assign)) {
      names.push(language === 'JSONPath' && key.endsWith('.$') ? key.slice(0, -2) : key);
    }
  };
  add(state);
  for (const field of ['Choices', 'Catch']) {
    const list = getOwn(state, field);
    if (!isArray(list)) continue;
    for (const element of list) if (isObject(element)) add(element);
  }
  return names;
}

/** Warns of each variable that a state reads and that nothing in `known` assigns. */
export function checkVariables(
  report: Report,
  pointer: string,
  state: JsonObject,
  language: QueryLanguage,
  known: (name: string) => boolean,
): void {
  const told = new Set<string>();
  const tell = (at: string, names: readonly string[]): void => {
    for (const name of names) {
      if (known(name) || told.has(name)) continue;
      told.add(name);
      report.add('unassignedVariable', at, `Nothing assigns the variable $${name}`);
    }
  };
  for (const [field, value] of Object.entries(state)) {
    if (NESTED_FIELDS.has(field) || field === 'Comment') continue;
    visit(value, appendPointer(pointer, field), field, language, tell, 0);
  }
}

function visit(
  value: Json,
  pointer: string,
  name: string,
  language: QueryLanguage,
  tell: (at: string, names: readonly string[]) => void,
  depth: number,
): void {
  // Deeper templates are refused by the checks of expressions.
  if (depth > 100) return;
  if (typeof value === 'string') {
    if (!ANY_REFERENCE.test(value)) return;
    if (language === 'JSONata') {
      if (isExpression(value)) tell(pointer, freeVariables(expressionOf(value)));
    } else if (name.endsWith('.$') || name.endsWith('Path') || name === 'Variable') {
      tell(pointer, pathReferences(value));
    }
  } else if (isArray(value)) {
    for (const [index, element] of value.entries()) {
      visit(element, appendPointer(pointer, index), name, language, tell, depth + 1);
    }
  } else if (isObject(value)) {
    for (const [key, member] of Object.entries(value)) {
      visit(member, appendPointer(pointer, key), key, language, tell, depth + 1);
    }
  }
}

function pathReferences(text: string): string[] {
  // A path reads a variable only at its beginning; an intrinsic call in any of its arguments, but not in its strings.
  const read = isIntrinsic(text)
    ? text.replaceAll(/'(?:[^'\\]|\\.)*'/gu, '')
    : (/^\$\w+/u.exec(text)?.[0] ?? '');
  return [...read.matchAll(REFERENCE)].map((match) => match[1] ?? '');
}
