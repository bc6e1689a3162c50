import type { Json } from './json.ts';

/** Parses JSON data; undefined when the text is not JSON. Negative zero becomes zero, as AWS gives it (recorded). */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text, (_key, value: Json) => (value === 0 ? 0 : value)) as Json;
  } catch {
    return undefined;
  }
}
