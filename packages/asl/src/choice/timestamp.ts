const TIMESTAMP =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2}(?::\d{2})?)$/;

/** A moment with nanoseconds: milliseconds would make two different timestamps equal. */
export interface Moment {
  readonly epochSeconds: number;
  readonly nanoseconds: number;
}

/** Reads an RFC 3339 timestamp (`T` and the zone are required, as for AWS); undefined when it is none or no such date exists. */
export function parseTimestamp(text: string): Moment | undefined {
  const parts = TIMESTAMP.exec(text);
  if (parts === null) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0));
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const clock = [hour ?? 0, minute ?? 0, second ?? 0] as const;
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (clock[0] > 23 || clock[1] > 59 || clock[2] > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const offset = offsetSeconds(parts[8] ?? 'Z');
  if (offset === undefined) return undefined;
  const epochSeconds = date.getTime() / 1000 + clock[0] * 3600 + clock[1] * 60 + clock[2] - offset;
  return { epochSeconds, nanoseconds: Number((parts[7] ?? '').padEnd(9, '0')) };
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function offsetSeconds(zone: string): number | undefined {
  if (zone === 'Z') return 0;
  const [hours, minutes, seconds] = zone.slice(1).split(':').map(Number);
  if ((hours ?? 0) > 18 || (minutes ?? 0) > 59 || (seconds ?? 0) > 59) return undefined;
  const total = (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0);
  return zone.startsWith('-') ? -total : total;
}

/** Negative, zero or positive as `a` is before, at or after `b`. */
export function compareMoments(a: Moment, b: Moment): number {
  return a.epochSeconds - b.epochSeconds || a.nanoseconds - b.nanoseconds;
}
