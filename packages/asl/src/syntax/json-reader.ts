import { CODES } from '../check/codes.ts';
import type { Code } from '../check/codes.ts';
import type { Json } from '../json.ts';
import { setOwn } from '../json.ts';
import { appendPointer } from './pointer.ts';

/** Nested arrays and objects that are read; Jackson, which AWS uses, stops at 1,000 too. */
export const DEPTH_MAX = 1000;
/** UTF-16 units of text that are read at all: eight times the longest definition that AWS accepts. */
export const TEXT_LENGTH_MAX = 8 * 1_048_576;
/** After this many findings about the text the rest is not worth listing. */
export const SYNTAX_DIAGNOSTICS_MAX = 50;

/** Where a value stands. Offsets; `keyStart` is -1 where there is no member name. */
export interface Node {
  start: number;
  end: number;
  keyStart: number;
  keyEnd: number;
  members: Map<string, Node> | undefined;
  elements: Node[] | undefined;
}

export interface Finding {
  readonly code: Code;
  readonly message: string;
  readonly pointer: string;
  readonly start: number;
  readonly end: number;
}

interface Read {
  readonly value: Json;
  readonly node: Node;
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/uy;
/**
 * A run of what cannot be JSON, read as one word so that it is reported once. It and `#space` together take every character
 * that has no meaning of its own: without that the reader would stand still at, say, a no-break space.
 */
const WORD = /[^ \t\r\n,:[\]{}"]+/uy;
const PLAIN = /[^"\\\p{Cc}]*/uy;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** A recursive-descent reader that mends what it can. One instance reads one text once. */
export class JsonReader {
  readonly #text: string;
  readonly #findings: Finding[] = [];
  readonly #path: (string | number)[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): { value: Json | undefined; root: Node; findings: readonly Finding[] } {
    if (this.#text.length > TEXT_LENGTH_MAX) {
      const message = `The text has ${this.#text.length} characters; at most ${TEXT_LENGTH_MAX} are read`;
      this.#report(CODES.tooLong, message, 0, 0);
      return { value: undefined, root: newNode(0), findings: this.#findings };
    }
    this.#space();
    if (this.#at >= this.#text.length) {
      this.#report(CODES.notAnObject, 'Definition must be a valid JSON object', 0, this.#text.length);
      return { value: undefined, root: newNode(0), findings: this.#findings };
    }
    const { value, node } = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) {
      this.#report(
        CODES.syntax,
        'There is more text after the end of the value',
        this.#at,
        this.#text.length,
      );
    }
    return { value, root: node, findings: this.#findings };
  }

  #report(code: Code, message: string, start: number, end: number): void {
    if (this.#findings.length >= SYNTAX_DIAGNOSTICS_MAX) return;
    const pointer = this.#path.reduce<string>((text, token) => appendPointer(text, token), '');
    this.#findings.push({ code, message, pointer, start, end: Math.max(end, start) });
  }

  #space(): void {
    for (; this.#at < this.#text.length; this.#at += 1) {
      const unit = this.#text.charCodeAt(this.#at);
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
    }
  }

  #value(depth: number): Read {
    const start = this.#at;
    const node = newNode(start);
    let value: Json;
    switch (this.#text[start] ?? '') {
      case '{':
        value = depth >= DEPTH_MAX ? this.#skipNested() : this.#object(node, depth);
        break;
      case '[':
        value = depth >= DEPTH_MAX ? this.#skipNested() : this.#array(node, depth);
        break;
      case '"':
        value = this.#string();
        break;
      default:
        value = this.#scalar();
    }
    node.end = this.#at;
    return { value, node };
  }

  #object(node: Node, depth: number): Json {
    const target: Record<string, Json> = {};
    const members = (node.members = new Map<string, Node>());
    const open = this.#at;
    this.#at += 1;
    for (;;) {
      this.#space();
      const unit = this.#text[this.#at];
      if (unit === undefined) return this.#unclosed('}', open, target);
      if (unit === '}') {
        this.#at += 1;
        return target;
      }
      if (unit === ']') {
        this.#report(CODES.syntax, 'Expected } but found ]', this.#at, this.#at + 1);
        this.#at += 1;
        return target;
      }
      this.#member(target, members, depth);
      this.#separator('}');
    }
  }

  #member(target: Record<string, Json>, members: Map<string, Node>, depth: number): void {
    const keyStart = this.#at;
    const key = this.#key();
    const keyEnd = this.#at;
    this.#path.push(key ?? '');
    if (key !== undefined && members.has(key)) {
      this.#report(
        CODES.duplicateKey,
        `The name ${JSON.stringify(key)} appears twice in this object`,
        keyStart,
        keyEnd,
      );
    }
    this.#space();
    if (this.#text[this.#at] === ':') {
      this.#at += 1;
      this.#space();
    } else if (key !== undefined) {
      this.#report(CODES.syntax, 'Expected : after the name', this.#at, this.#at + 1);
    }
    if (key !== undefined || this.#at < this.#text.length) {
      const { value, node } = this.#value(depth + 1);
      node.keyStart = keyStart;
      node.keyEnd = keyEnd;
      if (key !== undefined) {
        setOwn(target, key, value);
        members.set(key, node);
      }
    }
    this.#path.pop();
  }

  /** A member's name; undefined when there is none. Names without quotes are reported and taken. */
  #key(): string | undefined {
    if (this.#text[this.#at] === '"') return this.#string();
    WORD.lastIndex = this.#at;
    const word = WORD.exec(this.#text)?.[0];
    const end = this.#at + Math.max(word?.length ?? 0, 1);
    this.#report(CODES.syntax, 'Expected a name in double quotes', this.#at, end);
    if (word === undefined) return undefined;
    this.#at = end;
    return word.replaceAll("'", '');
  }

  #array(node: Node, depth: number): Json {
    const target: Json[] = [];
    const elements: Node[] = (node.elements = []);
    const open = this.#at;
    this.#at += 1;
    for (;;) {
      this.#space();
      const unit = this.#text[this.#at];
      if (unit === undefined) return this.#unclosed(']', open, target);
      if (unit === ']') {
        this.#at += 1;
        return target;
      }
      if (unit === '}') {
        this.#report(CODES.syntax, 'Expected ] but found }', this.#at, this.#at + 1);
        this.#at += 1;
        return target;
      }
      this.#path.push(target.length);
      const read = this.#value(depth + 1);
      this.#path.pop();
      target.push(read.value);
      elements.push(read.node);
      this.#separator(']');
    }
  }

  /** What stands between two members: a comma that is followed by another one. */
  #separator(close: '}' | ']'): void {
    this.#space();
    const unit = this.#text[this.#at];
    if (unit === ',') {
      const comma = this.#at;
      this.#at += 1;
      this.#space();
      if (this.#text[this.#at] === close) {
        this.#report(CODES.syntax, `A comma must not stand before ${close}`, comma, comma + 1);
      }
      return;
    }
    if (unit === undefined || unit === '}' || unit === ']') return;
    this.#report(CODES.syntax, `Expected , or ${close}`, this.#at, this.#at + 1);
    // A colon would stop both the key and the word reader: step over it so that every turn makes progress.
    if (unit === ':') this.#at += 1;
  }

  #unclosed(close: string, open: number, value: Json): Json {
    this.#report(CODES.syntax, `The ${close} that closes this is missing`, open, open + 1);
    return value;
  }

  /** Passes over a value that is nested too deeply, by counting brackets. */
  #skipNested(): Json {
    const start = this.#at;
    this.#report(CODES.tooDeep, `Values are nested more than ${DEPTH_MAX} deep`, start, start + 1);
    let open = 0;
    for (; this.#at < this.#text.length; this.#at += 1) {
      const unit = this.#text[this.#at];
      if (unit === '"') {
        this.#string();
        this.#at -= 1;
      } else if (unit === '{' || unit === '[') open += 1;
      else if ((unit === '}' || unit === ']') && (open -= 1) === 0) {
        this.#at += 1;
        break;
      }
    }
    return null;
  }

  #string(): string {
    const open = this.#at;
    let text = '';
    this.#at += 1;
    for (;;) {
      PLAIN.lastIndex = this.#at;
      const plain = PLAIN.exec(this.#text)?.[0] ?? '';
      text += plain;
      this.#at += plain.length;
      const unit = this.#text[this.#at];
      if (unit === '"') {
        this.#at += 1;
        return text;
      }
      if (unit === undefined || unit === '\n' || unit === '\r') {
        this.#report(CODES.syntax, 'The string is not closed on its line', open, this.#at);
        return text;
      }
      if (unit === '\\') text += this.#escape();
      else {
        // JSON wants only the first 32 control characters escaped, not those from 127 on.
        if (unit < ' ')
          this.#report(
            CODES.syntax,
            'A control character in a string must be escaped',
            this.#at,
            this.#at + 1,
          );
        text += unit;
        this.#at += 1;
      }
    }
  }

  #escape(): string {
    const start = this.#at;
    const letter = this.#text[start + 1];
    if (letter === 'u') {
      const digits = this.#text.slice(start + 2, start + 6);
      if (/^[0-9a-fA-F]{4}$/u.test(digits)) {
        this.#at += 6;
        return String.fromCharCode(Number.parseInt(digits, 16));
      }
    }
    const meant = letter === undefined || letter.length > 1 ? undefined : ESCAPES[letter];
    if (meant !== undefined) {
      this.#at += 2;
      return meant;
    }
    this.#report(CODES.syntax, 'This escape is not known in JSON', start, start + 2);
    this.#at += 1;
    return '';
  }

  #scalar(): Json {
    const start = this.#at;
    WORD.lastIndex = start;
    const word = WORD.exec(this.#text)?.[0];
    if (word === undefined) {
      this.#report(CODES.syntax, 'Expected a value', start, Math.min(start + 1, this.#text.length));
      return null;
    }
    this.#at += word.length;
    if (word === 'true') return true;
    if (word === 'false') return false;
    if (word === 'null') return null;
    NUMBER.lastIndex = start;
    if (NUMBER.exec(this.#text)?.[0].length === word.length) return this.#number(word, start);
    const shown = word.length > 40 ? `${word.slice(0, 40)}...` : word;
    this.#report(CODES.syntax, `${JSON.stringify(shown)} is not a JSON value`, start, this.#at);
    return null;
  }

  #number(word: string, start: number): number {
    const value = Number(word);
    if (Number.isFinite(value)) return value;
    this.#report(CODES.numberRange, 'The number is too large', start, this.#at);
    return value > 0 ? Number.MAX_VALUE : -Number.MAX_VALUE;
  }
}

export function newNode(start: number): Node {
  return { start, end: start, keyStart: -1, keyEnd: -1, members: undefined, elements: undefined };
}
