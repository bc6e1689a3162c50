import { Fn } from './fn.ts';
import { JsonataError } from './jsonata-error.ts';
import { isNumeric } from './operations.ts';
import type { Value } from './value.ts';
import { isOuter } from './value.ts';

/** JSONata's `$string`: texts as they are, functions empty, the rest as JSON with numbers to 15 significant digits. */
export function toText(value: Value, indent = 0): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  if (value instanceof Fn) return '';
  if (typeof value === 'number' && !Number.isFinite(value)) throw new JsonataError('D3001', { value });
  const shown = isOuter(value) ? value[0] : value;
  return JSON.stringify(shown, replacer, indent);
}

function replacer(_key: string, value: Value): Value {
  if (typeof value === 'number' && isNumeric(value) && !Number.isInteger(value))
    return Number(value.toPrecision(15));
  return value instanceof Fn ? '' : value;
}
