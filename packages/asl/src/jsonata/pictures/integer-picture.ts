/** The picture of an integer, as XPath's format-integer defines it: `0001`, `#,##0`, `I`, `a`, `Ww`, `w;o`. */
export type IntegerPicture =
  DecimalPicture | WordPicture | { readonly kind: 'sequence'; readonly token: string };

export interface WordPicture {
  readonly kind: 'letters' | 'roman' | 'words';
  readonly letterCase: 'upper' | 'lower' | 'title';
  readonly ordinal: boolean;
}

export interface DecimalPicture {
  readonly kind: 'decimal';
  readonly ordinal: boolean;
  /** The code point of the digit family's zero. */
  readonly zeroCode: number;
  readonly digitsMin: number;
  readonly optionalDigits: number;
  /** A separator after every so many digits; undefined when they are not evenly spaced. */
  readonly regular: Separator | undefined;
  /** From the right, when not regular. */
  readonly separators: readonly Separator[];
  /** Digits to read exactly, when the next component follows without anything between. */
  readonly digitsToRead: number | undefined;
}

export interface Separator {
  /** Digits to its right. */
  readonly position: number;
  readonly character: string;
}

const ZEROS = [
  0x30, 0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66,
  0x0de6, 0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50,
  0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
] as const;

/** Undefined when its digits are of different families (D3131). */
export function parseIntegerPicture(picture: string): IntegerPicture | undefined {
  const semicolon = picture.lastIndexOf(';');
  const primary = semicolon < 0 ? picture : picture.slice(0, semicolon);
  const ordinal = semicolon >= 0 && picture[semicolon + 1] === 'o';
  switch (primary) {
    case 'A':
      return { kind: 'letters', letterCase: 'upper', ordinal };
    case 'a':
      return { kind: 'letters', letterCase: 'lower', ordinal };
    case 'I':
      return { kind: 'roman', letterCase: 'upper', ordinal };
    case 'i':
      return { kind: 'roman', letterCase: 'lower', ordinal };
    case 'W':
      return { kind: 'words', letterCase: 'upper', ordinal };
    case 'w':
      return { kind: 'words', letterCase: 'lower', ordinal };
    case 'Ww':
      return { kind: 'words', letterCase: 'title', ordinal };
    default:
      return decimal(primary, ordinal);
  }
}

function decimal(primary: string, ordinal: boolean): IntegerPicture | undefined {
  let zeroCode: number | undefined;
  let digitsMin = 0;
  let optionalDigits = 0;
  const separators: Separator[] = [];
  // Positions count from the right.
  for (const character of Array.from(primary).toReversed()) {
    const code = character.codePointAt(0) ?? 0;
    const zero = ZEROS.find((candidate) => code >= candidate && code <= candidate + 9);
    if (zero !== undefined) {
      if (zeroCode !== undefined && zeroCode !== zero) return undefined;
      zeroCode = zero;
      digitsMin++;
    } else if (character === '#') {
      optionalDigits++;
    } else {
      separators.push({ position: digitsMin + optionalDigits, character });
    }
  }
  if (zeroCode === undefined) return { kind: 'sequence', token: primary };
  const regular = regularSeparator(separators);
  return {
    kind: 'decimal',
    ordinal,
    zeroCode,
    digitsMin,
    optionalDigits,
    regular,
    separators: regular === undefined ? separators : [],
    digitsToRead: undefined,
  };
}

function regularSeparator(separators: readonly Separator[]): Separator | undefined {
  const first = separators[0];
  if (first === undefined || separators.some((item) => item.character !== first.character)) return undefined;
  const position = regularInterval(separators.map((item) => item.position));
  return position === 0 ? undefined : { position, character: first.character };
}

/** The distance between evenly spaced positions, or 0. */
export function regularInterval(positions: readonly number[]): number {
  if (positions.length === 0) return 0;
  const interval = positions.reduce(greatestCommonDivisor);
  for (let at = 1; at <= positions.length; at++) if (!positions.includes(at * interval)) return 0;
  return interval;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
