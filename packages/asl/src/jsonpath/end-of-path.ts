import type { Cursor } from './cursor.ts';

/**
 * Where the path at the cursor ends inside a larger text: before a closing bracket that it did not open, or before one of
 * `stops`, both outside quotes and brackets.
 */
export function endOfPath(cursor: Cursor, stops: string): number {
  const open: string[] = [];
  let quote = '';
  for (let at = cursor.position; at < cursor.end; at++) {
    const character = cursor.text[at] ?? '';
    if (quote !== '') {
      if (character === '\\') at++;
      else if (character === quote) quote = '';
    } else if ((character === "'" || character === '"') && open.length > 0) {
      quote = character;
    } else if (character === '(' || character === '[') {
      open.push(character);
    } else if (character === ')' || character === ']') {
      if (open.pop() === undefined) return at;
    } else if (open.length === 0 && stops.includes(character)) {
      return at;
    }
  }
  return cursor.end;
}
