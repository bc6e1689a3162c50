import type { Json } from '@stepyard/asl';
import { isArray, isObject } from '@stepyard/asl';

/** From this length on, a part's text is kept for when it comes again in another value. */
const LARGE = 4096;

/** A part of the text of a large value. */
export interface TextPart {
  /** Escaped, as it stands within a JSON string. */
  readonly text: string;
  readonly isLarge: boolean;
}

/**
 * The JSON texts of values as JSON strings: `{"n":1}` is `"{\"n\":1}"`. Values are immutable and shared, so a value that comes
 * again, or a large array within another value, is not stringified again: 200 KiB that go through a hundred states are
 * stringified once.
 */
export class SharedTexts {
  readonly #whole = new Map<Json, string>();
  readonly #large = new Map<Json, TextPart>();
  #lastValue: Json | undefined;
  #lastText = '';

  /** The text with its quotes; of a large value its parts without them. */
  of(value: Json): string | readonly TextPart[] {
    if (value === this.#lastValue) return this.#lastText;
    if (typeof value !== 'object' || value === null) return quoted(value);
    const known = this.#whole.get(value);
    if (known !== undefined) return known;
    if (isLong(value, LARGE)) return this.#partsOf(value);
    const text = quoted(value);
    this.#lastValue = value;
    this.#lastText = text;
    this.#whole.set(value, text);
    return text;
  }

  #partsOf(value: Json): TextPart[] {
    if (isObject(value)) {
      const parts: TextPart[] = [];
      let head = '{';
      for (const name of Object.keys(value)) {
        parts.push(small(`${head}${JSON.stringify(name)}:`));
        head = ',';
        const member = value[name] ?? null;
        if (isLong(member, LARGE)) parts.push(...this.#partsOf(member));
        else parts.push(small(JSON.stringify(member)));
      }
      return [...parts, small(head === '{' ? '{}' : '}')];
    }
    let part = this.#large.get(value);
    if (part === undefined) {
      part = { text: escaped(JSON.stringify(value)), isLarge: true };
      this.#large.set(value, part);
    }
    return [part];
  }
}

function quoted(value: Json): string {
  return JSON.stringify(JSON.stringify(value));
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function small(text: string): TextPart {
  return { text: escaped(text), isLarge: false };
}

/** Whether the value's text is sure to be longer than `enough`, found by a walk that stops there. */
function isLong(value: Json, enough: number): boolean {
  return lowerBound(value, enough) > enough;
}

function lowerBound(value: Json, enough: number): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 1;
  let length = 2;
  if (isArray(value)) {
    // An item takes a character at least, and a comma.
    length += value.length * 2;
    for (let index = 0; index < value.length && length <= enough; index++) {
      length += lowerBound(value[index] ?? null, enough - length);
    }
    return length;
  }
  for (const key in value) {
    length += key.length + 4 + lowerBound(value[key] ?? null, enough - length);
    if (length > enough) return length;
  }
  return length;
}
