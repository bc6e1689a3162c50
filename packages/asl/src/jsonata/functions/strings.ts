import type { Quick } from '../fn.ts';
import { SLOW } from '../fn.ts';
import { BoundExceeded } from '../jsonata-error.ts';
import { STRING_LENGTH_MAX } from '../limits.ts';
import { toText } from '../to-text.ts';
import type { Value, ValueArray } from '../value.ts';
import { isArrayValue } from '../value.ts';
import type { Functions } from './define.ts';
import { define } from './define.ts';

/** `run` on a text; undefined gives undefined. */
function onText(run: (text: string) => Value): (args: readonly Value[]) => Value {
  return ([text]) => (typeof text === 'string' ? run(text) : undefined);
}

/** Counts code points, not UTF-16 units. */
function lengthOf(text: string): number {
  return Array.from(text).length;
}

function substring(text: string, start: number, length: Value): string {
  const characters = Array.from(text);
  const from = characters.length + start < 0 ? 0 : start;
  if (typeof length !== 'number') return characters.slice(from).join('');
  if (length <= 0) return '';
  const to = from >= 0 ? from + length : characters.length + from + length;
  return characters.slice(from, to).join('');
}

function before(text: string, mark: Value): string {
  const at = typeof mark === 'string' ? text.indexOf(mark) : -1;
  return at < 0 ? text : text.slice(0, at);
}

function after(text: string, mark: Value): string {
  const at = typeof mark === 'string' ? text.indexOf(mark) : -1;
  return at < 0 || typeof mark !== 'string' ? text : text.slice(at + mark.length);
}

function trim(text: string): string {
  return text
    .replaceAll(/[ \t\n\r]+/g, ' ')
    .replace(/^ /, '')
    .replace(/ $/, '');
}

function pad(text: string, width: Value, filler: Value): string {
  if (typeof width !== 'number') return text;
  const wanted = Math.trunc(width);
  const missing = Math.abs(wanted) - lengthOf(text);
  if (missing <= 0) return text;
  if (missing > STRING_LENGTH_MAX) throw new BoundExceeded('memory');
  const unit = Array.from(typeof filler === 'string' && filler !== '' ? filler : ' ');
  let padding = '';
  for (let count = 0; count < missing; count++) padding += unit[count % unit.length] ?? '';
  return wanted > 0 ? text + padding : padding + text;
}

/** The signature has made sure that all are texts. */
function texts(parts: ValueArray): string[] {
  const list: string[] = [];
  for (const part of parts) if (typeof part === 'string') list.push(part);
  return list;
}

function join(parts: Value, separator: Value): Value {
  if (!isArrayValue(parts)) return undefined;
  const text = texts(parts).join(typeof separator === 'string' ? separator : '');
  if (text.length > STRING_LENGTH_MAX) throw new BoundExceeded('memory');
  return text;
}

const quickString: Quick = (value, pretty) => {
  if (pretty !== undefined) return SLOW;
  if (typeof value === 'string') return value;
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value === 0 ? 0 : value) : SLOW;
};

/** The signature's check and the joining in one loop. */
const quickJoin: Quick = (parts, separator) => {
  if (!isArrayValue(parts) || (separator !== undefined && typeof separator !== 'string')) return SLOW;
  let text = '';
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at];
    if (typeof part !== 'string') return SLOW;
    text = at === 0 ? part : text + (separator ?? '') + part;
  }
  return text.length > STRING_LENGTH_MAX ? SLOW : text;
};

export const STRING_FUNCTIONS: Functions = {
  string: define(1, '<x-b?:s>', ([value, pretty]) => toText(value, pretty === true ? 2 : 0), quickString),
  substring: define(3, '<s-nn?:s>', ([text, start, length]) =>
    typeof text === 'string' && typeof start === 'number' ? substring(text, start, length) : undefined,
  ),
  substringBefore: define(2, '<s-s:s>', ([text, mark]) =>
    typeof text === 'string' ? before(text, mark) : undefined,
  ),
  substringAfter: define(2, '<s-s:s>', ([text, mark]) =>
    typeof text === 'string' ? after(text, mark) : undefined,
  ),
  lowercase: define(
    1,
    '<s-:s>',
    onText((text) => text.toLowerCase()),
  ),
  uppercase: define(
    1,
    '<s-:s>',
    onText((text) => text.toUpperCase()),
  ),
  length: define(
    1,
    '<s-:n>',
    onText((text) => lengthOf(text)),
  ),
  trim: define(1, '<s-:s>', onText(trim)),
  pad: define(3, '<s-ns?:s>', ([text, width, filler]) =>
    typeof text === 'string' ? pad(text, width, filler) : undefined,
  ),
  join: define(2, '<a<s>s?:s>', ([parts, separator]) => join(parts, separator), quickJoin),
};
