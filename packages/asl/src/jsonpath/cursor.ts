import { ExpressionSyntaxError } from '../expression-syntax-error.ts';

/** Reads a text from left to right; every parser of this package stands on it. */
export class Cursor {
  readonly text: string;
  position: number;
  /** Where reading stops: the end of the text, or of the part that a nested parser was given. */
  readonly end: number;

  constructor(text: string, position = 0, end = text.length) {
    this.text = text;
    this.position = position;
    this.end = end;
  }

  get atEnd(): boolean {
    return this.position >= this.end;
  }

  /** The character at the position plus `ahead`, or `''` past the end. */
  peek(ahead = 0): string {
    const at = this.position + ahead;
    return at < this.end ? (this.text[at] ?? '') : '';
  }

  /** Moves on when the text continues with `word`. */
  take(word: string): boolean {
    if (this.position + word.length > this.end || !this.text.startsWith(word, this.position)) return false;
    this.position += word.length;
    return true;
  }

  expect(word: string): void {
    if (!this.take(word)) this.fail(`expected '${word}'`);
  }

  skipBlanks(): void {
    while (this.peek() === ' ' || this.peek() === '\t' || this.peek() === '\n' || this.peek() === '\r') {
      this.position++;
    }
  }

  /** Throws: `problem` is a phrase without a full stop; the place is added. */
  fail(problem: string, offset = this.position): never {
    throw new ExpressionSyntaxError(`${problem} at position ${offset} of '${this.text}'`, offset);
  }

  /**
   * Reads a quoted string, the position being on its opening quote; gives its unescaped value. Escapes are Java's:
   * `\n`, `\t`, `\uXXXX` and so on; any other character stands for itself.
   */
  quoted(): string {
    const start = this.position;
    const quote = this.peek();
    this.position++;
    let value = '';
    while (!this.atEnd) {
      const character = this.peek();
      this.position++;
      if (character === quote) return value;
      value += character === '\\' ? this.escaped() : character;
    }
    return this.fail('a string is not closed', start);
  }

  /**
   * Reads the quoted name of a member. Only what the quotes themselves need is an escape in it, the quote and the backslash; before
   * any other character a backslash is part of the name (recording scenarios/*escape-sequence-parsing*jsonpath).
   */
  quotedName(): string {
    const start = this.position;
    const quote = this.peek();
    this.position++;
    let name = '';
    while (!this.atEnd) {
      const character = this.peek();
      this.position++;
      if (character === quote) return name;
      const next = this.peek();
      if (character === '\\' && (next === quote || next === '\\')) {
        name += next;
        this.position++;
      } else name += character;
    }
    return this.fail('a string is not closed', start);
  }

  private escaped(): string {
    const character = this.peek();
    this.position++;
    switch (character) {
      case '':
        return this.fail('a string is not closed');
      case 'n':
        return '\n';
      case 't':
        return '\t';
      case 'r':
        return '\r';
      case 'b':
        return '\b';
      case 'f':
        return '\f';
      case 'u': {
        const digits = this.text.slice(this.position, Math.min(this.position + 4, this.end));
        if (!/^[0-9a-fA-F]{4}$/.test(digits)) return this.fail('a \\u escape needs four hexadecimal digits');
        this.position += 4;
        return String.fromCharCode(Number.parseInt(digits, 16));
      }
      default:
        return character;
    }
  }
}
