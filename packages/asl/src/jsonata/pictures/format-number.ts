import { roundHalfEven } from '../functions/numbers.ts';
import type { DecimalFormat, NumberPicture } from './number-picture.ts';
import { parseNumberPicture } from './number-picture.ts';

/** Most places after the point that a number can be written with here. */
const FRACTION_DIGITS_MAX = 100;

/** Formats a number by a picture (XPath F&O 4.7.5). Throws D3080 to D3093. */
export function formatNumber(value: number, text: string, format: DecimalFormat): string {
  const [positive, negative] = parseNumberPicture(text, format);
  const picture = value >= 0 ? positive : negative;
  const { mantissa, exponent } = scaled(value * picture.scale, picture);
  const places = Math.min(picture.fractionDigitsMax, FRACTION_DIGITS_MAX);
  const [whole = '', decimals = ''] = Math.abs(roundHalfEven(mantissa, places)).toFixed(places).split('.');
  const integer = inFamily(whole.replace(/^0+/, ''), format).padStart(picture.integerDigitsMin, format.zero);
  const fraction = inFamily(decimals.replace(/0+$/, ''), format).padEnd(
    picture.fractionDigitsMin,
    format.zero,
  );
  const shown =
    groupedInteger(integer, picture, format) +
    (picture.hasDecimal && fraction !== '' ? format.decimal : '') +
    groupedFraction(fraction, picture, format);
  return picture.prefix + shown + exponentText(exponent, picture, format) + picture.suffix;
}

function scaled(value: number, picture: NumberPicture): { mantissa: number; exponent: number | undefined } {
  if (picture.exponentDigitsMin === 0) return { mantissa: value, exponent: undefined };
  let mantissa = value;
  let exponent = 0;
  if (mantissa !== 0) {
    const least = 10 ** (picture.scaling - 1);
    const most = 10 ** picture.scaling;
    while (Math.abs(mantissa) < least) {
      mantissa *= 10;
      exponent -= 1;
    }
    while (Math.abs(mantissa) > most) {
      mantissa /= 10;
      exponent += 1;
    }
  }
  return { mantissa, exponent };
}

function inFamily(digits: string, format: DecimalFormat): string {
  if (format.zero === '0') return digits;
  const zero = format.zero.charCodeAt(0);
  return digits.replaceAll(/[0-9]/g, (digit) => String.fromCharCode(zero + Number(digit)));
}

function groupedInteger(digits: string, picture: NumberPicture, format: DecimalFormat): string {
  const positions =
    picture.regularGrouping > 0
      ? Array.from(
          { length: Math.max(0, Math.floor((digits.length - 1) / picture.regularGrouping)) },
          (_, at) => (at + 1) * picture.regularGrouping,
        )
      : picture.groupings.toSorted((a, b) => a - b);
  let text = digits;
  // From the right: what is put in does not move the places further left, counted from the digits' start.
  for (const position of positions) {
    const at = Math.max(0, digits.length - position);
    text = text.slice(0, at) + format.grouping + text.slice(at);
  }
  return text;
}

function groupedFraction(digits: string, picture: NumberPicture, format: DecimalFormat): string {
  let text = digits;
  for (const position of picture.fractionGroupings) {
    text = text.slice(0, position) + format.grouping + text.slice(position);
  }
  return text;
}

function exponentText(exponent: number | undefined, picture: NumberPicture, format: DecimalFormat): string {
  if (exponent === undefined) return '';
  const digits = inFamily(String(Math.abs(exponent)), format).padStart(
    picture.exponentDigitsMin,
    format.zero,
  );
  return format.exponent + (exponent < 0 ? format.minus : '') + digits;
}
