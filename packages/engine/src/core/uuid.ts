/** A uuid as four signed 32-bit words, the first digits first. */
export interface Uuid {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

const HEX = Array.from({ length: 65_536 }, (_, half) => half.toString(16).padStart(4, '0'));

export function uuidText({ a, b, c, d }: Uuid): string {
  return `${high(a)}${low(a)}-${high(b)}-${low(b)}-${high(c)}-${low(c)}${high(d)}${low(d)}`;
}

const LENGTH = 36;
const DASH = 0x2d;

/** The uuid that stands there in a text; undefined where none does, in lower case. */
export function parseUuid(text: string, at = 0): Uuid | undefined {
  if (text.length < at + LENGTH) return undefined;
  for (const dash of [8, 13, 18, 23]) if (text.charCodeAt(at + dash) !== DASH) return undefined;
  const a = wordAt(text, at, at + 4);
  const b = wordAt(text, at + 9, at + 14);
  const c = wordAt(text, at + 19, at + 24);
  const d = wordAt(text, at + 28, at + 32);
  return a === undefined || b === undefined || c === undefined || d === undefined
    ? undefined
    : { a, b, c, d };
}

/** Of four digits and four more; undefined where one is none. */
function wordAt(text: string, first: number, second: number): number | undefined {
  let word = 0;
  for (const at of [first, second]) {
    for (let index = at; index < at + 4; index++) {
      const digit = digitOf(text.charCodeAt(index));
      if (digit === -1) return undefined;
      word = (word << 4) | digit;
    }
  }
  return word;
}

function digitOf(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  return unit >= 0x61 && unit <= 0x66 ? unit - 0x57 : -1;
}

function high(word: number): string {
  return HEX[word >>> 16] ?? '';
}

function low(word: number): string {
  return HEX[word & 0xffff] ?? '';
}
