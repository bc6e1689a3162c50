import type { Uuid } from './uuid.ts';
import { uuidText } from './uuid.ts';

/**
 * The only source of randomness of an execution: sfc32 with a 128-bit state, seeded from a text. The same seed gives the
 * same numbers on every machine, so that jitter, `$random()`, `States.UUID()` and task tokens replay.
 */
export interface Random {
  a: number;
  b: number;
  c: number;
  counter: number;
}

export function seededRandom(seed: string): Random {
  // FNV-1a over the text, four times with different offsets, then some rounds so that near seeds diverge.
  const random: Random = {
    a: hash(seed, 0x811c9dc5),
    b: hash(seed, 0x9e3779b9),
    c: hash(seed, 0x85ebca6b),
    counter: 1,
  };
  for (let round = 0; round < 12; round++) nextUint32(random);
  return random;
}

/** In [0, 1), with 53 bits. */
export function nextNumber(random: Random): number {
  const high = nextUint32(random) >>> 5;
  const low = nextUint32(random) >>> 6;
  return (high * 0x4000000 + low) / 0x20000000000000;
}

/** A version 4 uuid. */
export function nextUuid(random: Random): string {
  return uuidText(drawUuid(random));
}

/** The same as four words, of which the text may never be asked for. */
export function drawUuid(random: Random): Uuid {
  const a = nextUint32(random) | 0;
  const b = (nextUint32(random) & 0xffff0fff) | 0x4000;
  const c = (nextUint32(random) & 0x3fffffff) | 0x80000000;
  return { a, b, c, d: nextUint32(random) | 0 };
}

function nextUint32(random: Random): number {
  const sum = (random.a + random.b + random.counter) | 0;
  random.counter = (random.counter + 1) | 0;
  random.a = random.b ^ (random.b >>> 9);
  random.b = (random.c + (random.c << 3)) | 0;
  random.c = ((random.c << 21) | (random.c >>> 11)) + sum;
  random.c |= 0;
  return sum >>> 0;
}

function hash(text: string, offset: number): number {
  let value = offset;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value | 0;
}
