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
import { typeName } from './scope.ts';
import type { Scope } from './scope.ts';

/** Checks a value whose kind says all there is to say. */
export function checkValue(scope: Scope, pointer: string, field: Field, value: Json): void {
  const kind = field.value;
  switch (kind.kind) {
    case 'any':
      return;
    case 'string':
      expect(scope, pointer, typeof value === 'string', 'a string', value);
      return;
    case 'boolean':
      expect(scope, pointer, typeof value === 'boolean', 'true or false', value);
      return;
    case 'true':
      expect(scope, pointer, value === true, 'true', value);
      return;
    case 'object':
      expect(scope, pointer, isObject(value), 'an object', value);
      return;
    case 'oneOf':
      checkOneOf(scope, pointer, field.name, kind.values, value);
      return;
    case 'integer':
    case 'number':
      checkNumber(scope, pointer, kind, value);
      return;
    case 'timestamp':
      checkTimestamp(scope, pointer, value);
      return;
    default:
      checkExpressionField(scope, pointer, field, value);
  }
}

function checkExpressionField(scope: Scope, pointer: string, field: Field, value: Json): void {
  const { report } = scope;
  const kind = field.value;
  switch (kind.kind) {
    case 'path':
      if (value === null && kind.nullable === true) return;
      if (expect(scope, pointer, typeof value === 'string', 'a JSONPath', value))
        checkPath(report, pointer, String(value));
      return;
    case 'resultPath':
      if (value === null) return;
      if (expect(scope, pointer, typeof value === 'string', 'a Reference Path', value)) {
        checkReferencePath(report, pointer, String(value));
      }
      return;
    case 'pathOrIntrinsic':
      checkDynamic(report, pointer, pointer, field.name, value);
      return;
    case 'template':
      checkTemplate(report, pointer, value);
      return;
    case 'jsonata':
      checkJsonataField(scope, pointer, kind, value);
      return;
    default:
      throw new Error(`no check for a field of kind ${kind.kind}`);
  }
}

function checkJsonataField(
  scope: Scope,
  pointer: string,
  kind: Kind & { readonly kind: 'jsonata' },
  value: Json,
): void {
  const fits =
    kind.of === undefined ||
    isExpression(value) ||
    (kind.of === 'string' && typeof value === 'string') ||
    (kind.of === 'array' && isArray(value)) ||
    (kind.of === 'object' && isObject(value));
  if (!fits) {
    const wanted = kind.of === 'string' ? 'a string' : `an ${kind.of} or a JSONata expression`;
    scope.report.add('notAnExpression', pointer, `Expected ${wanted}, found ${typeName(value)}`);
  }
  checkJsonata(scope.report, pointer, value);
}

/** Reports a wrong type; true when it is right. */
function expect(scope: Scope, pointer: string, isRight: boolean, wanted: string, value: Json): boolean {
  if (!isRight) scope.report.add('wrongType', pointer, `Expected ${wanted}, found ${typeName(value)}`);
  return isRight;
}

function checkOneOf(
  scope: Scope,
  pointer: string,
  name: string,
  values: readonly string[],
  value: Json,
): void {
  if (typeof value === 'string' && values.includes(value)) return;
  // AWS's text for Type (recording `test_state/test-state-machine-scenarios--*validation-failures*`).
  const message = `The field '${name}' should have one of these values: [${values.join(', ')}]`;
  scope.report.add('wrongValue', pointer, message);
}

type NumberKind = Kind & { readonly kind: 'integer' | 'number' };

export function checkNumber(scope: Scope, pointer: string, kind: NumberKind, value: Json): void {
  if (scope.language === 'JSONata' && kind.literal !== true && isExpression(value)) {
    checkJsonata(scope.report, pointer, value);
    return;
  }
  const wanted = kind.kind === 'integer' ? 'an integer' : 'a number';
  if (!expect(scope, pointer, typeof value === 'number', wanted, value)) return;
  const number = Number(value);
  if (kind.kind === 'integer' && !Number.isInteger(number)) {
    scope.report.add('wrongType', pointer, `Expected an integer, found ${number}`);
  } else if (number < kind.min || number > kind.max) {
    const range =
      kind.max >= Number.MAX_SAFE_INTEGER ? `at least ${kind.min}` : `between ${kind.min} and ${kind.max}`;
    scope.report.add('outOfRange', pointer, `The value must be ${range}, found ${number}`);
  }
}

function checkTimestamp(scope: Scope, pointer: string, value: Json): void {
  if (scope.language === 'JSONata' && isExpression(value)) {
    checkJsonata(scope.report, pointer, value);
    return;
  }
  if (!expect(scope, pointer, typeof value === 'string', 'a timestamp', value)) return;
  const text = String(value);
  if (parseTimestamp(text) === undefined) {
    scope.report.add('badTimestamp', pointer, 'String does not match RFC3339 timestamp');
  }
}
