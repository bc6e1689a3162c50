import { JsonataError } from '../jsonata-error.ts';
import { regularInterval } from './integer-picture.ts';

/** The characters of a decimal format, as XPath's format-number names them. */
export interface DecimalFormat {
  readonly decimal: string;
  readonly grouping: string;
  readonly exponent: string;
  readonly minus: string;
  readonly percent: string;
  readonly perMille: string;
  readonly zero: string;
  readonly digit: string;
  readonly separator: string;
}

/** What a picture asks for. */
export interface NumberPicture {
  readonly prefix: string;
  readonly suffix: string;
  readonly hasDecimal: boolean;
  readonly scale: 1 | 100 | 1000;
  readonly integerDigitsMin: number;
  /** Digits before the point of a mantissa with an exponent. */
  readonly scaling: number;
  readonly fractionDigitsMin: number;
  readonly fractionDigitsMax: number;
  readonly exponentDigitsMin: number;
  /** A separator after every so many digits from the point to the left; 0: at `groupings`. */
  readonly regularGrouping: number;
  readonly groupings: readonly number[];
  readonly fractionGroupings: readonly number[];
}

interface Parts {
  readonly picture: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly active: string;
  readonly mantissa: string;
  readonly exponent: string | undefined;
  readonly integer: string;
  readonly fraction: string;
}

/** The pictures of positive and of negative numbers. Throws D3080 to D3093. */
export function parseNumberPicture(text: string, format: DecimalFormat): [NumberPicture, NumberPicture] {
  const subpictures = text.split(format.separator);
  if (subpictures.length > 2) throw new JsonataError('D3080');
  const [positive, negative] = subpictures.map((picture) => {
    const parts = split(picture, format);
    const code = faultOf(parts, format);
    if (code !== undefined) throw new JsonataError(code);
    return analyse(parts, format);
  });
  if (positive === undefined) throw new JsonataError('D3085');
  return [positive, negative ?? { ...positive, prefix: format.minus + positive.prefix }];
}

export function isDigit(character: string, format: DecimalFormat): boolean {
  const offset = character.charCodeAt(0) - format.zero.charCodeAt(0);
  return offset >= 0 && offset < 10;
}

function isActive(character: string, format: DecimalFormat): boolean {
  return (
    isDigit(character, format) ||
    [format.decimal, format.exponent, format.grouping, format.digit, format.separator].includes(character)
  );
}

function split(picture: string, format: DecimalFormat): Parts {
  const characters = picture.split('');
  const bounds = (character: string): boolean => isActive(character, format) && character !== format.exponent;
  const first = characters.findIndex(bounds);
  const last = characters.findLastIndex(bounds);
  const prefix = first < 0 ? '' : picture.slice(0, first);
  const suffix = last < 0 ? '' : picture.slice(last + 1);
  const active = picture.slice(prefix.length, picture.length - suffix.length);
  const exponentAt = picture.indexOf(format.exponent, prefix.length);
  const hasExponent = exponentAt >= 0 && exponentAt <= picture.length - suffix.length;
  const mantissa = hasExponent ? active.slice(0, exponentAt) : active;
  const point = mantissa.indexOf(format.decimal);
  return {
    picture,
    prefix,
    suffix,
    active,
    mantissa,
    exponent: hasExponent ? active.slice(exponentAt + 1) : undefined,
    integer: point < 0 ? mantissa : mantissa.slice(0, point),
    fraction: point < 0 ? suffix : mantissa.slice(point + format.decimal.length),
  };
}

/** The code of the last rule that the picture breaks (XPath F&O 4.7.3), in the order in which the reference checks them. */
function faultOf(parts: Parts, format: DecimalFormat): string | undefined {
  const { picture, integer, fraction, exponent } = parts;
  const repeats = (mark: string): boolean => picture.indexOf(mark) !== picture.lastIndexOf(mark);
  const scaled = picture.includes(format.percent) || picture.includes(format.perMille);
  const point = picture.indexOf(format.decimal);
  const optionalAt = integer.indexOf(format.digit);
  const optionalEnd = fraction.lastIndexOf(format.digit);
  const rules: readonly (readonly [string, boolean])[] = [
    ['D3081', repeats(format.decimal)],
    ['D3082', repeats(format.percent)],
    ['D3083', repeats(format.perMille)],
    ['D3084', picture.includes(format.percent) && picture.includes(format.perMille)],
    ['D3085', !parts.mantissa.split('').some((item) => isDigit(item, format) || item === format.digit)],
    ['D3086', parts.active.split('').some((item) => !isActive(item, format))],
    ['D3087', point >= 0 && [picture[point - 1], picture[point + 1]].includes(format.grouping)],
    ['D3088', point < 0 && integer.endsWith(format.grouping)],
    ['D3089', picture.includes(format.grouping + format.grouping)],
    ['D3090', optionalAt >= 0 && countDigits(integer.slice(0, optionalAt), format) > 0],
    ['D3091', optionalEnd >= 0 && countDigits(fraction.slice(optionalEnd), format) > 0],
    ['D3092', exponent !== undefined && exponent !== '' && scaled],
    ['D3093', exponent !== undefined && (exponent === '' || countDigits(exponent, format) < exponent.length)],
  ];
  return rules.findLast(([, broken]) => broken)?.[0];
}

function countDigits(text: string, format: DecimalFormat): number {
  return text.split('').filter((character) => isDigit(character, format)).length;
}

function countPlaces(text: string, format: DecimalFormat): number {
  return text.split('').filter((character) => isDigit(character, format) || character === format.digit)
    .length;
}

/** XPath F&O 4.7.4. */
function analyse(parts: Parts, format: DecimalFormat): NumberPicture {
  const { integer, fraction, exponent, picture } = parts;
  const groupings = positionsOf(integer, format).map((at) => countPlaces(integer.slice(at), format));
  const scaling = countDigits(integer, format);
  let integerDigitsMin = scaling;
  let fractionDigitsMin = countDigits(fraction, format);
  let fractionDigitsMax = countPlaces(fraction, format);
  if (integerDigitsMin === 0 && fractionDigitsMax === 0) {
    if (exponent === undefined) integerDigitsMin = 1;
    else fractionDigitsMin = fractionDigitsMax = 1;
  }
  if (exponent !== undefined && integerDigitsMin === 0 && integer.includes(format.digit))
    integerDigitsMin = 1;
  if (integerDigitsMin === 0 && fractionDigitsMin === 0) fractionDigitsMin = 1;
  return {
    prefix: parts.prefix,
    suffix: parts.suffix,
    hasDecimal: picture.includes(format.decimal),
    scale: picture.includes(format.percent) ? 100 : picture.includes(format.perMille) ? 1000 : 1,
    integerDigitsMin,
    scaling,
    fractionDigitsMin,
    fractionDigitsMax,
    exponentDigitsMin: exponent === undefined ? 0 : countDigits(exponent, format),
    regularGrouping: regularInterval(groupings),
    groupings,
    fractionGroupings: positionsOf(fraction, format).map((at) => countPlaces(fraction.slice(0, at), format)),
  };
}

function positionsOf(text: string, format: DecimalFormat): number[] {
  const positions: number[] = [];
  for (let at = text.indexOf(format.grouping); at >= 0; at = text.indexOf(format.grouping, at + 1))
    positions.push(at);
  return positions;
}
