import { RE2JS } from 're2js';
import { JsonataError } from '../jsonata-error.ts';
import { DAY_NAMES, fieldOf, MONTH_NAMES } from './date-fields.ts';
import type { DateComponent } from './date-picture.ts';
import { parseDatePicture } from './date-picture.ts';
import type { IntegerReader } from './format-integer.ts';
import { integerReader } from './format-integer.ts';

/** Epoch milliseconds of a text in the picture's form; undefined when it does not have it, or holds nothing. */
export function parseDate(text: string, picture: string, nowMs: number): number | undefined {
  const readers = parseDatePicture(picture).map((part) =>
    'literal' in part ? { component: undefined, pattern: RE2JS.quote(part.literal) } : componentReader(part),
  );
  const pattern = RE2JS.compile(
    readers.map((reader) => `(${reader.pattern})`).join(''),
    RE2JS.CASE_INSENSITIVE,
  );
  const matcher = pattern.matcher(text);
  if (!matcher.matches()) return undefined;
  const fields = new Map<string, number | undefined>();
  for (const [at, reader] of readers.entries()) {
    if (reader.component !== undefined)
      fields.set(reader.component, reader.read(matcher.group(at + 1) ?? ''));
  }
  return fields.size === 0 ? undefined : momentOf(fields, new Date(nowMs));
}

interface ComponentReader extends Omit<IntegerReader, 'read'> {
  readonly component: string;
  read(text: string): number | undefined;
}

function componentReader(part: DateComponent): ComponentReader {
  const { component, integer } = part;
  if (component === 'Z' || component === 'z') return zoneReader(part);
  if (component === 'f') {
    return { component, pattern: '[0-9]+', read: (text) => Number(`0.${text.slice(0, 3)}`) * 1000 };
  }
  if (integer !== undefined) {
    const reader = integerReader(integer);
    return { component, pattern: reader.pattern, read: (text) => reader.read(text) };
  }
  const names = nameValues(part);
  return { component, pattern: '[a-zA-Z]+', read: (text) => names.get(text) };
}

function nameValues(part: DateComponent): ReadonlyMap<string, number> {
  if (part.component === 'P') {
    return new Map([
      ['am', 0],
      ['AM', 0],
      ['pm', 1],
      ['PM', 1],
    ]);
  }
  const names = 'Mx'.includes(part.component) ? MONTH_NAMES : part.component === 'F' ? DAY_NAMES : undefined;
  if (names === undefined) throw new JsonataError('D3133', { value: part.component });
  return new Map(names.map((name, at) => [name.slice(0, part.widthMax), at + 1]));
}

/** Minutes from UTC. */
function zoneReader(part: DateComponent): ComponentReader {
  const { component, integer } = part;
  const separator = integer?.kind === 'decimal' ? integer.regular?.character : undefined;
  const prefix = component === 'z' ? 'GMT' : '';
  return {
    component,
    pattern: `${prefix}[-+][0-9]+${separator === undefined ? '' : `${RE2JS.quote(separator)}[0-9]+`}`,
    read: (text) => {
      const zone = text.slice(prefix.length);
      const at = separator === undefined ? Math.min(zone.length, 3) : zone.indexOf(separator);
      const minutes = zone.slice(separator === undefined ? at : at + separator.length);
      return (
        Number.parseInt(zone.slice(0, at), 10) * 60 + (minutes === '' ? 0 : Number.parseInt(minutes, 10))
      );
    },
  };
}

/** Whether of `all` the components of a date or a time there is at least one, and none of the `others`. */
function consistsOf(fields: ReadonlyMap<string, number | undefined>, all: string, others: string): boolean {
  // A component that is zero counts as not given, as in the reference implementation.
  const given = (component: string): boolean => Boolean(fields.get(component));
  return Array.from(all).some(given) && !Array.from(others).some(given);
}

/**
 * Completes the components: what is more significant than those given comes from now, what is less is zero (or the first).
 * A gap between those given is D3136, as are the two forms by ISO week, which the reference does not read either.
 */
function momentOf(fields: Map<string, number | undefined>, now: Date): number {
  const byDate = consistsOf(fields, 'YMD', 'XxWwd');
  const byDayOfYear = !byDate && consistsOf(fields, 'Yd', 'XMxWwD');
  const byWeekOfMonth = consistsOf(fields, 'Xxw', 'YMWdD');
  const byWeek = !byWeekOfMonth && consistsOf(fields, 'XW', 'YMxwdD');
  const byHalfDay = !consistsOf(fields, 'Hmsf', 'Ph') && consistsOf(fields, 'Phmsf', 'H');
  const dates = byDayOfYear ? 'YD' : byWeekOfMonth ? 'XxwF' : byWeek ? 'XWF' : 'YMD';
  complete(fields, dates + (byHalfDay ? 'Phmsf' : 'Hmsf'), now);
  if (byWeekOfMonth || byWeek) throw new JsonataError('D3136');
  const get = (component: string): number => fields.get(component) ?? 0;
  const month = byDayOfYear ? 0 : Math.max(0, get('M') - 1);
  const day = byDayOfYear ? get('d') : get('D');
  const hours = byHalfDay ? (get('h') === 12 ? 0 : get('h')) + (get('P') === 1 ? 12 : 0) : get('H');
  const utc = Date.UTC(get('Y'), month, day, hours, get('m'), get('s'), get('f'));
  return utc - (get('Z') || get('z')) * 60_000;
}

function complete(fields: Map<string, number | undefined>, components: string, now: Date): void {
  let started = false;
  let ended = false;
  for (const component of components) {
    if (fields.get(component) !== undefined) {
      started = true;
      if (ended) throw new JsonataError('D3136');
    } else if (started) {
      fields.set(component, 'MDd'.includes(component) ? 1 : 0);
      ended = true;
    } else {
      fields.set(component, fieldOf(now, component));
    }
  }
}
