const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

export const DAY_NAMES = [
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
] as const;
export const MONTH_NAMES = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** The number of a component of a moment in UTC; names and zones have none. */
export function fieldOf(date: Date, component: string): number | undefined {
  switch (component) {
    case 'Y':
      return date.getUTCFullYear();
    case 'M':
      return date.getUTCMonth() + 1;
    case 'D':
      return date.getUTCDate();
    case 'd':
      return (midnight(date) - Date.UTC(date.getUTCFullYear(), 0)) / DAY_MS + 1;
    case 'F':
      return date.getUTCDay() || 7;
    case 'W':
      return weekOf(date, date.getUTCFullYear(), 0, 12);
    case 'w':
      return weekOf(date, date.getUTCFullYear(), date.getUTCMonth(), 1);
    case 'X':
      return yearOfWeek(date);
    case 'x':
      return monthOfWeek(date);
    case 'H':
      return date.getUTCHours();
    case 'h':
      return date.getUTCHours() % 12 || 12;
    case 'P':
      return date.getUTCHours() >= 12 ? 1 : 0;
    case 'm':
      return date.getUTCMinutes();
    case 's':
      return date.getUTCSeconds();
    case 'f':
      return date.getUTCMilliseconds();
    default:
      return undefined;
  }
}

function midnight(date: Date): number {
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
}

/** Monday of the first week of a year or a month: the week with its first Thursday, as ISO 8601 counts. */
function firstWeek(year: number, month: number): number {
  const first = Date.UTC(year, month);
  const day = new Date(first).getUTCDay() || 7;
  return day > 4 ? first + (8 - day) * DAY_MS : first - (day - 1) * DAY_MS;
}

/** The week within a period of so many months that begins in the month given, or within the one it belongs to instead. */
function weekOf(date: Date, year: number, month: number, months: number): number {
  const today = midnight(date);
  const start = firstWeek(year, month);
  if (today < start) return Math.floor((today - firstWeek(year, month - months)) / WEEK_MS + 1);
  if (today >= firstWeek(year, month + months)) return 1;
  return Math.floor((today - start) / WEEK_MS + 1);
}

function yearOfWeek(date: Date): number {
  const year = date.getUTCFullYear();
  if (date.getTime() < firstWeek(year, 0)) return year - 1;
  return date.getTime() >= firstWeek(year + 1, 0) ? year + 1 : year;
}

function monthOfWeek(date: Date): number {
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth();
  if (date.getTime() < firstWeek(year, month)) return ((month + 11) % 12) + 1;
  return date.getTime() >= firstWeek(year, month + 1) ? ((month + 1) % 12) + 1 : month + 1;
}
