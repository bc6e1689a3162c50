/** How numbers, times and sizes are written. One place, so that every page writes them alike. */

const NUMBER = new Intl.NumberFormat('en-US');
const DATE = new Intl.DateTimeFormat('en-CA', {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

export function formatCount(count: number): string {
  return NUMBER.format(count);
}

/** `1 event`, `2,000 events`. */
export function formatCounted(count: number, one: string, many = `${one}s`): string {
  return `${NUMBER.format(count)} ${count === 1 ? one : many}`;
}

/** Milliseconds as people say them: `0 ms`, `840 ms`, `1.24 s`, `2 min 05 s`, `3 h 20 min`, `12 d 4 h`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 0) return `−${formatDuration(-milliseconds)}`;
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  return parts(Math.round(seconds));
}

/** A round time on a scale: `200 ms`, `1.5 s`, `2 min`, `1 h 30 min`. */
export function formatTick(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds} ms`;
  if (milliseconds < 60_000) return `${milliseconds / 1000} s`;
  return parts(Math.round(milliseconds / 1000)).replace(/ 00 (?:s|min)$/u, '');
}

/** A time to come, by the second: `12 s`, `1 min 05 s`. */
export function formatCountdown(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  return seconds < 60 ? `${seconds} s` : parts(seconds);
}

function parts(seconds: number): string {
  const [days, hours] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24];
  const [minutes, rest] = [Math.floor(seconds / 60) % 60, seconds % 60];
  if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`;
  if (hours > 0) return `${hours} h ${String(minutes).padStart(2, '0')} min`;
  return `${minutes} min ${String(rest).padStart(2, '0')} s`;
}

/** Bytes with binary prefixes. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const [size, unit] = bytes < 1024 ** 2 ? [bytes / 1024, 'KiB'] : [bytes / 1024 ** 2, 'MiB'];
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${unit}`;
}

/** Local date and time by the second. */
export function formatDate(epochMs: number): string {
  return DATE.format(epochMs).replace(', ', ' ');
}

/** Local time of day with milliseconds. */
export function formatTime(epochMs: number): string {
  const milliseconds = String(Math.floor(((epochMs % 1000) + 1000) % 1000)).padStart(3, '0');
  return `${DATE.format(epochMs).slice(-8)}.${milliseconds}`;
}

/** How long ago, roughly. */
export function formatAgo(epochMs: number, nowMs: number): string {
  const seconds = Math.round((nowMs - epochMs) / 1000);
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** A small amount of US dollars, with as many digits as it takes to see something. */
export function formatUsd(dollars: number): string {
  if (dollars === 0) return '$0';
  if (dollars >= 1) return `$${dollars.toFixed(2)}`;
  return `$${dollars.toFixed(Math.min(9, Math.max(2, 1 - Math.floor(Math.log10(dollars)))))}`;
}
