import type { Json } from './json.ts';

/** Deepest nesting that JSON in a text may have: what Jackson, which AWS reads JSON with, accepts by default. */
export const NESTING_MAX = 1000;

/** Parses JSON data; undefined when the text is not JSON. Negative zero becomes zero, as AWS gives it (recorded). */
export function parseJson(text: string): Json | undefined {
  if (nestsTooDeep(text)) return undefined;
  try {
    const value: Json = text.includes('-0') ? JSON.parse(text, withoutNegativeZero) : JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

function withoutNegativeZero(_key: string, value: Json): Json {
  return value === 0 ? 0 : value;
}

function nestsTooDeep(text: string): boolean {
  if (text.length <= NESTING_MAX) return false;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '[' || character === '{') {
      if (++depth > NESTING_MAX) return true;
    } else if (character === ']' || character === '}') depth--;
  }
  return false;
}
