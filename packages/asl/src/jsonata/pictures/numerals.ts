const ROMAN: readonly (readonly [number, string])[] = [
  [1000, 'm'],
  [900, 'cm'],
  [500, 'd'],
  [400, 'cd'],
  [100, 'c'],
  [90, 'xc'],
  [50, 'l'],
  [40, 'xl'],
  [10, 'x'],
  [9, 'ix'],
  [5, 'v'],
  [4, 'iv'],
  [1, 'i'],
];

/** Largest number written in Roman numerals: each further thousand is one more letter. */
const ROMAN_MAX = 1_000_000;

/** Lower-case Roman numerals; undefined beyond what is written in them. */
export function toRoman(value: number): string | undefined {
  if (value > ROMAN_MAX) return undefined;
  let rest = value;
  let text = '';
  for (const [worth, letters] of ROMAN) {
    while (rest >= worth) {
      text += letters;
      rest -= worth;
    }
  }
  return text;
}

const ROMAN_VALUES: Readonly<Record<string, number>> = { m: 1000, d: 500, c: 100, l: 50, x: 10, v: 5, i: 1 };

export function fromRoman(text: string): number {
  let total = 0;
  let largest = 1;
  for (const letter of Array.from(text.toLowerCase()).toReversed()) {
    const value = Object.hasOwn(ROMAN_VALUES, letter) ? (ROMAN_VALUES[letter] ?? 0) : Number.NaN;
    if (value < largest) total -= value;
    else {
      largest = value;
      total += value;
    }
  }
  return total;
}

/** Letters as a spreadsheet counts its columns: a, b, … z, aa. */
export function toLetters(value: number, first: 'a' | 'A'): string {
  const start = first.charCodeAt(0);
  let text = '';
  for (let rest = value; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    text = String.fromCharCode(((rest - 1) % 26) + start) + text;
  }
  return text;
}

export function fromLetters(text: string, first: 'a' | 'A'): number {
  const start = first.charCodeAt(0);
  let value = 0;
  for (let at = 0; at < text.length; at++) value = value * 26 + text.charCodeAt(at) - start + 1;
  return value;
}
