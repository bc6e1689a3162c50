import type { FunctionArgument, PathAst, PathRoot, Segment } from './ast.ts';
import { Cursor } from './cursor.ts';
import { endOfPath } from './end-of-path.ts';
import { PATH_DEPTH_MAX, PATH_LENGTH_MAX } from './limits.ts';
import { literalIn } from './literal.ts';
import { parseFilter } from './parse-filter.ts';
import { FUNCTION_NAMES } from './functions.ts';

/** Parses a whole text as one path. Throws ExpressionSyntaxError. */
export function parsePath(text: string): PathAst {
  // Jayway trims a path before it reads it, and published definitions rely on it.
  const cursor = new Cursor(text.trimEnd());
  if (text.length > PATH_LENGTH_MAX) cursor.fail(`a path is longer than ${PATH_LENGTH_MAX} characters`);
  if (cursor.peek() !== '$') cursor.fail("a path starts with '$'");
  const path = readPath(cursor, 0);
  if (!cursor.atEnd) cursor.fail('unexpected text after the path');
  return path;
}

/** Reads a path up to the cursor's end. */
export function readPath(cursor: Cursor, depth: number): PathAst {
  if (depth > PATH_DEPTH_MAX) cursor.fail(`a path nests deeper than ${PATH_DEPTH_MAX} levels`);
  const start = cursor.position;
  const root = readRoot(cursor);
  const segments: Segment[] = [];
  if (!cursor.atEnd && cursor.peek() !== '.' && cursor.peek() !== '[') cursor.fail("expected '.' or '['");
  while (!cursor.atEnd) readSegment(cursor, segments, depth);
  if (segments.at(-1)?.kind === 'scan') cursor.fail("a path cannot end with '..'");
  return { text: cursor.text.slice(start, cursor.end), root, segments };
}

function readRoot(cursor: Cursor): PathRoot {
  if (cursor.take('@')) return { kind: 'item' };
  cursor.expect('$');
  if (cursor.take('$')) return { kind: 'context' };
  const name = /[\p{ID_Start}_][\p{ID_Continue}]*/uy;
  name.lastIndex = cursor.position;
  const found = name.exec(cursor.text)?.[0] ?? '';
  if (found === '' || cursor.position + found.length > cursor.end) return { kind: 'document' };
  cursor.position += found.length;
  return { kind: 'variable', name: found };
}

function readSegment(cursor: Cursor, segments: Segment[], depth: number): void {
  if (cursor.take('..')) {
    segments.push({ kind: 'scan' });
    if (cursor.atEnd) cursor.fail("a path cannot end with '..'");
    if (cursor.peek() === '.') cursor.fail("unexpected '.'");
  } else if (cursor.take('.')) {
    if (cursor.atEnd) cursor.fail("a path cannot end with '.'");
    if (cursor.peek() === '.') cursor.fail("unexpected '.'");
  }
  if (cursor.peek() === '[') {
    segments.push(readBracket(cursor, depth));
  } else if (cursor.take('*')) {
    segments.push({ kind: 'wildcard' });
  } else {
    segments.push(readDotName(cursor, depth));
  }
}

/** A name after a dot goes on to the next `.`, `[` or `(`; anything but a blank may be in it (Jayway). */
function readDotName(cursor: Cursor, depth: number): Segment {
  const start = cursor.position;
  while (!cursor.atEnd && !'.[( '.includes(cursor.peek())) cursor.position++;
  if (cursor.peek() === ' ') cursor.fail("a name with a blank needs brackets: ['my name']");
  const name = cursor.text.slice(start, cursor.position);
  if (name === '') cursor.fail('expected a name');
  if (!cursor.take('(')) return { kind: 'properties', names: [name] };
  if (!FUNCTION_NAMES.has(name)) cursor.fail(`there is no path function '${name}'`, start);
  return { kind: 'function', name, args: readArguments(cursor, depth) };
}

function readArguments(cursor: Cursor, depth: number): FunctionArgument[] {
  const args: FunctionArgument[] = [];
  cursor.skipBlanks();
  if (cursor.take(')')) return args;
  for (;;) {
    cursor.skipBlanks();
    args.push(readArgument(cursor, depth));
    cursor.skipBlanks();
    if (cursor.take(')')) return args;
    cursor.expect(',');
  }
}

function readArgument(cursor: Cursor, depth: number): FunctionArgument {
  if (cursor.peek() !== '$' && cursor.peek() !== '@') return { kind: 'literal', value: literalIn(cursor) };
  const end = endOfPath(cursor, ',');
  const inner = new Cursor(cursor.text, cursor.position, end);
  const path = readPath(inner, depth + 1);
  cursor.position = end;
  return { kind: 'path', path };
}

function readBracket(cursor: Cursor, depth: number): Segment {
  cursor.expect('[');
  cursor.skipBlanks();
  const next = cursor.peek();
  let segment: Segment;
  if (next === "'" || next === '"') {
    segment = { kind: 'properties', names: readNames(cursor, next) };
  } else if (cursor.take('*')) {
    segment = { kind: 'wildcard' };
  } else if (cursor.take('?')) {
    segment = { kind: 'filter', condition: parseFilter(cursor, depth + 1, readPath) };
  } else {
    segment = readIndexes(cursor);
  }
  cursor.skipBlanks();
  cursor.expect(']');
  return segment;
}

function readNames(cursor: Cursor, quote: string): string[] {
  const names: string[] = [];
  for (;;) {
    cursor.skipBlanks();
    if (cursor.peek() !== quote) cursor.fail('expected a quoted name');
    names.push(cursor.quotedName());
    cursor.skipBlanks();
    if (!cursor.take(',')) return names;
  }
}

/** `0`, `-1`, `0,2` or a slice `1:3`, `1:`, `:3`; a third number after a second colon is read and ignored, as Jayway does. */
function readIndexes(cursor: Cursor): Segment {
  const start = cursor.position;
  while (/[-0-9:, ]/.test(cursor.peek())) cursor.position++;
  const body = cursor.text.slice(start, cursor.position);
  if (body.trim() === '') cursor.fail("expected a name in quotes, an index, a slice, '*' or '?'", start);
  if (body.includes(':')) {
    if (body.includes(',')) cursor.fail('a slice cannot stand in a list', start);
    const [from, to] = body.split(':', 3).map((part) => integer(cursor, part, start, true));
    if (from === undefined && to === undefined) cursor.fail('a slice needs a start or an end', start);
    return { kind: 'slice', from, to };
  }
  const indexes = body.split(',').map((part) => integer(cursor, part, start, false) ?? 0);
  return { kind: 'indexes', indexes };
}

function integer(cursor: Cursor, text: string, offset: number, mayBeEmpty: boolean): number | undefined {
  const trimmed = text.trim();
  if (trimmed === '' && mayBeEmpty) return undefined;
  if (!/^-?[0-9]+$/.test(trimmed)) cursor.fail(`'${trimmed}' is not an index`, offset);
  const value = Number(trimmed);
  if (value > 2_147_483_647 || value < -2_147_483_648)
    cursor.fail(`index ${trimmed} is out of range`, offset);
  return value;
}
