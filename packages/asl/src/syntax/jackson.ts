/**
 * The first place at which a text is no JSON, in the words of Jackson, the JSON library that AWS uses (one recording,
 * `api_validation/*not-a-definition-not-a-def*`, shows the form; the other texts are the library's own, version 2).
 */
export interface JacksonError {
  readonly message: string;
  /** What the library had read when it noticed: one past the character or word at fault. */
  readonly offset: number;
}

type Expected = 'value' | 'first' | 'name' | 'firstName' | 'colon' | 'comma';

interface Open {
  readonly kind: 'Object' | 'Array';
  readonly start: number;
}

const VALUES = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/uy;
const WORD = /[A-Za-z_$][\w$]*/uy;
const SPACE = /[ \t\r\n]*/uy;

/** undefined: nothing that the library minds. `source`: how it names a place. */
export function jacksonError(text: string, source: (offset: number) => string): JacksonError | undefined {
  const open: Open[] = [];
  let expected: Expected = 'value';
  let at = 0;
  for (;;) {
    at = endOf(SPACE, text, at) ?? at;
    const top = open.at(-1);
    if (at >= text.length) return endOfInput(text, top, expected, source);
    const char = text.charAt(at);
    if (closes(char, expected)) {
      if (top?.kind !== (char === '}' ? 'Object' : 'Array')) return mismatch(char, at, top, source);
      open.pop();
      expected = 'comma';
      at += 1;
    } else if (expected === 'comma' || expected === 'colon') {
      if (top === undefined) return undefined;
      if (char !== (expected === 'comma' ? ',' : ':')) return unexpected(text, at, separator(expected, top));
      expected = expected === 'comma' && top.kind === 'Object' ? 'name' : 'value';
      at += 1;
    } else if (expected === 'name' || expected === 'firstName') {
      if (char !== '"') return unexpected(text, at, 'was expecting double-quote to start field name');
      const end = stringEnd(text, at, true);
      if (typeof end !== 'number') return end;
      expected = 'colon';
      at = end;
    } else if (char === '{' || char === '[') {
      open.push({ kind: char === '{' ? 'Object' : 'Array', start: at });
      expected = char === '{' ? 'firstName' : 'first';
      at += 1;
    } else {
      const end = scalarEnd(text, at);
      if (typeof end !== 'number') return end;
      expected = 'comma';
      at = end;
    }
  }
}

/** A bracket that closes is looked at first where a value is complete, or nothing has come yet. */
function closes(char: string, expected: Expected): boolean {
  if (char !== '}' && char !== ']') return false;
  return expected === 'comma' || expected === 'first' || expected === 'firstName';
}

function separator(expected: 'comma' | 'colon', { kind }: Open): string {
  if (expected === 'colon') return 'was expecting a colon to separate field name and value';
  return `was expecting comma to separate ${kind} entries`;
}

function endOfInput(
  { length }: string,
  top: Open | undefined,
  expected: Expected,
  source: (offset: number) => string,
): JacksonError | undefined {
  if (top === undefined) return undefined;
  const isBetween = expected === 'value' || expected === 'name' || expected === 'colon';
  const message = isBetween
    ? `Unexpected end-of-input within/between ${top.kind} entries`
    : `Unexpected end-of-input: expected close marker for ${top.kind} (start marker at ${source(top.start)})`;
  return { message, offset: length };
}

function mismatch(
  char: string,
  at: number,
  top: Open | undefined,
  source: (offset: number) => string,
): JacksonError | undefined {
  if (top === undefined) return undefined;
  const wanted = top.kind === 'Object' ? '}' : ']';
  const message = `Unexpected close marker '${char}': expected '${wanted}' (for ${top.kind} starting at ${source(top.start)})`;
  return { message, offset: at + 1 };
}

function scalarEnd(text: string, at: number): number | JacksonError {
  if (text[at] === '"') return stringEnd(text, at, false);
  const number = endOf(NUMBER, text, at);
  if (number !== undefined) return number;
  const end = endOf(WORD, text, at);
  if (end === undefined) return unexpected(text, at, `expected a valid value ${VALUES}`);
  const word = text.slice(at, end);
  if (word === 'true' || word === 'false' || word === 'null') return end;
  return { message: `Unrecognized token '${word}': was expecting ${VALUES}`, offset: end };
}

function stringEnd(text: string, start: number, isName: boolean): number | JacksonError {
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '"') return at + 1;
    if (char < ' ') {
      const where = isName ? 'name' : 'string value';
      const message = `Illegal unquoted character (${described(text, at)}): has to be escaped using backslash to be included in ${where}`;
      return { message, offset: at + 1 };
    }
    if (char !== '\\') continue;
    at += 1;
    if (text[at] === 'u') {
      for (let digit = 1; digit <= 4; digit += 1) {
        if (/^[0-9a-fA-F]$/u.test(text.charAt(at + digit))) continue;
        return unexpected(text, at + digit, 'expected a hex-digit for character escape sequence');
      }
    } else if (at < text.length && !'"\\/bfnrt'.includes(text.charAt(at))) {
      return { message: `Unrecognized character escape ${described(text, at)}`, offset: at + 1 };
    }
  }
  const message = isName ? ' in field name' : ': was expecting closing quote for a string value';
  return { message: `Unexpected end-of-input${message}`, offset: text.length };
}

function unexpected(text: string, at: number, what: string): JacksonError {
  if (at >= text.length) return { message: 'Unexpected end-of-input', offset: text.length };
  return { message: `Unexpected character (${described(text, at)}): ${what}`, offset: at + 1 };
}

function described(text: string, at: number): string {
  const code = text.charCodeAt(at);
  if (code < 32) return `(CTRL-CHAR, code ${code})`;
  return `'${text.charAt(at)}' (code ${code}${code > 255 ? ` / 0x${code.toString(16)}` : ''})`;
}

/** Where a sticky pattern ends that matches at a place; undefined when it does not. */
function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
