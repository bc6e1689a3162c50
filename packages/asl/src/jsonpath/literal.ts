import type { Json } from '../json.ts';
import type { Cursor } from './cursor.ts';
import { PATH_DEPTH_MAX } from './limits.ts';

/** A literal at the cursor: a string in either quote, a number, true, false, null, or a JSON array or object. */
export function literalIn(cursor: Cursor): Json {
  const next = cursor.peek();
  if (next === "'" || next === '"') return cursor.quoted();
  if (next === '[') return readArray(cursor, 0);
  if (next === '{') return readObject(cursor, 0);
  return readScalar(cursor);
}

function readScalar(cursor: Cursor): Json {
  const word = /-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|true|false|null/y;
  word.lastIndex = cursor.position;
  const found = word.exec(cursor.text)?.[0] ?? '';
  if (found === '') cursor.fail('expected a value');
  cursor.position += found.length;
  if (found === 'true' || found === 'false') return found === 'true';
  return found === 'null' ? null : Number(found);
}

function readArray(cursor: Cursor, depth: number): Json {
  if (depth > PATH_DEPTH_MAX) cursor.fail('a literal nests too deep');
  const items: Json[] = [];
  cursor.expect('[');
  for (;;) {
    cursor.skipBlanks();
    if (cursor.take(']')) return items;
    if (items.length > 0) {
      cursor.expect(',');
      cursor.skipBlanks();
    }
    items.push(readNested(cursor, depth + 1));
  }
}

function readObject(cursor: Cursor, depth: number): Json {
  if (depth > PATH_DEPTH_MAX) cursor.fail('a literal nests too deep');
  const entries: [string, Json][] = [];
  cursor.expect('{');
  for (;;) {
    cursor.skipBlanks();
    if (cursor.take('}')) return Object.fromEntries(entries);
    if (entries.length > 0) {
      cursor.expect(',');
      cursor.skipBlanks();
    }
    if (cursor.peek() !== '"' && cursor.peek() !== "'") cursor.fail('expected a quoted name');
    const name = cursor.quoted();
    cursor.skipBlanks();
    cursor.expect(':');
    cursor.skipBlanks();
    entries.push([name, readNested(cursor, depth + 1)]);
  }
}

function readNested(cursor: Cursor, depth: number): Json {
  if (cursor.peek() === '[') return readArray(cursor, depth);
  return cursor.peek() === '{' ? readObject(cursor, depth) : literalIn(cursor);
}
