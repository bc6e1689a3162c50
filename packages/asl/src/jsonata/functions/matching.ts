import { apply } from '../apply.ts';
import type { Focus } from '../fn.ts';
import { Fn } from '../fn.ts';
import { BoundExceeded, JsonataError } from '../jsonata-error.ts';
import { STRING_LENGTH_MAX } from '../limits.ts';
import { isObjectValue } from '../operations.ts';
import type { Value, ValueArray } from '../value.ts';
import { add, isArrayValue, Made, newList, newSequence } from '../value.ts';
import type { Functions } from './define.ts';
import { define } from './define.ts';

/** What a matcher found: a regular expression's own matcher, or any function that gives an object of this shape. */
interface Match {
  readonly match: string;
  readonly start: number;
  readonly end: number;
  readonly groups: ValueArray;
  readonly next: Value;
  /** The object itself, which a replacing function gets. */
  readonly value: Value;
}

/** Calls a matcher; undefined when it finds nothing. T1010 when it gives something else than a match. */
function matchOf(matcher: Value, args: readonly Value[], focus: Focus): Match | undefined {
  const value = apply(matcher, args, null, focus.frame);
  if (value === undefined || value === null) return undefined;
  if (!isObjectValue(value)) throw new JsonataError('T1010');
  const { match, start, end, groups, next } = value;
  if (
    typeof match !== 'string' ||
    typeof start !== 'number' ||
    typeof end !== 'number' ||
    !(next instanceof Fn)
  ) {
    throw new JsonataError('T1010');
  }
  return { match, start, end, groups: isArrayValue(groups) ? groups : [], next, value };
}

/** All matches in a text, at most `limit` of them. */
function* matches(text: string, matcher: Value, limit: number, focus: Focus): Generator<Match> {
  let found = limit > 0 ? matchOf(matcher, [text], focus) : undefined;
  for (let count = 0; found !== undefined && count < limit; count++) {
    yield found;
    found = matchOf(found.next, [], focus);
  }
}

function limitOf(limit: Value, code: string, index: number): number {
  if (typeof limit !== 'number') return Infinity;
  if (limit < 0) throw new JsonataError(code, { value: limit, index });
  return limit;
}

function contains(text: Value, token: Value, focus: Focus): Value {
  if (typeof text !== 'string' || token === undefined) return undefined;
  if (typeof token === 'string') return text.includes(token);
  return matchOf(token, [text], focus) !== undefined;
}

function matchAll(text: Value, matcher: Value, limit: Value, focus: Focus): Value {
  if (typeof text !== 'string') return undefined;
  const found = newSequence();
  for (const { match, start, groups } of matches(text, matcher, limitOf(limit, 'D3040', 3), focus)) {
    const entry = new Made();
    entry['match'] = match;
    entry['index'] = start;
    entry['groups'] = groups;
    add(found, entry);
  }
  return found;
}

function split(text: Value, separator: Value, limit: Value, focus: Focus): Value {
  if (typeof text !== 'string') return undefined;
  const most = limitOf(limit, 'D3020', 3);
  const parts = newList();
  if (typeof separator === 'string') {
    for (const part of text.split(separator, most === Infinity ? undefined : most)) add(parts, part);
    return parts;
  }
  let start = 0;
  let count = 0;
  for (const match of matches(text, separator, most, focus)) {
    add(parts, text.slice(start, match.start));
    start = match.end;
    count++;
  }
  if (count < most) add(parts, text.slice(start));
  return parts;
}

function replace(args: readonly Value[], focus: Focus): Value {
  const [text, pattern, replacement, limit] = args;
  if (typeof text !== 'string') return undefined;
  if (pattern === '') throw new JsonataError('D3010', { value: pattern, index: 2 });
  const most = limitOf(limit, 'D3011', 4);
  const result =
    typeof pattern === 'string'
      ? replaceText(text, pattern, replacement, most)
      : replaceMatches(text, pattern, replacement, most, focus);
  if (result.length > STRING_LENGTH_MAX) throw new BoundExceeded('memory');
  return result;
}

function replaceText(text: string, pattern: string, replacement: Value, limit: number): string {
  // A function in place of the text is not called for a plain pattern: the package prints it.
  const by = typeof replacement === 'string' ? replacement : '';
  let result = '';
  let position = 0;
  let at = text.indexOf(pattern);
  for (let count = 0; at >= 0 && count < limit; count++) {
    result += text.slice(position, at) + by;
    if (result.length > STRING_LENGTH_MAX) throw new BoundExceeded('memory');
    position = at + pattern.length;
    at = text.indexOf(pattern, position);
  }
  return result + text.slice(position);
}

function replaceMatches(
  text: string,
  matcher: Value,
  replacement: Value,
  limit: number,
  focus: Focus,
): string {
  let result = '';
  let position = 0;
  for (const match of matches(text, matcher, limit, focus)) {
    const by =
      typeof replacement === 'string'
        ? substitute(replacement, match)
        : apply(replacement, [match.value], null, focus.frame);
    if (typeof by !== 'string') throw new JsonataError('D3012', { value: by });
    result += text.slice(position, match.start) + by;
    if (result.length > STRING_LENGTH_MAX) throw new BoundExceeded('memory');
    position = match.start + match.match.length;
  }
  return result + text.slice(position);
}

/** Puts the groups in: `$0` is the whole match, `$1` the first group, `$$` a dollar; other dollars stand for themselves. */
function substitute(template: string, match: Match): string {
  let result = '';
  let position = 0;
  for (let at = template.indexOf('$'); at >= 0; at = template.indexOf('$', position)) {
    result += template.slice(position, at);
    position = at + 1;
    const next = template[position];
    if (next === '$' || next === '0') {
      result += next === '$' ? '$' : match.match;
      position++;
    } else {
      const group = groupAt(template, position, match.groups.length);
      if (group === undefined) {
        result += '$';
      } else {
        const value = match.groups[group - 1];
        if (typeof value === 'string') result += value;
        position += String(group).length;
      }
    }
  }
  return result + template.slice(position);
}

/** The number of a group at a position: as many digits as the number of groups has, one less if that is too large. */
function groupAt(template: string, position: number, groups: number): number | undefined {
  const digits = groups === 0 ? 1 : Math.floor(Math.log10(groups)) + 1;
  let group = Number.parseInt(template.slice(position, position + digits), 10);
  if (digits > 1 && group > groups)
    group = Number.parseInt(template.slice(position, position + digits - 1), 10);
  return Number.isNaN(group) ? undefined : group;
}

export const MATCHING_FUNCTIONS: Functions = {
  contains: define(2, '<s-(sf):b>', ([text, token], focus) => contains(text, token, focus)),
  match: define(3, '<s-f<s:o>n?:a<o>>', ([text, matcher, limit], focus) =>
    matchAll(text, matcher, limit, focus),
  ),
  split: define(3, '<s-(sf)n?:a<s>>', ([text, separator, limit], focus) =>
    split(text, separator, limit, focus),
  ),
  replace: define(4, '<s-(sf)(sf)n?:s>', replace),
};
