import { JsonataError } from '../jsonata-error.ts';
import { DAY_NAMES, fieldOf, MONTH_NAMES } from './date-fields.ts';
import type { DateComponent } from './date-picture.ts';
import { parseDatePicture } from './date-picture.ts';
import { formatInteger, integerPictureOf } from './format-integer.ts';

const ISO_8601 = '[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]';

interface Offset {
  readonly hours: number;
  readonly minutes: number;
}

/** Formats a moment; without a picture as ISO 8601. `timezone` is an offset like `-0500`. */
export function formatDate(
  epochMs: number,
  picture: string | undefined,
  timezone: string | undefined,
): string {
  const offset = offsetOf(timezone);
  const date = new Date(epochMs + (60 * offset.hours + offset.minutes) * 60_000);
  if (Number.isNaN(date.getTime())) throw new JsonataError('D1001', { value: epochMs });
  return parseDatePicture(picture ?? ISO_8601)
    .map((part) => ('literal' in part ? part.literal : shown(part, date, offset)))
    .join('');
}

function offsetOf(timezone: string | undefined): Offset {
  if (timezone === undefined) return { hours: 0, minutes: 0 };
  const offset = Number.parseInt(timezone, 10);
  return { hours: Math.floor(offset / 100), minutes: offset % 100 };
}

function shown(part: DateComponent, date: Date, offset: Offset): string {
  const { component, integer } = part;
  if (component === 'P') {
    const half = fieldOf(date, 'P') === 1 ? 'pm' : 'am';
    return part.names === 'upper' ? half.toUpperCase() : half;
  }
  if (component === 'Z' || component === 'z') return zoneText(part, offset);
  if (component === 'C' || component === 'E') return 'ISO';
  const value = fieldOf(date, component);
  if (value === undefined) throw new JsonataError('D3132', { value: component });
  if (part.names !== undefined) return nameOf(part, value);
  if (integer === undefined) throw new JsonataError('D3132', { value: component });
  return formatInteger(part.yearDigits === undefined ? value : value % 10 ** part.yearDigits, integer);
}

function nameOf(part: DateComponent, value: number): string {
  const names = 'Mx'.includes(part.component) ? MONTH_NAMES : part.component === 'F' ? DAY_NAMES : undefined;
  const name = names?.[value - 1];
  if (name === undefined) throw new JsonataError('D3133', { value: part.component });
  const cased =
    part.names === 'upper' ? name.toUpperCase() : part.names === 'lower' ? name.toLowerCase() : name;
  return part.widthMax === undefined ? cased : cased.slice(0, part.widthMax);
}

function zoneText(part: DateComponent, { hours, minutes }: Offset): string {
  const offset = hours * 100 + minutes;
  if (offset === 0 && part.zuluZone) return 'Z';
  const sign = offset >= 0 ? '+' : '';
  return (part.component === 'z' ? 'GMT' : '') + sign + zoneDigits(part, hours, minutes, offset);
}

function zoneDigits(part: DateComponent, hours: number, minutes: number, offset: number): string {
  const { integer } = part;
  if (integer?.kind !== 'decimal') throw new JsonataError('D3134');
  if (integer.regular !== undefined) return formatInteger(offset, integer);
  switch (integer.digitsMin) {
    case 1:
    case 2: {
      const text = formatInteger(hours, integer);
      return minutes === 0 ? text : `${text}:${formatInteger(minutes, integerPictureOf('00'))}`;
    }
    case 3:
    case 4:
      return formatInteger(offset, integer);
    default:
      throw new JsonataError('D3134', { value: integer.digitsMin });
  }
}
