import type { FilterNode, FilterOperator, Operand, PathAst } from './ast.ts';
import { isFilterOperator } from './ast.ts';
import { Cursor } from './cursor.ts';
import { PATH_DEPTH_MAX } from './limits.ts';
import { literalIn } from './literal.ts';

/** Reads a path up to the cursor's end: handed in, because paths hold filters and filters hold paths. */
export type PathReader = (cursor: Cursor, depth: number) => PathAst;

/** Reads `( condition )`, the part of a filter after `?`. */
export function parseFilter(cursor: Cursor, depth: number, readPath: PathReader): FilterNode {
  cursor.skipBlanks();
  cursor.expect('(');
  const condition = readOr(cursor, depth, readPath);
  cursor.skipBlanks();
  cursor.expect(')');
  return condition;
}

function readOr(cursor: Cursor, depth: number, readPath: PathReader): FilterNode {
  let left = readAnd(cursor, depth, readPath);
  for (;;) {
    cursor.skipBlanks();
    if (!cursor.take('||')) return left;
    left = { kind: 'or', left, right: readAnd(cursor, depth, readPath) };
  }
}

function readAnd(cursor: Cursor, depth: number, readPath: PathReader): FilterNode {
  let left = readOperandOfAnd(cursor, depth, readPath);
  for (;;) {
    cursor.skipBlanks();
    if (!cursor.take('&&')) return left;
    left = { kind: 'and', left, right: readOperandOfAnd(cursor, depth, readPath) };
  }
}

function readOperandOfAnd(cursor: Cursor, depth: number, readPath: PathReader): FilterNode {
  if (depth > PATH_DEPTH_MAX) cursor.fail(`a filter nests deeper than ${PATH_DEPTH_MAX} levels`);
  cursor.skipBlanks();
  if (cursor.peek() === '!') {
    const start = cursor.position;
    cursor.position++;
    cursor.skipBlanks();
    // `!@.a` is the negated existence of a path; `!(...)` negates a condition.
    if (cursor.peek() !== '@' && cursor.peek() !== '$') {
      return { kind: 'not', operand: readOperandOfAnd(cursor, depth + 1, readPath) };
    }
    cursor.position = start;
  }
  if (cursor.take('(')) {
    const inner = readOr(cursor, depth + 1, readPath);
    cursor.skipBlanks();
    cursor.expect(')');
    return inner;
  }
  return readExpression(cursor, depth, readPath);
}

function readExpression(cursor: Cursor, depth: number, readPath: PathReader): FilterNode {
  const start = cursor.position;
  const wanted = !cursor.take('!');
  cursor.skipBlanks();
  const left = readOperand(cursor, depth, readPath);
  const after = cursor.position;
  const operator = wanted ? readOperator(cursor) : undefined;
  if (operator !== undefined) {
    return { kind: 'compare', operator, left, right: readOperand(cursor, depth, readPath) };
  }
  cursor.position = after;
  if (left.kind !== 'path') cursor.fail('expected a comparison or a path', start);
  return { kind: 'exists', path: left.path, wanted };
}

function readOperator(cursor: Cursor): FilterOperator | undefined {
  cursor.skipBlanks();
  const symbol = /[<>=~!]+|[A-Za-z]+/y;
  symbol.lastIndex = cursor.position;
  const found = symbol.exec(cursor.text)?.[0] ?? '';
  const operator = found.toUpperCase();
  if (found === '' || !isFilterOperator(operator)) return undefined;
  cursor.position += found.length;
  return operator;
}

function readOperand(cursor: Cursor, depth: number, readPath: PathReader): Operand {
  cursor.skipBlanks();
  const next = cursor.peek();
  if (next === '@' || next === '$') return { kind: 'path', path: readFilterPath(cursor, depth, readPath) };
  if (next === '/') return readRegex(cursor);
  return { kind: 'literal', value: literalIn(cursor) };
}

/** A path in a filter ends at a blank, an operator or the bracket that closes the filter. */
function readFilterPath(cursor: Cursor, depth: number, readPath: PathReader): PathAst {
  const open: string[] = [];
  let quote = '';
  let at = cursor.position;
  for (; at < cursor.end; at++) {
    const character = cursor.text[at] ?? '';
    if (quote !== '') {
      if (character === '\\') at++;
      else if (character === quote) quote = '';
    } else if (open.length > 0 && (character === "'" || character === '"')) {
      quote = character;
    } else if (character === '[' || character === '(') {
      open.push(character);
    } else if (character === ']' || character === ')') {
      if (open.pop() === undefined) break;
    } else if (open.length === 0) {
      if (' <>=~!\t\n\r,'.includes(character)) break;
      if (cursor.text.startsWith('&&', at) || cursor.text.startsWith('||', at)) break;
      if (character === '/') cursor.fail("unexpected '/'", at);
    }
  }
  const path = readPath(new Cursor(cursor.text, cursor.position, at), depth + 1);
  cursor.position = at;
  return path;
}

function readRegex(cursor: Cursor): Operand {
  const start = cursor.position;
  cursor.position++;
  let source = '';
  while (cursor.peek() !== '/') {
    if (cursor.atEnd) cursor.fail('a regular expression is not closed', start);
    // A slash in the expression is escaped; RE2 has no need of the backslash.
    if (cursor.peek() === '\\' && cursor.peek(1) === '/') cursor.position++;
    else if (cursor.peek() === '\\') {
      source += '\\';
      cursor.position++;
    }
    source += cursor.peek();
    cursor.position++;
  }
  cursor.position++;
  const flags = /[a-zA-Z]*/y;
  flags.lastIndex = cursor.position;
  const found = flags.exec(cursor.text)?.[0] ?? '';
  cursor.position += found.length;
  return { kind: 'regex', source, flags: found };
}
