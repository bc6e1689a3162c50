/**
 * JSON within a JSON string, as histories have their data: `{"n":1}` is `"{\"n\":1}"`. Small values are written character by
 * character; JSON.stringify, called twice, takes three times as long for them.
 */
import type { Json, JsonObject } from '@stepyard/asl';
import { isArray } from '@stepyard/asl';
import type { ByteWriter } from './byte-writer.ts';
import { utf8 } from './byte-writer.ts';

/** From this length on a text is left to JSON.stringify. */
const LONG_TEXT = 128;
/** From this length on the bytes of an array are kept for when it comes again, in this value or another. */
const LONG_ARRAY = 64;

const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;
const QUOTE = 0x22;
const SMALL_INTEGER_MAX = 999_999_999;

const TRUE = utf8('true');
const FALSE = utf8('false');
const NULL = utf8('null');

/** Writes the values of one history, which as a rule leave one state and enter the next. */
export class QuotedJson {
  readonly #writer: ByteWriter;
  /** Made when there is one. */
  #longArrays: Map<Json, Uint8Array> | undefined;
  /** The value written last, and where in the chunk it is. */
  #last: Json | undefined;
  #lastChunk = 0;
  #lastFrom = 0;
  #lastTo = 0;
  /** Some of the value is not in the chunk. */
  #hasAppended = false;

  constructor(writer: ByteWriter) {
    this.#writer = writer;
  }

  /** The value with its quotes. */
  write(value: Json): void {
    const writer = this.#writer;
    if (typeof value === 'number' || typeof value === 'boolean') {
      writer.byte(QUOTE);
      this.#value(value);
      writer.byte(QUOTE);
      return;
    }
    if (value === this.#last && writer.chunkNumber === this.#lastChunk) {
      writer.repeat(this.#lastFrom, this.#lastTo);
      return;
    }
    const chunk = writer.chunkNumber;
    const from = writer.position;
    writer.byte(QUOTE);
    this.#hasAppended = false;
    this.#value(value);
    writer.byte(QUOTE);
    if (writer.chunkNumber !== chunk || this.#hasAppended) return;
    this.#last = value;
    this.#lastChunk = chunk;
    this.#lastFrom = from;
    this.#lastTo = writer.position;
  }

  #value(value: Json): void {
    const writer = this.#writer;
    if (typeof value === 'string') this.#text(value);
    else if (typeof value === 'number') this.#number(value);
    else if (typeof value === 'boolean') writer.copy(value ? TRUE : FALSE);
    else if (value === null) writer.copy(NULL);
    else if (isArray(value)) this.#array(value);
    else this.#object(value);
  }

  #text(text: string): void {
    const writer = this.#writer;
    if (text.length > LONG_TEXT || !writer.plainWithin(text)) {
      writer.text(JSON.stringify(JSON.stringify(text)).slice(1, -1));
    }
  }

  #number(value: number): void {
    if (Number.isInteger(value) && value >= 0 && value <= SMALL_INTEGER_MAX) this.#writer.digits(value);
    else this.#writer.plain(JSON.stringify(value));
  }

  #object(value: JsonObject): void {
    const writer = this.#writer;
    let before = OPEN_BRACE;
    // Plain JSON has no enumerable members but its own.
    for (const name in value) {
      if (!writer.plainName(before, name)) {
        writer.byte(before);
        this.#text(name);
        writer.byte(COLON);
      }
      before = COMMA;
      this.#value(value[name] ?? null);
    }
    if (before === OPEN_BRACE) writer.byte(OPEN_BRACE);
    writer.byte(CLOSE_BRACE);
  }

  #array(value: readonly Json[]): void {
    const writer = this.#writer;
    if (value.length >= LONG_ARRAY) {
      writer.append(this.#longArray(value));
      this.#hasAppended = true;
      return;
    }
    writer.byte(OPEN_BRACKET);
    for (let index = 0; index < value.length; index++) {
      if (index > 0) writer.byte(COMMA);
      this.#value(value[index] ?? null);
    }
    writer.byte(CLOSE_BRACKET);
  }

  #longArray(value: readonly Json[]): Uint8Array {
    const known = (this.#longArrays ??= new Map());
    let bytes = known.get(value);
    if (bytes === undefined) {
      bytes = utf8(JSON.stringify(JSON.stringify(value)).slice(1, -1));
      known.set(value, bytes);
    }
    return bytes;
  }
}
