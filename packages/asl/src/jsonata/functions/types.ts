import { Fn, SLOW } from '../fn.ts';
import { JsonataError } from '../jsonata-error.ts';
import { isNumeric, toBoolean } from '../operations.ts';
import type { Value } from '../value.ts';
import { isArrayValue } from '../value.ts';
import type { Functions } from './define.ts';
import { define } from './define.ts';

function typeName(value: Value): Value {
  if (value === undefined) return undefined;
  if (value === null) return 'null';
  if (typeof value === 'number') return isNumeric(value) ? 'number' : 'object';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'boolean';
  if (isArrayValue(value)) return 'array';
  return value instanceof Fn ? 'function' : 'object';
}

function messageOf(message: Value, otherwise: string): string {
  return typeof message === 'string' && message !== '' ? message : otherwise;
}

export const TYPE_FUNCTIONS: Functions = {
  boolean: define(
    1,
    '<x-:b>',
    ([value]) => toBoolean(value),
    (value) => (typeof value === 'boolean' ? value : SLOW),
  ),
  not: define(
    1,
    '<x-:b>',
    ([value]) => (value === undefined ? undefined : toBoolean(value) !== true),
    (value) => (typeof value === 'boolean' ? !value : SLOW),
  ),
  exists: define(
    1,
    '<x:b>',
    ([value]) => value !== undefined,
    (value) => value !== undefined,
  ),
  type: define(1, '<x:s>', ([value]) => typeName(value)),
  error: define(1, '<s?:x>', ([message]) => {
    throw new JsonataError('D3137', { message: messageOf(message, '$error() function evaluated') });
  }),
  assert: define(2, '<bs?:x>', ([condition, message]) => {
    if (condition === true) return undefined;
    throw new JsonataError('D3141', { message: messageOf(message, '$assert() statement failed') });
  }),
};
