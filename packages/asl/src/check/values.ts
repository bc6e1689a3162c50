import { parseTimestamp } from '../choice/timestamp.ts';
import type { Json } from '../json.ts';
import { isArray, isObject } from '../json.ts';
import {
  checkDynamic,
  checkJsonata,
  checkPath,
  checkReferencePath,
  checkTemplate,
  isExpression,
} from './expressions.ts';
import type { Field, Kind } from './fields.ts';
import { typeName, wrongType } from './scope.ts';
import type { Scope } from './scope.ts';

type Check = (scope: Scope, pointer: string, field: Field, value: Json) => void;

/** A check that looks at the type of the value only. */
function typeCheck(wanted: string, isRight: (value: Json) => boolean): Check {
  return (scope, pointer, _, value) => {
    if (!isRight(value)) wrongType(scope, pointer, wanted, value);
  };
}

/** A check for a string, with more to say about its content. */
function stringCheck(
  wanted: string,
  isNullable: (kind: Kind) => boolean,
  check: (scope: Scope, pointer: string, text: string) => void,
): Check {
  return (scope, pointer, field, value) => {
    if (value === null && isNullable(field.value)) return;
    if (typeof value === 'string') check(scope, pointer, value);
    else wrongType(scope, pointer, wanted, value);
  };
}

const CHECKS: Readonly<Partial<Record<Kind['kind'], Check>>> = {
  any: () => undefined,
  string: typeCheck('String', (value) => typeof value === 'string'),
  boolean: typeCheck('Boolean', (value) => typeof value === 'boolean'),
  object: typeCheck('Object', (value) => isObject(value)),
  oneOf: checkOneOf,
  integer: checkNumber,
  number: checkNumber,
  timestamp: checkTimestamp,
  path: stringCheck(
    'String',
    (kind) => kind.kind === 'path' && kind.nullable === true,
    (scope, pointer, text) => checkPath(scope.report, pointer, text),
  ),
  resultPath: stringCheck(
    'String',
    () => true,
    (scope, pointer, text) => checkReferencePath(scope.report, pointer, text),
  ),
  pathOrIntrinsic: ({ report }, pointer, field, value) =>
    checkDynamic(report, pointer, pointer, field.name, value),
  template: ({ report }, pointer, _, value) => checkTemplate(report, pointer, value),
  jsonata: checkJsonataField,
};

/** Checks a value whose kind says all there is to say. */
export function checkValue(scope: Scope, pointer: string, field: Field, value: Json): void {
  const check = CHECKS[field.value.kind];
  if (check === undefined) throw new Error(`no check for a field of kind ${field.value.kind}`);
  check(scope, pointer, field, value);
}

function checkJsonataField(scope: Scope, pointer: string, { value: kind }: Field, value: Json): void {
  const of = kind.kind === 'jsonata' ? kind.of : undefined;
  const fits =
    of === undefined ||
    isExpression(value) ||
    (of === 'string' && typeof value === 'string') ||
    (of === 'array' && isArray(value)) ||
    (of === 'object' && isObject(value));
  if (!fits) {
    const wanted = of === 'string' ? 'a string' : `an ${of} or a JSONata expression`;
    scope.report.add('notAnExpression', pointer, `Expected ${wanted}, found ${typeName(value)}`);
  }
  checkJsonata(scope.report, pointer, value);
}

function checkOneOf(scope: Scope, pointer: string, field: Field, value: Json): void {
  const values = field.value.kind === 'oneOf' ? field.value.values : [];
  if (typeof value === 'string' && values.includes(value)) return;
  scope.report.add(
    'wrongValue',
    pointer,
    `Value should be one of the following: [${values.join(', ')}]`,
    pointer,
    `found ${typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : typeName(value)}`,
  );
}

function checkNumber(scope: Scope, pointer: string, { value: kind }: Field, value: Json): void {
  if (kind.kind !== 'integer' && kind.kind !== 'number') return;
  if (scope.language === 'JSONata' && kind.literal !== true && isExpression(value)) {
    checkJsonata(scope.report, pointer, value);
  } else if (typeof value !== 'number' || (kind.kind === 'integer' && !Number.isInteger(value))) {
    wrongType(scope, pointer, kind.kind === 'integer' ? 'Integer' : 'Number', value);
  } else if (value < kind.min) {
    scope.report.add('outOfRange', pointer, `Minimum value is ${kind.min}`);
  } else if (value > kind.max) {
    scope.report.add('outOfRange', pointer, `Maximum value is ${kind.max}`);
  }
}

function checkTimestamp(scope: Scope, pointer: string, _: Field, value: Json): void {
  if (scope.language === 'JSONata' && isExpression(value)) checkJsonata(scope.report, pointer, value);
  else if (typeof value !== 'string') wrongType(scope, pointer, 'String', value);
  else if (parseTimestamp(value) === undefined) {
    scope.report.add('badTimestamp', pointer, 'String does not match RFC3339 timestamp');
  }
}
