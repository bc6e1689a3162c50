import type { Json, JsonObject } from '../json.ts';
import { getOwn, isObject } from '../json.ts';
import { appendPointer } from '../syntax/pointer.ts';
import type { Exclusion, Field } from './fields.ts';
import { typeName } from './scope.ts';
import type { Scope } from './scope.ts';
import { checkValue } from './values.ts';

/** Checks one field whose kind needs more than a look at its value. */
export type SpecialCheck = (scope: Scope, pointer: string, value: Json) => void;
export type SpecialChecks = Readonly<Partial<Record<Field['value']['kind'], SpecialCheck>>>;

/** The object at a pointer as a scope, or undefined with a finding. */
export function objectScope(parent: Scope, pointer: string, value: Json, what: string): Scope | undefined {
  if (isObject(value)) return { ...parent, pointer, holder: value, what };
  parent.report.add('wrongType', pointer, `Expected an object, found ${typeName(value)}`);
  return undefined;
}

/** Checks an object against the rows of the table that are about it. */
export function checkHolder(
  scope: Scope,
  fields: readonly Field[],
  special: SpecialChecks = {},
  exclusions: readonly Exclusion[] = [],
): void {
  const { report, pointer, holder, language } = scope;
  for (const [name, value] of Object.entries(holder)) {
    const fieldPointer = appendPointer(pointer, name);
    const rows = fields.filter((row) => row.name === name);
    const row = rows.find((candidate) => candidate.language === undefined || candidate.language === language);
    if (row !== undefined) {
      const check = special[row.value.kind];
      if (check === undefined) checkValue(scope, fieldPointer, row, value);
      else check(scope, fieldPointer, value);
    } else if (rows.length > 0) {
      report.addAtKey('wrongLanguage', fieldPointer, `Field '${name}' is not supported in ${language}`);
    } else {
      report.addAtKey('unknownField', fieldPointer, `Field '${name}' is not supported in ${scope.what}`);
    }
  }
  const missing = fields.filter((row) => row.required === true && !Object.hasOwn(holder, row.name));
  if (missing.length > 0) {
    report.add(
      'missingField',
      pointer,
      `These fields are required: [${missing.map(({ name }) => name).join(', ')}]`,
    );
  }
  for (const exclusion of exclusions) checkExclusion(scope, exclusion);
}

function checkExclusion({ report, pointer, holder, language }: Scope, { names, required }: Exclusion): void {
  const present = names.filter((name) => Object.hasOwn(holder, name));
  if (present.length > 1) {
    report.addAtKey(
      'exclusiveFields',
      appendPointer(pointer, present[1] ?? ''),
      `Only one of these fields may be given: [${present.join(', ')}]`,
    );
  }
  if (present.length === 0 && required === true) {
    const possible = names.filter((name) => language === 'JSONPath' || !name.endsWith('Path'));
    report.add('missingField', pointer, `One of these fields is required: [${possible.join(', ')}]`);
  }
}

/** The own string value of a field, undefined for anything else. */
export function textOf(holder: JsonObject, name: string): string | undefined {
  const value = getOwn(holder, name);
  return typeof value === 'string' ? value : undefined;
}
