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
  const words = [nextUint32(random), nextUint32(random), nextUint32(random), nextUint32(random)];
  const hex = words.map((word) => word.toString(16).padStart(8, '0')).join('');
  const variant = '89ab'.charAt(parseInt(hex.charAt(16), 16) & 3);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
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
