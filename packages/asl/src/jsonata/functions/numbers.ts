import type { Quick } from '../fn.ts';
import { SLOW } from '../fn.ts';
import { JsonataError } from '../jsonata-error.ts';
import type { Value, ValueArray } from '../value.ts';
import { isArrayValue } from '../value.ts';
import type { Functions } from './define.ts';
import { define } from './define.ts';

/** `run` on a number; undefined gives undefined. */
function onNumber(run: (value: number) => Value): (args: readonly Value[]) => Value {
  return ([value]) => (typeof value === 'number' ? run(value) : undefined);
}

/** Folds an array of numbers (the signature has made sure of that). */
function fold(start: number, add: (total: number, item: number) => number): (items: ValueArray) => number {
  return (items) => {
    let total = start;
    for (let at = 0; at < items.length; at++) {
      const item = items[at];
      if (typeof item === 'number') total = add(total, item);
    }
    return total;
  };
}

const total = fold(0, (sum, item) => sum + item);
const most = fold(-Infinity, (best, item) => Math.max(best, item));
const least = fold(Infinity, (best, item) => Math.min(best, item));

/** An aggregate of an array that holds numbers only; the signature takes care of all else. */
function quick(start: number, add: (total: number, item: number) => number, ofNone: Value): Quick {
  return (items) => {
    if (!isArrayValue(items)) return SLOW;
    if (items.length === 0) return ofNone;
    let result = start;
    for (let at = 0; at < items.length; at++) {
      const item = items[at];
      if (typeof item !== 'number') return SLOW;
      result = add(result, item);
    }
    return result;
  };
}

/** `$sum` has its own loop, without a call for each item. */
const quickSum: Quick = (items) => {
  if (!isArrayValue(items)) return SLOW;
  let result = 0;
  for (let at = 0; at < items.length; at++) {
    const item = items[at];
    if (typeof item !== 'number') return SLOW;
    result += item;
  }
  return result;
};

const quickCount: Quick = (items) => (isArrayValue(items) ? items.length : SLOW);

/** An aggregate that is nothing for an empty array. */
function ofSome(run: (items: ValueArray) => number): (args: readonly Value[]) => Value {
  return ([items]) => (isArrayValue(items) && items.length > 0 ? run(items) : undefined);
}

/** Moves the decimal point in the number's text: multiplying by a power of ten would add errors of its own. */
function shift(value: number, places: number): number {
  const [mantissa, exponent] = String(value).split('e');
  return Number(`${mantissa}e${Number(exponent ?? 0) + places}`);
}

/** Rounds half to even, to a number of decimal places. */
export function roundHalfEven(value: number, places = 0): number {
  const shifted = places === 0 ? value : shift(value, places);
  let rounded = Math.round(shifted);
  if (Math.abs(rounded - shifted) === 0.5 && Math.abs(rounded % 2) === 1) rounded -= 1;
  const result = places === 0 ? rounded : shift(rounded, -places);
  return result === 0 ? 0 : result;
}

const DECIMAL = /^-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?$/;
const PREFIXED = /^(0[xX][0-9A-Fa-f]+|0[oO][0-7]+|0[bB][01]+)$/;

function toNumber(value: Value): Value {
  if (value === undefined || typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') {
    const number = Number(value);
    if (DECIMAL.test(value) && Number.isFinite(number)) return number;
    if (PREFIXED.test(value)) return number;
  }
  throw new JsonataError('D3030', { value, index: 1 });
}

function squareRoot(value: number): Value {
  if (value < 0) throw new JsonataError('D3060', { value, index: 1 });
  return Math.sqrt(value);
}

function power(base: Value, exponent: Value): Value {
  if (typeof base !== 'number' || typeof exponent !== 'number') return undefined;
  const result = base ** exponent;
  if (!Number.isFinite(result)) throw new JsonataError('D3061', { value: base, exp: exponent, index: 1 });
  return result;
}

function formatBase(value: Value, radix: Value): Value {
  if (typeof value !== 'number') return undefined;
  const base = typeof radix === 'number' ? roundHalfEven(radix) : 10;
  if (base < 2 || base > 36) throw new JsonataError('D3100', { value: base });
  return roundHalfEven(value).toString(base);
}

export const NUMBER_FUNCTIONS: Functions = {
  sum: define(1, '<a<n>:n>', ([items]) => (isArrayValue(items) ? total(items) : undefined), quickSum),
  count: define(1, '<a:n>', ([items]) => (isArrayValue(items) ? items.length : 0), quickCount),
  max: define(1, '<a<n>:n>', ofSome(most), quick(-Infinity, Math.max, undefined)),
  min: define(1, '<a<n>:n>', ofSome(least), quick(Infinity, Math.min, undefined)),
  average: define(
    1,
    '<a<n>:n>',
    ofSome((items) => total(items) / items.length),
  ),
  number: define(1, '<(nsb)-:n>', ([value]) => toNumber(value)),
  floor: define(1, '<n-:n>', onNumber(Math.floor)),
  ceil: define(1, '<n-:n>', onNumber(Math.ceil)),
  abs: define(1, '<n-:n>', onNumber(Math.abs)),
  sqrt: define(1, '<n-:n>', onNumber(squareRoot)),
  round: define(2, '<n-n?:n>', ([value, places]) =>
    typeof value === 'number' ? roundHalfEven(value, typeof places === 'number' ? places : 0) : undefined,
  ),
  power: define(2, '<n-n:n>', ([base, exponent]) => power(base, exponent)),
  formatBase: define(2, '<n-n?:s>', ([value, radix]) => formatBase(value, radix)),
};
