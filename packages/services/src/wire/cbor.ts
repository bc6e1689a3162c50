/** Concise Binary Object Representation (RFC 8949), as far as Smithy's RPC v2 protocol uses it. */
import { isArray, isObject, setOwn, type Json } from '@stepyard/asl';

const DEPTH_MAX = 64;
/** A tag: what follows is seconds since 1970. */
const EPOCH_SECONDS = 1;
const INDEFINITE = 31;
const BREAK = 0xff;

/** Text that is no CBOR, or CBOR that no AWS client sends. */
export class CborError extends Error {}

/** A value as CBOR. A number under one of `times` is written as a time. */
export function encodeCbor(value: Json, times: ReadonlySet<string> = new Set()): Buffer {
  const parts: Buffer[] = [];
  write(value, times, false, parts);
  return Buffer.concat(parts);
}

function write(value: Json, times: ReadonlySet<string>, isTime: boolean, parts: Buffer[]): void {
  if (value === null) parts.push(Buffer.of(0xf6));
  else if (typeof value === 'boolean') parts.push(Buffer.of(value ? 0xf5 : 0xf4));
  else if (typeof value === 'number') {
    if (isTime) parts.push(head(6, EPOCH_SECONDS));
    parts.push(number(value));
  } else if (typeof value === 'string') {
    const bytes = Buffer.from(value);
    parts.push(head(3, bytes.length), bytes);
  } else if (isArray(value)) {
    parts.push(head(4, value.length));
    for (const item of value) write(item, times, isTime, parts);
  } else if (isObject(value)) {
    const entries = Object.entries(value);
    parts.push(head(5, entries.length));
    for (const [name, item] of entries) {
      write(name, times, false, parts);
      write(item, times, times.has(name), parts);
    }
  }
}

function number(value: number): Buffer {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
    return value < 0 ? head(1, -1 - value) : head(0, value);
  }
  const bytes = Buffer.alloc(9, 0xfb);
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

function head(major: number, argument: number): Buffer {
  const type = major << 5;
  if (argument < 24) return Buffer.of(type | argument);
  if (argument < 0x100) return Buffer.of(type | 24, argument);
  const long = argument >= 0x1_0000_0000;
  const bytes = Buffer.alloc(long ? 9 : 5);
  bytes[0] = type | (long ? 27 : 26);
  if (long) bytes.writeBigUInt64BE(BigInt(argument), 1);
  else bytes.writeUInt32BE(argument, 1);
  return bytes;
}

/** CBOR as JSON: times become epoch seconds, bytes base64. Throws {@link CborError}. */
export function decodeCbor(bytes: Buffer): Json {
  const reader = new Reader(bytes);
  const value = reader.value(0);
  if (!reader.isAtEnd) throw new CborError('There is something after the value.');
  return value;
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  value(depth: number): Json {
    if (depth > DEPTH_MAX) throw new CborError(`Values nest deeper than ${DEPTH_MAX}.`);
    const initial = this.#take(1)[0] ?? 0;
    const major = initial >> 5;
    const info = initial & 31;
    if (major === 7) return this.#simple(info);
    const length = info === INDEFINITE ? undefined : this.#argument(info);
    switch (major) {
      case 0:
        return this.#definite(length);
      case 1:
        return -1 - this.#definite(length);
      case 2:
        return this.#chunks(length).toString('base64');
      case 3:
        return this.#chunks(length).toString();
      case 4:
        return this.#list(length, depth);
      case 5:
        return this.#map(length, depth);
      default:
        // Tags say what a value means; times are seconds with and without one.
        return this.value(depth + 1);
    }
  }

  #definite(length: number | undefined): number {
    if (length === undefined) throw new CborError('A number has no end.');
    return length;
  }

  #simple(info: number): Json {
    switch (info) {
      case 20:
        return false;
      case 21:
        return true;
      case 22:
      case 23:
        return null;
      case 25:
        return half(this.#take(2).readUInt16BE(0));
      case 26:
        return this.#take(4).readFloatBE(0);
      case 27:
        return this.#take(8).readDoubleBE(0);
      default:
        throw new CborError(`There is no simple value ${info}.`);
    }
  }

  #argument(info: number): number {
    if (info < 24) return info;
    switch (info) {
      case 24:
        return this.#take(1)[0] ?? 0;
      case 25:
        return this.#take(2).readUInt16BE(0);
      case 26:
        return this.#take(4).readUInt32BE(0);
      case 27:
        return Number(this.#take(8).readBigUInt64BE(0));
      default:
        throw new CborError(`There is no length ${info}.`);
    }
  }

  /** Bytes or text: of a known length, or chunk by chunk. */
  #chunks(length: number | undefined): Buffer {
    if (length !== undefined) return this.#take(length);
    const chunks: Buffer[] = [];
    while (!this.#isBreak()) {
      const info = (this.#take(1)[0] ?? 0) & 31;
      chunks.push(this.#take(this.#argument(info)));
    }
    return Buffer.concat(chunks);
  }

  #list(length: number | undefined, depth: number): Json {
    const items: Json[] = [];
    for (let count = 0; length === undefined ? !this.#isBreak() : count < length; count += 1) {
      items.push(this.value(depth + 1));
    }
    return items;
  }

  #map(length: number | undefined, depth: number): Json {
    const members: Record<string, Json> = {};
    for (let count = 0; length === undefined ? !this.#isBreak() : count < length; count += 1) {
      const name = this.value(depth + 1);
      if (typeof name !== 'string') throw new CborError('A name is no text.');
      setOwn(members, name, this.value(depth + 1));
    }
    return members;
  }

  #isBreak(): boolean {
    if (this.#bytes[this.#at] !== BREAK) return false;
    this.#at += 1;
    return true;
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new CborError('The value ends too early.');
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}

/** An IEEE 754 number of 16 bits. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
