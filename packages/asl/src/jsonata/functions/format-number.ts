import { isObjectValue } from '../operations.ts';
import { formatNumber } from '../pictures/format-number.ts';
import type { DecimalFormat } from '../pictures/number-picture.ts';
import type { Value } from '../value.ts';
import type { Functions } from './define.ts';
import { define } from './define.ts';

/** The decimal format, with those of its characters replaced that the options name. */
function formatOf(options: Value): DecimalFormat {
  const option = (name: string, otherwise: string): string => {
    const value = isObjectValue(options) && Object.hasOwn(options, name) ? options[name] : undefined;
    return typeof value === 'string' && value !== '' ? value : otherwise;
  };
  return {
    decimal: option('decimal-separator', '.'),
    grouping: option('grouping-separator', ','),
    exponent: option('exponent-separator', 'e'),
    minus: option('minus-sign', '-'),
    percent: option('percent', '%'),
    perMille: option('per-mille', '\u2030'),
    zero: option('zero-digit', '0'),
    digit: option('digit', '#'),
    separator: option('pattern-separator', ';'),
  };
}

export const FORMAT_FUNCTIONS: Functions = {
  formatNumber: define(3, '<n-so?:s>', ([value, picture, options]) =>
    typeof value === 'number' && typeof picture === 'string'
      ? formatNumber(value, picture, formatOf(options))
      : undefined,
  ),
};
