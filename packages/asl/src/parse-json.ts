import type { Json, JsonArray, JsonObject } from './json.ts';
import { isArray } from './json.ts';

/** Deepest nesting that JSON in a text may have: what Jackson, which AWS reads JSON with, accepts by default. */
export const NESTING_MAX = 1000;

/** Parses JSON data; undefined when the text is not JSON. Negative zero becomes zero, as AWS gives it (recorded). */
export function parseJson(text: string): Json | undefined {
  try {
    const value: Json = hasNegativeZero(text) ? JSON.parse(text, withoutNegativeZero) : JSON.parse(text);
    return isShallow(text, value) || !nestsTooDeep(text) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether it can be told without reading the text letter by letter that nothing in it nests too deep: all that is opened in it must
 * be in the value. Brackets within strings, and members that a later one of the same name has replaced, are not.
 */
function isShallow(text: string, value: Json): boolean {
  if (text.length <= NESTING_MAX) return true;
  if (typeof value !== 'object' || value === null) return false;
  return countContainers(value, 1) === countOf(text, '{') + countOf(text, '[');
}

/** The arrays and objects of a value; not a number when they nest too deep. */
function countContainers(value: JsonArray | JsonObject, depth: number): number {
  if (depth > NESTING_MAX) return Number.NaN;
  let count = 1;
  if (isArray(value)) {
    for (const item of value)
      if (typeof item === 'object' && item !== null) count += countContainers(item, depth + 1);
    return count;
  }
  // Plain JSON has no enumerable members but its own.
  for (const name in value) {
    const member = value[name];
    if (typeof member === 'object' && member !== null) count += countContainers(member, depth + 1);
  }
  return count;
}

function countOf(text: string, character: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at + 1)) count++;
  return count;
}

/** Whether a number may begin with `-0` somewhere: a dash within a word (`SKU-0`) is not worth the slower way. */
function hasNegativeZero(text: string): boolean {
  for (let at = text.indexOf('-0'); at !== -1; at = text.indexOf('-0', at + 1)) {
    if (at === 0 || ' \t\r\n:,['.includes(text.charAt(at - 1))) return true;
  }
  return false;
}

function withoutNegativeZero(_key: string, value: Json): Json {
  return value === 0 ? 0 : value;
}

function nestsTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === QUOTE) at = endOfString(text, at);
    else if (character === OPEN_BRACKET || character === OPEN_BRACE) {
      if (++depth > NESTING_MAX) return true;
    } else if (character === CLOSE_BRACKET || character === CLOSE_BRACE) depth--;
  }
  return false;
}

/** Where the string that begins at `start` has its closing quote; the end of a text that has none. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let first = at;
    while (text.charCodeAt(first - 1) === BACKSLASH) first--;
    if ((at - first) % 2 === 0) return at;
  }
  return text.length;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
