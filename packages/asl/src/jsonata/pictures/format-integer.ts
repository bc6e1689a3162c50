import { BoundExceeded, JsonataError } from '../jsonata-error.ts';
import { STRING_LENGTH_MAX } from '../limits.ts';
import type { DecimalPicture, IntegerPicture } from './integer-picture.ts';
import { parseIntegerPicture } from './integer-picture.ts';
import { fromLetters, fromRoman, toLetters, toRoman } from './numerals.ts';
import { fromWords, NUMBER_WORDS, toWords } from './words.ts';

/** The picture, or the error that the language gives for it. */
export function integerPictureOf(text: string): IntegerPicture {
  const picture = parseIntegerPicture(text);
  if (picture === undefined) throw new JsonataError('D3131');
  return picture;
}

/** Formats an integer; a negative one with a minus sign in front. */
export function formatInteger(value: number, picture: IntegerPicture): string {
  const text = formatMagnitude(Math.abs(value), picture);
  return value < 0 ? `-${text}` : text;
}

function formatMagnitude(value: number, picture: IntegerPicture): string {
  switch (picture.kind) {
    case 'letters':
      return toLetters(value, picture.letterCase === 'upper' ? 'A' : 'a');
    case 'roman': {
      const roman = toRoman(value);
      if (roman === undefined) throw new BoundExceeded('memory');
      return picture.letterCase === 'upper' ? roman.toUpperCase() : roman;
    }
    case 'words': {
      const words = toWords(value, picture.ordinal);
      if (picture.letterCase === 'title') return words;
      return picture.letterCase === 'upper' ? words.toUpperCase() : words.toLowerCase();
    }
    case 'decimal':
      return formatDecimal(value, picture);
    case 'sequence':
      throw new JsonataError('D3130', { value: picture.token });
  }
}

function formatDecimal(value: number, picture: DecimalPicture): string {
  if (picture.digitsMin > STRING_LENGTH_MAX) throw new BoundExceeded('memory');
  const digits = String(value).padStart(picture.digitsMin, '0');
  const shown = grouped(inFamily(digits, picture.zeroCode), picture);
  return picture.ordinal ? shown + ordinalSuffix(digits) : shown;
}

function inFamily(digits: string, zeroCode: number): string {
  if (zeroCode === 0x30) return digits;
  return digits.replaceAll(/[0-9]/g, (digit) => String.fromCodePoint(Number(digit) + zeroCode));
}

function grouped(digits: string, picture: DecimalPicture): string {
  if (picture.regular === undefined) {
    let text = digits;
    // The leftmost separator first: what is put in further left does not move the places to its right.
    for (const { position, character } of picture.separators.toReversed()) {
      const at = text.length - position;
      text = text.slice(0, Math.max(0, at)) + character + text.slice(Math.max(0, at));
    }
    return text;
  }
  const { position, character } = picture.regular;
  let text = '';
  for (let end = digits.length; end > 0; end -= position) {
    const part = digits.slice(Math.max(0, end - position), end);
    text = text === '' ? part : part + character + text;
  }
  return text;
}

function ordinalSuffix(digits: string): string {
  if (digits.at(-2) === '1') return 'th';
  return { '1': 'st', '2': 'nd', '3': 'rd' }[digits.at(-1) ?? ''] ?? 'th';
}

/** How an integer of this picture is read: RE2 source, and its value. */
export interface IntegerReader {
  readonly pattern: string;
  read(text: string): number;
}

export function integerReader(picture: IntegerPicture): IntegerReader {
  switch (picture.kind) {
    case 'letters': {
      const upper = picture.letterCase === 'upper';
      return { pattern: upper ? '[A-Z]+' : '[a-z]+', read: (text) => fromLetters(text, upper ? 'A' : 'a') };
    }
    case 'roman':
      return { pattern: picture.letterCase === 'upper' ? '[MDCLXVI]+' : '[mdclxvi]+', read: fromRoman };
    case 'words':
      return {
        pattern: `(?:${NUMBER_WORDS.join('|')}|and|[-, ])+`,
        read: (text) => fromWords(text.toLowerCase()),
      };
    case 'decimal':
      return {
        pattern: `[0-9]${picture.digitsToRead === undefined ? '+' : `{${picture.digitsToRead}}`}${picture.ordinal ? '(?:th|st|nd|rd)' : ''}`,
        read: (text) => readDecimal(text, picture),
      };
    case 'sequence':
      throw new JsonataError('D3130', { value: picture.token });
  }
}

function readDecimal(text: string, picture: DecimalPicture): number {
  let digits = picture.ordinal ? text.slice(0, -2) : text;
  for (const { character } of picture.regular === undefined ? picture.separators : [{ character: ',' }]) {
    digits = digits.replaceAll(character, '');
  }
  if (picture.zeroCode !== 0x30) {
    digits = Array.from(digits)
      .map((digit) => String.fromCodePoint((digit.codePointAt(0) ?? 0) - picture.zeroCode + 0x30))
      .join('');
  }
  return Number.parseInt(digits, 10);
}
