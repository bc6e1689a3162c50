import type { Json, JsonArray } from '@stepyard/asl';
import { isArray, isObject } from '@stepyard/asl';

/** Step Functions' quotas (developer guide, "Service quotas"). */
export const PAYLOAD_BYTES_MAX = 262_144;
export const HISTORY_EVENTS_MAX = 25_000;
/** Longest delay of a Wait: 2^31 - 1 seconds; more fails (recording base/wait--timestamp-too-far-in-future-*). */
export const WAIT_SECONDS_MAX = 2_147_483_647;
export const EXPRESS_DURATION_MS_MAX = 300_000;
/** How long after its end an execution can be redriven, and how often a map run can (developer guide, "Redriving ..."). */
export const REDRIVABLE_MS = 14 * 86_400_000;
export const MAP_RUN_REDRIVES_MAX = 1000;
/**
 * Fuel: states that one turn of an Express execution may enter. No event quota bounds an Express loop, and no time passes
 * in a turn; on AWS such a loop runs into the five minutes, so this ends it the same way. Far more than five minutes allow.
 */
export const EXPRESS_STEPS_MAX = 250_000;

/** Sizes of long arrays that were measured. Values are immutable, so a size stays true. */
const measured = new WeakMap<JsonArray, number>();

/** At most so many bytes, for long arrays of a document whose text was at hand. */
const bounded = new WeakMap<JsonArray, number>();

/** From this length on an array's size is worth remembering: it may go through many states. */
const LONG_ARRAY = 64;

/**
 * True when the value's JSON text is longer than 262,144 bytes of UTF-8. Nearly always answered by an upper bound from a
 * walk that stops once it is surpassed, without making any text; only then is the value measured.
 */
export function exceedsPayloadLimit(value: Json): boolean {
  return upperBound(value, PAYLOAD_BYTES_MAX) > PAYLOAD_BYTES_MAX && exactSize(value) > PAYLOAD_BYTES_MAX;
}

/** At least the size of its JSON text in bytes, or any number over `enough`. */
export function sizeBound(value: Json, enough: number): number {
  return upperBound(value, enough);
}

/**
 * Remembers what a document's text says of the sizes of its long arrays, so that they need not be made into text again: written
 * by JSON.stringify nothing in it takes more than it did there, but for numbers (`1e9`).
 */
export function boundByText(document: Json, text: string): void {
  // Shorter ones do not come near the limit. A half of a surrogate pair takes more when it is escaped.
  if (text.length * 6 <= PAYLOAD_BYTES_MAX || !text.isWellFormed()) return;
  boundArrays(document, utf8Bytes(text));
}

function boundArrays(value: Json, bytes: number): void {
  if (isArray(value)) {
    if (value.length >= LONG_ARRAY) bounded.set(value, bytes + numberBytes(value));
  } else if (isObject(value)) {
    for (const name of Object.keys(value)) boundArrays(value[name] ?? null, bytes);
  }
}

/** At least what the numbers in a value take. */
function numberBytes(value: Json): number {
  if (typeof value === 'number')
    return Number.isInteger(value) && value >= 0 && value < 10_000 ? 4 : SCALAR_BYTES_MAX;
  let bytes = 0;
  if (isArray(value)) for (const item of value) bytes += numberBytes(item);
  else if (isObject(value)) for (const name in value) bytes += numberBytes(value[name] ?? null);
  return bytes;
}

/** From this length on a text is encoded to be measured. */
const LONG_TEXT = 1024;
const encoder = new TextEncoder();
const scratch = new Uint8Array(16_384);

/** Length of a text in UTF-8. */
export function utf8Bytes(text: string): number {
  if (text.length >= LONG_TEXT && text.isWellFormed()) return encodedBytes(text);
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    // A surrogate pair is two units and four bytes: two for each half.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}

function encodedBytes(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length;) {
    const { read, written } = encoder.encodeInto(at === 0 ? text : text.slice(at), scratch);
    bytes += written;
    at += read;
  }
  return bytes;
}

/** At least the value's size in bytes, or any number over `enough`. A UTF-16 unit takes 6 bytes at most, as `\u0000`. */
function upperBound(value: Json, enough: number): number {
  if (typeof value === 'string') return value.length * 6 + 2;
  if (typeof value !== 'object' || value === null) return SCALAR_BYTES_MAX;
  if (isArray(value)) return upperBoundOfArray(value, enough);
  let bytes = 2;
  // Plain JSON has no enumerable members but its own, and this makes no array of them.
  for (const key in value) {
    const member = value[key] ?? null;
    bytes += key.length * 6 + 4;
    // Members are scalars for the most part: said here, they cost a third of a call.
    if (typeof member === 'object' || typeof member === 'string') bytes += upperBound(member, enough - bytes);
    else bytes += SCALAR_BYTES_MAX;
    if (bytes > enough) return bytes;
  }
  return bytes;
}

function upperBoundOfArray(value: JsonArray, enough: number): number {
  const known = value.length < LONG_ARRAY ? undefined : (measured.get(value) ?? bounded.get(value));
  if (known !== undefined) return known;
  let bytes = 2;
  for (let index = 0; index < value.length && bytes <= enough; index++) {
    bytes += upperBound(value[index] ?? null, enough - bytes) + 1;
  }
  return bytes;
}

/** `-1.2345678901234567e-300`, `false` and `null` are no longer. */
const SCALAR_BYTES_MAX = 25;

/** The size in bytes. Of an object or a long array it is the sum of its parts, so that only what is new is measured. */
function exactSize(value: Json): number {
  if (isArray(value)) {
    if (value.length < LONG_ARRAY) return utf8Bytes(JSON.stringify(value));
    let bytes = measured.get(value);
    if (bytes === undefined) measured.set(value, (bytes = utf8Bytes(JSON.stringify(value))));
    return bytes;
  }
  if (!isObject(value)) return utf8Bytes(JSON.stringify(value));
  let bytes = 1;
  for (const key of Object.keys(value)) {
    // The key, a colon, and a comma or the closing brace.
    bytes += utf8Bytes(JSON.stringify(key)) + exactSize(value[key] ?? null) + 2;
  }
  return Math.max(bytes, 2);
}
