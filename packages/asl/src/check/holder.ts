import type { Json, JsonObject } from '../json.ts';
import { getOwn, isObject } from '../json.ts';
import { appendPointer } from '../syntax/pointer.ts';
import type { Exclusion, Field } from './fields.ts';
import { wrongType } from './scope.ts';
import type { Scope } from './scope.ts';
import { checkValue } from './values.ts';

/** Checks one field whose kind needs more than a look at its value. */
export type SpecialCheck = (scope: Scope, pointer: string, value: Json) => void;
export type SpecialChecks = Readonly<Partial<Record<Field['value']['kind'], SpecialCheck>>>;

/** The object at a pointer as a scope, or undefined with a finding. */
export function objectScope(parent: Scope, pointer: string, value: Json, what: string): Scope | undefined {
  if (isObject(value)) return { ...parent, pointer, holder: value, what };
  wrongType(parent, pointer, 'Object', value);
  return undefined;
}

/** Rows of a table by the name of their field: JSONPath's and JSONata's, which are one row where it is for both. */
interface Rows {
  readonly JSONPath: Field | undefined;
  readonly JSONata: Field | undefined;
}

interface Table {
  readonly rows: ReadonlyMap<string, Rows>;
  readonly required: readonly string[];
}

const tables = new WeakMap<readonly Field[], Table>();

function tableOf(fields: readonly Field[]): Table {
  const known = tables.get(fields);
  if (known !== undefined) return known;
  const rows = new Map<string, Rows>();
  for (const field of fields) {
    const { JSONPath, JSONata } = rows.get(field.name) ?? { JSONPath: undefined, JSONata: undefined };
    rows.set(field.name, {
      JSONPath: field.language === 'JSONata' ? JSONPath : field,
      JSONata: field.language === 'JSONPath' ? JSONata : field,
    });
  }
  const table = { rows, required: fields.filter((row) => row.required === true).map(({ name }) => name) };
  tables.set(fields, table);
  return table;
}

/** Checks an object against the rows of the table that are about it. */
export function checkHolder(
  scope: Scope,
  fields: readonly Field[],
  special: SpecialChecks = {},
  exclusions: readonly Exclusion[] = [],
): void {
  const { report, pointer, holder, language } = scope;
  const { rows, required } = tableOf(fields);
  for (const name of Object.keys(holder)) {
    const value = holder[name] ?? null;
    const fieldPointer = appendPointer(pointer, name);
    const found = rows.get(name);
    const row = found?.[language];
    if (row !== undefined) {
      const check = special[row.value.kind];
      if (check === undefined) checkValue(scope, fieldPointer, row, value);
      else check(scope, fieldPointer, value);
    } else if (found !== undefined) addWrongLanguage(scope, name);
    else addUnsupported(scope, name, fields);
  }
  const missing = required.filter((name) => !Object.hasOwn(holder, name));
  if (missing.length > 0) {
    report.add('missingField', pointer, `These fields are required: [${missing.join(', ')}]`);
  }
  for (const exclusion of exclusions) checkExclusion(scope, exclusion);
}

/** A field that the query language in force does not have. */
export function addWrongLanguage({ report, pointer, language }: Scope, name: string): void {
  const other = language === 'JSONata' ? 'JSONPath' : 'JSONata';
  report.addAtKey(
    'wrongLanguage',
    pointer,
    `The QueryLanguage is set to '${language}', but field '${name}' is only supported for the '${other}' QueryLanguage`,
    appendPointer(pointer, name),
  );
}

/** A field that this object does not have in either query language. `fields`: what it has, for a guess at what was meant. */
export function addUnsupported(scope: Scope, name: string, fields: readonly Field[]): void {
  const meant = fields.find((row) => row.name.toLowerCase() === name.toLowerCase())?.name;
  const detail = `${scope.what} has no such field${meant === undefined ? '' : `: did you mean ${meant}?`}`;
  const { report, pointer } = scope;
  const message = `Field '${name}' is not supported`;
  report.addAtKey('unknownField', pointer, message, appendPointer(pointer, name), detail);
}

/** One of several fields at most; texts are AWS's, which names all of them. */
export function checkExclusion(scope: Scope, { names, required }: Exclusion): void {
  const { report, pointer, holder } = scope;
  const present = names.filter((name) => Object.hasOwn(holder, name));
  const list = names.join(', ');
  if (present.length > 1) {
    const message = `There should only be one of the following fields: [${list}]`;
    const detail = `found ${present.join(' and ')}`;
    report.addAtKey('exclusiveFields', pointer, message, appendPointer(pointer, present[1] ?? ''), detail);
  } else if (present.length === 0 && required === true) {
    report.add(
      'missingField',
      pointer,
      `This object should have only one of the following fields: [${list}]`,
    );
  }
}

/** The own string value of a field, undefined for anything else. */
export function textOf(holder: JsonObject, name: string): string | undefined {
  const value = getOwn(holder, name);
  return typeof value === 'string' ? value : undefined;
}
