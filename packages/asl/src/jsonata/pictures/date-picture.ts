import { JsonataError } from '../jsonata-error.ts';
import { integerPictureOf } from './format-integer.ts';
import type { DecimalPicture, IntegerPicture } from './integer-picture.ts';

/** The picture of a date and time, as XPath's format-dateTime defines it: literals and components in brackets. */
export type DatePart = { readonly literal: string } | DateComponent;

export interface DateComponent {
  /** `Y`, `M`, `D`, … as XPath has them, and `X`, `x` for the year and month of an ISO week. */
  readonly component: string;
  /** Written as a name: Monday, April. */
  readonly names: 'lower' | 'title' | 'upper' | undefined;
  readonly widthMax: number | undefined;
  /** `t` after the presentation: UTC is Z. */
  readonly zuluZone: boolean;
  /** How its number is written; undefined for components without one, and for names. */
  integer: IntegerPicture | undefined;
  /** Digits of the year that are kept; undefined: all. */
  readonly yearDigits: number | undefined;
}

const PRESENTATIONS: Readonly<Record<string, string>> = {
  Y: '1',
  M: '1',
  D: '1',
  d: '1',
  F: 'n',
  W: '1',
  w: '1',
  X: '1',
  x: '1',
  H: '1',
  h: '1',
  P: 'n',
  m: '01',
  s: '01',
  f: '1',
  Z: '01:01',
  z: '01:01',
  C: 'n',
  E: 'n',
};

/** The components that are numbers unless their presentation is a name. */
const NUMBERS = 'YMDdFWwXxHhmsf';

export function parseDatePicture(picture: string): readonly DatePart[] {
  const parts: DatePart[] = [];
  let literal = '';
  let at = 0;
  const flush = (): void => {
    if (literal !== '') parts.push({ literal: literal.replaceAll(']]', ']') });
    literal = '';
  };
  while (at < picture.length) {
    if (picture[at] !== '[') {
      literal += picture[at++] ?? '';
    } else if (picture[at + 1] === '[') {
      flush();
      parts.push({ literal: '[' });
      at += 2;
    } else {
      flush();
      const end = picture.indexOf(']', at);
      if (end < 0) throw new JsonataError('D3135');
      addComponent(parts, picture.slice(at + 1, end).replaceAll(/\s+/g, ''));
      at = end + 1;
    }
  }
  flush();
  return parts;
}

function addComponent(parts: DatePart[], marker: string): void {
  const previous = parts.at(-1);
  const component = componentOf(marker);
  const { integer } = component;
  // Two numbers without anything between them: the first one is read with exactly its own digits.
  if (
    integer !== undefined &&
    NUMBERS.includes(component.component) &&
    previous !== undefined &&
    'component' in previous
  ) {
    if (previous.integer?.kind === 'decimal') {
      previous.integer = { ...previous.integer, digitsToRead: previous.integer.digitsMin };
    }
  }
  parts.push(component);
}

function componentOf(marker: string): DateComponent {
  const component = marker.charAt(0);
  const comma = marker.lastIndexOf(',');
  const width = comma < 0 ? undefined : widthOf(marker.slice(comma + 1));
  const given = comma < 0 ? marker.slice(1) : marker.slice(1, comma);
  const modifier = given.length > 1 && 'atco'.includes(given.at(-1) ?? '') ? (given.at(-1) ?? '') : '';
  const shown = given === '' && Object.hasOwn(PRESENTATIONS, component) ? PRESENTATIONS[component] : given;
  const presentation = modifier === '' ? shown : given.slice(0, -1);
  if (presentation === undefined || presentation === '')
    throw new JsonataError('D3132', { value: component });
  const names = namesOf(presentation);
  const number = names === undefined ? numberOf(component, presentation, modifier, width) : undefined;
  return {
    component,
    names,
    widthMax: width?.max,
    zuluZone: modifier === 't',
    integer: 'Zz'.includes(component) ? integerPictureOf(presentation) : number?.picture,
    yearDigits: number?.yearDigits,
  };
}

function namesOf(presentation: string): DateComponent['names'] {
  if (presentation.startsWith('n')) return 'lower';
  if (!presentation.startsWith('N')) return undefined;
  return presentation[1] === 'n' ? 'title' : 'upper';
}

interface Width {
  readonly min: number | undefined;
  readonly max: number | undefined;
}

function widthOf(text: string): Width {
  const [min, max] = text.split('-', 2);
  return { min: widthNumber(min), max: widthNumber(max) };
}

function widthNumber(text: string | undefined): number | undefined {
  if (text === undefined || text === '*') return undefined;
  const number = Number.parseInt(text, 10);
  return Number.isNaN(number) ? undefined : number;
}

function numberOf(
  component: string,
  presentation: string,
  modifier: string,
  width: Width | undefined,
): { picture: IntegerPicture; yearDigits: number | undefined } | undefined {
  if (!NUMBERS.includes(component)) return undefined;
  const picture = integerPictureOf(modifier === '' ? presentation : `${presentation};${modifier}`);
  if (picture.kind !== 'decimal') return { picture, yearDigits: component === 'Y' ? width?.max : undefined };
  const widened: DecimalPicture = { ...picture, digitsMin: Math.max(picture.digitsMin, width?.min ?? 0) };
  if (component !== 'Y') return { picture: widened, yearDigits: undefined };
  if (width?.max !== undefined)
    return { picture: { ...widened, digitsMin: width.max }, yearDigits: width.max };
  const digits = widened.digitsMin + widened.optionalDigits;
  return { picture: widened, yearDigits: digits >= 2 ? digits : undefined };
}
