import { Cursor } from '../jsonpath/cursor.ts';
import { endOfPath } from '../jsonpath/end-of-path.ts';
import { ExpressionSyntaxError } from '../expression-syntax-error.ts';
import type { Json } from '../json.ts';

/** Calls inside calls that AWS accepts: ten levels ("up to 10 intrinsic functions can be nested"). */
export const NESTED_CALLS_MAX = 10;
/** Longest call accepted, in UTF-16 code units. */
const CALL_LENGTH_MAX = 65_536;

export type Argument =
  | { readonly kind: 'literal'; readonly value: Json }
  /** A string literal for States.Format: its escapes of braces are still in it. */
  | { readonly kind: 'text'; readonly value: string; readonly template: string }
  | { readonly kind: 'path'; readonly text: string; readonly offset: number }
  | Call;

export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Argument[];
  /** The call as written, for error texts. */
  readonly text: string;
  readonly offset: number;
}

/** True for a text that is meant as an intrinsic call: `States.Name(`. */
export function isIntrinsic(text: string): boolean {
  return /^\s*States\.[A-Za-z0-9]+\s*\(/.test(text);
}

/** Parses a whole text as one call. Throws ExpressionSyntaxError. */
export function parseIntrinsic(text: string): Call {
  const cursor = new Cursor(text);
  if (text.length > CALL_LENGTH_MAX) cursor.fail(`a call is longer than ${CALL_LENGTH_MAX} characters`);
  cursor.skipBlanks();
  const call = readCall(cursor, 1);
  cursor.skipBlanks();
  if (!cursor.atEnd) cursor.fail('unexpected text after the call');
  return call;
}

function readCall(cursor: Cursor, depth: number): Call {
  const offset = cursor.position;
  if (depth > NESTED_CALLS_MAX) cursor.fail(`calls nest deeper than ${NESTED_CALLS_MAX} levels`);
  const word = /States\.[A-Za-z0-9]+/y;
  word.lastIndex = offset;
  const name = word.exec(cursor.text)?.[0] ?? '';
  if (name === '') cursor.fail("expected a call 'States.…(…)'");
  cursor.position += name.length;
  cursor.skipBlanks();
  cursor.expect('(');
  const args: Argument[] = [];
  cursor.skipBlanks();
  if (!cursor.take(')')) {
    do {
      cursor.skipBlanks();
      args.push(readArgument(cursor, depth));
      cursor.skipBlanks();
    } while (cursor.take(','));
    cursor.expect(')');
  }
  return { kind: 'call', name, args, text: cursor.text.slice(offset, cursor.position), offset };
}

function readArgument(cursor: Cursor, depth: number): Argument {
  const next = cursor.peek();
  if (next === "'") return readText(cursor);
  if (next === '$') {
    const offset = cursor.position;
    cursor.position = endOfPath(cursor, ',');
    return { kind: 'path', text: cursor.text.slice(offset, cursor.position).trimEnd(), offset };
  }
  if (next === 'S') return readCall(cursor, depth + 1);
  const word = /-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?(?=[\s,)])|true\b|false\b|null\b/y;
  word.lastIndex = cursor.position;
  const found = word.exec(cursor.text)?.[0] ?? '';
  if (found === '')
    cursor.fail('expected a string in single quotes, a number, true, false, null, a path or a call');
  cursor.position += found.length;
  if (found === 'true' || found === 'false') return { kind: 'literal', value: found === 'true' };
  return { kind: 'literal', value: found === 'null' ? null : Number(found) };
}

/** A string in single quotes: `\'`, `\\`, `\{` and `\}` stand for the character, any other backslash for itself. */
function readText(cursor: Cursor): Argument {
  const start = cursor.position;
  cursor.expect("'");
  let value = '';
  let template = '';
  for (;;) {
    if (cursor.atEnd) throw new ExpressionSyntaxError(`a string is not closed in '${cursor.text}'`, start);
    const character = cursor.peek();
    cursor.position++;
    if (character === "'") return { kind: 'text', value, template };
    const escaped = character === '\\' ? cursor.peek() : '';
    if (escaped === "'" || escaped === '\\' || escaped === '{' || escaped === '}') {
      cursor.position++;
      value += escaped;
      template += escaped === "'" ? escaped : `\\${escaped}`;
    } else {
      value += character;
      template += character === '\\' ? '\\\\' : character;
    }
  }
}
