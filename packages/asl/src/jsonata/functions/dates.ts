import { JsonataError } from '../jsonata-error.ts';
import { formatDate } from '../pictures/format-date.ts';
import { formatInteger, integerPictureOf, integerReader } from '../pictures/format-integer.ts';
import { parseDate } from '../pictures/parse-date.ts';
import type { Value } from '../value.ts';
import type { Functions } from './define.ts';
import { define } from './define.ts';

const ISO_8601 = /^\d{4}(-[01]\d)?(-[0-3]\d)?(T[0-2]\d:[0-5]\d:[0-5]\d)?(\.\d+)?([+-][0-2]\d:?[0-5]\d|Z)?$/;

const optional = (value: Value): string | undefined => (typeof value === 'string' ? value : undefined);

function toMillis(text: Value, picture: Value, nowMs: number): Value {
  if (typeof text !== 'string') return undefined;
  if (typeof picture === 'string') return parseDate(text, picture, nowMs);
  if (!ISO_8601.test(text)) throw new JsonataError('D3110', { value: text });
  // A time without a zone is UTC: Date.parse would take the machine's own.
  const epochMs = Date.parse(text.includes('T') && !/(?:Z|[+-]\d{2}:?\d{2})$/.test(text) ? `${text}Z` : text);
  if (Number.isNaN(epochMs)) throw new JsonataError('D3110', { value: text });
  return epochMs;
}

export const DATE_FUNCTIONS: Functions = {
  now: define(2, '<s?s?:s>', ([picture, timezone], focus) =>
    formatDate(focus.frame.run.environment.nowMs, optional(picture), optional(timezone)),
  ),
  millis: define(0, '<:n>', (_args, focus) => focus.frame.run.environment.nowMs),
  toMillis: define(2, '<s-s?:n>', ([text, picture], focus) =>
    toMillis(text, picture, focus.frame.run.environment.nowMs),
  ),
  fromMillis: define(3, '<n-s?s?:s>', ([epochMs, picture, timezone]) =>
    typeof epochMs === 'number' ? formatDate(epochMs, optional(picture), optional(timezone)) : undefined,
  ),
  formatInteger: define(2, '<n-s:s>', ([value, picture]) =>
    typeof value === 'number' && typeof picture === 'string'
      ? formatInteger(Math.floor(value), integerPictureOf(picture))
      : undefined,
  ),
  parseInteger: define(2, '<s-s:n>', ([text, picture]) =>
    typeof text === 'string' && typeof picture === 'string'
      ? integerReader(integerPictureOf(picture)).read(text)
      : undefined,
  ),
};
