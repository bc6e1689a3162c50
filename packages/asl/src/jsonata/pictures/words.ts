/** Numbers in English words, up to quadrillions said as thousands of trillions, and back. */

const UNITS = [
  'Zero',
  'One',
  'Two',
  'Three',
  'Four',
  'Five',
  'Six',
  'Seven',
  'Eight',
  'Nine',
  'Ten',
  'Eleven',
  'Twelve',
  'Thirteen',
  'Fourteen',
  'Fifteen',
  'Sixteen',
  'Seventeen',
  'Eighteen',
  'Nineteen',
] as const;
const UNIT_ORDINALS = [
  'Zeroth',
  'First',
  'Second',
  'Third',
  'Fourth',
  'Fifth',
  'Sixth',
  'Seventh',
  'Eighth',
  'Ninth',
  'Tenth',
  'Eleventh',
  'Twelfth',
  'Thirteenth',
  'Fourteenth',
  'Fifteenth',
  'Sixteenth',
  'Seventeenth',
  'Eighteenth',
  'Nineteenth',
] as const;
const TENS = ['Twenty', 'Thirty', 'Forty', 'Fifty', 'Sixty', 'Seventy', 'Eighty', 'Ninety'] as const;
const MAGNITUDES = ['Thousand', 'Million', 'Billion', 'Trillion'] as const;

/** `isOrdinal`: twenty-first instead of twenty-one. The value is an integer, not negative. */
export function toWords(value: number, isOrdinal: boolean): string {
  return said(value, '', isOrdinal);
}

/** `after` joins this part to what was said before it. */
function said(value: number, after: '' | 'and', isOrdinal: boolean): string {
  if (value < 100) return (after === '' ? '' : ' and ') + saidBelowHundred(value, isOrdinal);
  const lead = after === '' ? '' : ', ';
  const [unit, name] = value < 1000 ? ([100, 'Hundred'] as const) : magnitudeOf(value);
  const count = Math.floor(value / unit);
  const rest = value - count * unit;
  const words = `${lead}${said(count, '', false)} ${name}`;
  if (rest > 0) return words + said(rest, 'and', isOrdinal);
  return isOrdinal ? `${words}th` : words;
}

function saidBelowHundred(value: number, isOrdinal: boolean): string {
  if (value < 20) return (isOrdinal ? UNIT_ORDINALS[value] : UNITS[value]) ?? '';
  const ten = TENS[Math.floor(value / 10) - 2] ?? '';
  const rest = value % 10;
  if (rest > 0) return `${ten}-${saidBelowHundred(rest, isOrdinal)}`;
  return isOrdinal ? `${ten.slice(0, -1)}ieth` : ten;
}

function magnitudeOf(value: number): readonly [number, string] {
  const power = Math.min(MAGNITUDES.length, Math.floor(Math.log10(value) / 3));
  return [1000 ** power, MAGNITUDES[power - 1] ?? ''];
}

const VALUES: ReadonlyMap<string, number> = new Map(
  [
    ...UNITS.map((word, value): [string, number] => [word, value]),
    ...UNIT_ORDINALS.map((word, value): [string, number] => [word, value]),
    ...TENS.flatMap((word, at): [string, number][] => [
      [word, (at + 2) * 10],
      [`${word.slice(0, -1)}ieth`, (at + 2) * 10],
    ]),
    ['Hundred', 100] as [string, number],
    ['Hundredth', 100] as [string, number],
    ...MAGNITUDES.flatMap((word, at): [string, number][] => [
      [word, 1000 ** (at + 1)],
      [`${word}th`, 1000 ** (at + 1)],
    ]),
  ].map(([word, value]): [string, number] => [word.toLowerCase(), value]),
);

/** The words a number may consist of, in lower case, longest first. */
export const NUMBER_WORDS: readonly string[] = [...VALUES.keys()].toSorted((a, b) => b.length - a.length);

/** The value of a number in lower-case words; NaN when a word is unknown. */
export function fromWords(text: string): number {
  const parts = [0];
  for (const word of text.split(/,\s|\sand\s|[\s\\-]/)) {
    const value = VALUES.get(word) ?? Number.NaN;
    const last = parts.pop() ?? 0;
    if (value >= 100) parts.push(last * value);
    else if (last >= 1000) parts.push(last, value);
    else parts.push(last + value);
  }
  return parts.reduce((total, part) => total + part, 0);
}
