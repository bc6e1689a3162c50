import type { Range } from '@stepyard/asl';

/** Characters of a source line that are shown; of a longer one the part around the place. */
const WIDTH = 100;
/** Characters shown before the place in a line that is longer. */
const BEFORE = 40;

/**
 * The line of a finding with a caret under each character of it, of the first line when there are several:
 *
 *     3 |   "Next": "Gone"
 *       |           ^^^^^^
 */
export function codeFrame(text: string, { start, end }: Range): string {
  const lineStart = start.offset - (start.column - 1);
  const rest = text.slice(lineStart);
  const length = rest.search(/[\r\n]|$/u);
  const line = length < 0 ? rest : rest.slice(0, length);
  const column = Math.min(start.column - 1, line.length);
  const until =
    end.line === start.line ? Math.min(Math.max(end.column - 1, column + 1), line.length + 1) : line.length;
  const from = line.length <= WIDTH ? 0 : Math.max(0, Math.min(column - BEFORE, line.length - WIDTH));
  const shown = line.slice(from, from + WIDTH);
  const lead = from > 0 ? '...' : '';
  const trail = from + WIDTH < line.length ? '...' : '';
  const carets = Math.max(1, Math.min(until, from + WIDTH) - column);
  const number = String(start.line);
  const gutter = ' '.repeat(number.length);
  const indent = ' '.repeat(lead.length + column - from);
  return `  ${number} | ${lead}${printable(shown)}${trail}\n  ${gutter} | ${indent}${'^'.repeat(carets)}`;
}

/** Text from a file as a terminal may show it: nothing that moves the cursor or changes colours, one column each. */
export function printable(text: string): string {
  return text.replaceAll(/\t/gu, ' ').replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, '\u{fffd}');
}
