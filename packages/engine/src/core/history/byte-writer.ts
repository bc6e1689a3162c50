const CHUNK_BYTES = 65_536;
/** Up to here a loop is faster than a call of `set`; of `copyWithin`, up to three times that. */
const SHORT_BYTES = 8;
/** Up to this length a text is quoted character by character. */
const QUOTED_HERE = 256;
/** The code of the digit 0. */
export const ZERO = 0x30;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

const encoder = new TextEncoder();

/** Gives so many bytes of memory. */
export type Allocate = (bytes: number) => Uint8Array;

const cleared: Allocate = (bytes) => new Uint8Array(bytes);

/** The bytes of a text in UTF-8. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Writes the digits of a whole number from 0 to 999,999,999 up to before `end`. */
export function writeDigits(bytes: Uint8Array, end: number, value: number): void {
  let rest = value;
  let at = end;
  do {
    const tenth = (rest / 10) | 0;
    bytes[--at] = ZERO + rest - tenth * 10;
    rest = tenth;
  } while (rest > 0);
}

/**
 * Writes UTF-8 into chunks. What is written many times is prepared as bytes once and copied. Names and numbers are short:
 * a loop over their characters is faster than any call that leaves JavaScript.
 */
export class ByteWriter {
  readonly #allocate: Allocate;
  readonly #done: Uint8Array[] = [];
  #chunk: Uint8Array;
  /** Where the part of the chunk begins that is not among the done yet. */
  #from = 0;
  #at = 0;
  #chunkNumber = 0;

  /**
   * `expectedBytes`: a guess, so that little is allocated for a short text. `allocate` may give memory that is not cleared: only what
   * was written is ever given away.
   */
  constructor(expectedBytes: number, allocate: Allocate = cleared) {
    this.#allocate = allocate;
    this.#chunk = allocate(Math.min(expectedBytes, CHUNK_BYTES));
  }

  /** Bytes that are copied now. */
  copy(bytes: Uint8Array): void {
    const { length } = bytes;
    this.#reserve(length);
    const chunk = this.#chunk;
    const at = this.#at;
    if (length > SHORT_BYTES) chunk.set(bytes, at);
    else for (let index = 0; index < length; index++) chunk[at + index] = bytes[index] ?? 0;
    this.#at = at + length;
  }

  /** Bytes that become a chunk of their own: they are not copied, and may be given again. */
  append(bytes: Uint8Array): void {
    this.#finish();
    this.#done.push(bytes);
  }

  /** One ASCII character by its code. */
  byte(code: number): void {
    this.#reserve(1);
    this.#chunk[this.#at++] = code;
  }

  /** Writes a short text and gives true; writes nothing and gives false when it is not all printable ASCII without `"` and `\`. */
  plain(text: string): boolean {
    const { length } = text;
    this.#reserve(length);
    const chunk = this.#chunk;
    const at = this.#at;
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code < 0x20 || code > 0x7e || code === QUOTE || code === BACKSLASH) return false;
      chunk[at + index] = code;
    }
    this.#at = at + length;
    return true;
  }

  /** The same of a name within a JSON string that is within a JSON string: `{\\"name\\":`, or what else is `before`. */
  plainName(before: number, name: string): boolean {
    this.#reserve(name.length + 6);
    const start = this.#at++;
    if (!this.plainWithin(name)) {
      this.#at = start;
      return false;
    }
    this.#chunk[start] = before;
    this.#chunk[this.#at++] = COLON;
    return true;
  }

  /** The same of a text: `\\"text\\"`. */
  plainWithin(text: string): boolean {
    const { length } = text;
    this.#reserve(length + 4);
    const chunk = this.#chunk;
    const at = this.#at + 2;
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code < 0x20 || code > 0x7e || code === QUOTE || code === BACKSLASH) return false;
      chunk[at + index] = code;
    }
    chunk[at - 2] = BACKSLASH;
    chunk[at - 1] = QUOTE;
    chunk[at + length] = BACKSLASH;
    chunk[at + length + 1] = QUOTE;
    this.#at = at + length + 2;
    return true;
  }

  /** A text as a JSON string. */
  quoted(text: string): void {
    if (text.length > QUOTED_HERE || !this.#quotedHere(text)) this.text(JSON.stringify(text));
  }

  /** Writes nothing and gives false when it is not all printable ASCII. */
  #quotedHere(text: string): boolean {
    const { length } = text;
    this.#reserve(2 * length + 2);
    const chunk = this.#chunk;
    let at = this.#at + 1;
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code < 0x20 || code > 0x7e) return false;
      if (code === QUOTE || code === BACKSLASH) chunk[at++] = BACKSLASH;
      chunk[at++] = code;
    }
    chunk[this.#at] = QUOTE;
    chunk[at] = QUOTE;
    this.#at = at + 1;
    return true;
  }

  /** Any text. */
  text(text: string): void {
    const bytesMax = text.length * 3;
    if (bytesMax > CHUNK_BYTES) {
      this.copy(utf8(text));
      return;
    }
    this.#reserve(bytesMax);
    this.#at += encoder.encodeInto(text, this.#chunk.subarray(this.#at)).written;
  }

  /** A whole number from 0 to 999,999,999. */
  digits(value: number): void {
    let length = 1;
    for (let limit = 10; value >= limit; limit *= 10) length++;
    this.#reserve(length);
    this.#at += length;
    writeDigits(this.#chunk, this.#at, value);
  }

  /** Where the next byte goes, counted within the chunk. */
  get position(): number {
    return this.#at;
  }

  /** Grows with every new chunk: positions hold as long as it stays. */
  get chunkNumber(): number {
    return this.#chunkNumber;
  }

  /** Copies what this chunk has between two positions. */
  repeat(from: number, to: number): void {
    const number = this.#chunkNumber;
    const source = this.#chunk;
    this.#reserve(to - from);
    const at = this.#at;
    if (number !== this.#chunkNumber) this.#chunk.set(source.subarray(from, to), at);
    else if (to - from > 3 * SHORT_BYTES) source.copyWithin(at, from, to);
    else for (let index = from; index < to; index++) source[at + index - from] = source[index] ?? 0;
    this.#at = at + to - from;
  }

  /** Everything that was written, to be read in order. */
  end(): Uint8Array[] {
    this.#finish();
    return this.#done;
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#chunk.length) return;
    this.#finish();
    this.#chunk = this.#allocate(Math.max(bytes, CHUNK_BYTES));
    this.#chunkNumber++;
    this.#from = 0;
    this.#at = 0;
  }

  #finish(): void {
    if (this.#at > this.#from) this.#done.push(this.#chunk.subarray(this.#from, this.#at));
    this.#from = this.#at;
  }
}
