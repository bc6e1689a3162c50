/**
 * Schedule expressions of EventBridge rules, in UTC.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
import { apiError } from '../service.ts';

/** When a rule runs next after an instant, both in epoch milliseconds; undefined: never again. */
export type Schedule = (afterMs: number) => number | undefined;

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const UNITS: Readonly<Record<string, number>> = { minute: MINUTE_MS, hour: 3_600_000, day: DAY_MS };
const YEAR_MIN = 1970;
const YEAR_MAX = 2199;
/** The rarest day there is, a 29th of February on one day of the week, comes within 40 years. */
const DAYS_MAX = 366 * 41;

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** Reads `rate(5 minutes)` or `cron(0 12 * * ? *)`; rates count from `startMs`. Throws ValidationException. */
export function parseSchedule(expression: string, startMs: number): Schedule {
  const rate = /^rate\((\d{1,6}) (minute|hour|day)(s?)\)$/u.exec(expression);
  if (rate !== null) return parseRate(Number(rate[1]), rate[2] ?? '', rate[3] === 's', startMs);
  const fields = /^cron\(([^()]+)\)$/u.exec(expression)?.[1]?.trim().split(/\s+/u);
  if (fields?.length !== 6) throw invalid();
  return parseCron(fields);
}

function parseRate(value: number, unit: string, isPlural: boolean, startMs: number): Schedule {
  // One minute, two minutes.
  if (value === 0 || (value === 1) === isPlural) throw invalid();
  const rateMs = value * (UNITS[unit] ?? MINUTE_MS);
  return (afterMs) => startMs + (Math.floor(Math.max(0, afterMs - startMs) / rateMs) + 1) * rateMs;
}

type DayTest = (year: number, month: number, day: number) => boolean;

function parseCron(fields: readonly string[]): Schedule {
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = '', year = ''] = fields;
  // One of the two says nothing.
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) throw invalid();
  const minutes = numbers(minute, 0, 59);
  const hours = numbers(hour, 0, 23);
  const months = numbers(month, 1, 12, MONTHS);
  const years = numbers(year, YEAR_MIN, YEAR_MAX);
  const isDay = dayOfWeek === '?' ? monthDays(dayOfMonth) : weekDays(dayOfWeek);
  return (afterMs) => {
    const first = (Math.floor(afterMs / MINUTE_MS) + 1) * MINUTE_MS;
    let dayMs = Math.floor(first / DAY_MS) * DAY_MS;
    for (let count = 0; count < DAYS_MAX; count += 1) {
      const date = new Date(dayMs);
      const [y, m, d] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
      if (y > YEAR_MAX) return undefined;
      if (years.has(y) && months.has(m) && isDay(y, m, d)) {
        const atMs = timeOfDay(dayMs, hours, minutes, first);
        if (atMs !== undefined) return atMs;
      }
      dayMs = years.has(y) ? dayMs + DAY_MS : Date.UTC(y + 1, 0, 1);
    }
    return undefined;
  };
}

/** The first time of a day that is not before `first`. */
function timeOfDay(
  dayMs: number,
  hours: ReadonlySet<number>,
  minutes: ReadonlySet<number>,
  first: number,
): number | undefined {
  for (const hour of hours) {
    for (const minute of minutes) {
      const atMs = dayMs + (hour * 60 + minute) * MINUTE_MS;
      if (atMs >= first) return atMs;
    }
  }
  return undefined;
}

/** `*`, `1,2`, `1-5`, `0/15`, `MON-FRI`: the numbers, in order. */
function numbers(
  field: string,
  min: number,
  max: number,
  names: readonly string[] = [],
): ReadonlySet<number> {
  const found = new Set<number>();
  const read = (text: string): number => {
    const named = names.indexOf(text.toUpperCase());
    const value = named === -1 ? Number(text) : named + min;
    if (!/^(?:\d{1,4}|[A-Za-z]{3})$/u.test(text) || !Number.isInteger(value) || value < min || value > max)
      throw invalid();
    return value;
  };
  for (const part of field.split(',')) {
    const [range = '', step, ...more] = part.split('/');
    if (more.length > 0 || (step !== undefined && !/^[1-9]\d{0,3}$/u.test(step))) throw invalid();
    const [from = '', to, ...others] = range.split('-');
    if (others.length > 0) throw invalid();
    const start = range === '*' ? min : read(from);
    const end = range === '*' || (to === undefined && step !== undefined) ? max : read(to ?? from);
    if (end < start) throw invalid();
    for (let value = start; value <= end; value += Number(step ?? 1)) found.add(value);
  }
  return new Set([...found].toSorted((a, b) => a - b));
}

/** Day of the month: numbers, `L` for the last, `15W` for the weekday nearest to the 15th. */
function monthDays(field: string): DayTest {
  if (field === 'L') return (year, month, day) => day === daysIn(year, month);
  const weekday = /^(\d{1,2})W$/u.exec(field)?.[1];
  if (weekday === undefined) {
    const days = numbers(field, 1, 31);
    return (_year, _month, day) => days.has(day);
  }
  const [wanted = 1] = numbers(weekday, 1, 31);
  return (year, month, day) => wanted <= daysIn(year, month) && day === nearestWeekday(year, month, wanted);
}

/** Day of the week, 1 for Sunday: numbers and names, `6L` for the last Friday, `3#2` for the second Tuesday. */
function weekDays(field: string): DayTest {
  const last = /^([1-7]|[A-Za-z]{3})L$/u.exec(field)?.[1];
  if (last !== undefined) {
    const [wanted] = numbers(last, 1, 7, WEEKDAYS);
    return (year, month, day) => weekdayOf(year, month, day) === wanted && day + 7 > daysIn(year, month);
  }
  const [, which, nth] = /^([1-7]|[A-Za-z]{3})#([1-5])$/u.exec(field) ?? [];
  if (which !== undefined) {
    const [wanted] = numbers(which, 1, 7, WEEKDAYS);
    return (year, month, day) => weekdayOf(year, month, day) === wanted && Math.ceil(day / 7) === Number(nth);
  }
  const days = field === 'L' ? new Set([7]) : numbers(field, 1, 7, WEEKDAYS);
  return (year, month, day) => days.has(weekdayOf(year, month, day));
}

function weekdayOf(year: number, month: number, day: number): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** Within the month: a Saturday the 1st is the 3rd. */
function nearestWeekday(year: number, month: number, day: number): number {
  const weekday = weekdayOf(year, month, day);
  if (weekday === 7) return day === 1 ? 3 : day - 1;
  if (weekday === 1) return day === daysIn(year, month) ? day - 2 : day + 1;
  return day;
}

function invalid(): Error {
  return apiError('eventbridge', 'ValidationException', 'Parameter ScheduleExpression is not valid.');
}
