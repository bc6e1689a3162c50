import type { SourceRecord } from './record.ts';
import { RecordMistake, toRecord } from './record.ts';
import { parseJson } from './json-lines.ts';

/**
 * Reads a JSON array of objects. The array is cut into its elements first and each is parsed by itself, so that every record
 * has its line, a mistake is told with the line of its record, and numbers keep their spelling. Throws {@link RecordMistake}.
 */
export function readJsonArray(text: string, key: string): SourceRecord[] {
  return elements(text).map(({ start, end, line }) => {
    const element = text.slice(start, end);
    const value = parseJson(element, line);
    // A line break cannot stand inside a string, so it and the blanks around it are between two tokens.
    return toRecord(value, element.replaceAll(/[\r\n]\s*/gu, ''), key, line);
  });
}

interface Element {
  readonly start: number;
  readonly end: number;
  /** The line of its first character that is not blank. */
  readonly line: number;
}

/** Knows only strings, brackets and commas: what is wrong inside an element, JSON.parse finds. */
function elements(text: string): Element[] {
  const found: Element[] = [];
  const scan = { index: 0, line: 1 };
  skipBlanks(text, scan);
  if (text[scan.index] !== '[') {
    throw new RecordMistake(
      scan.line,
      'a .json file must hold an array of records (one record a line is .jsonl)',
    );
  }
  scan.index += 1;
  for (;;) {
    skipBlanks(text, scan);
    if (text[scan.index] === ']' && found.length === 0) break;
    const { index: start, line } = scan;
    skipElement(text, scan);
    if (scan.index >= text.length) throw new RecordMistake(scan.line, 'the array of records is not closed');
    if (start === scan.index) {
      throw new RecordMistake(line, `a record is missing before ${JSON.stringify(text[start])}`);
    }
    found.push({ start, end: scan.index, line });
    if (text[scan.index] === ']') break;
    scan.index += 1;
  }
  scan.index += 1;
  skipBlanks(text, scan);
  if (scan.index < text.length) throw new RecordMistake(scan.line, 'there is something after the array');
  return found;
}

interface Scan {
  index: number;
  line: number;
}

function skipBlanks(text: string, scan: Scan): void {
  for (; scan.index < text.length; scan.index++) {
    const char = text[scan.index];
    if (char === '\n') scan.line += 1;
    else if (char !== ' ' && char !== '\t' && char !== '\r') return;
  }
}

/** Moves to the comma or bracket that ends the element, or to the end of the text. */
function skipElement(text: string, scan: Scan): void {
  let depth = 0;
  for (; scan.index < text.length; scan.index++) {
    const char = text[scan.index];
    if (char === '\n') scan.line += 1;
    else if (char === '"') skipString(text, scan);
    else if (char === '{' || char === '[') depth += 1;
    else if (depth === 0 && (char === ',' || char === ']')) return;
    else if (char === '}' || char === ']') depth -= 1;
  }
}

/** Moves to the closing quote. A string ends at a line break too: JSON.parse will say so. */
function skipString(text: string, scan: Scan): void {
  for (scan.index += 1; scan.index < text.length; scan.index++) {
    const char = text[scan.index];
    if (char === '\\') scan.index += 1;
    else if (char === '"') return;
    else if (char === '\n') {
      scan.line += 1;
      return;
    }
  }
}
