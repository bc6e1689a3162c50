import type { SourceRecord } from './record.ts';
import { RecordMistake, toRecord } from './record.ts';

/** Reads JSON Lines: one object a line, blank lines ignored. Throws {@link RecordMistake}. */
export function readJsonLines(text: string, key: string): SourceRecord[] {
  const records: SourceRecord[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '') continue;
    records.push(toRecord(parseJson(line, index + 1), line, key, index + 1));
  }
  return records;
}

/** JSON.parse, with a mistake that names the line. `line` is where `text` starts; a later one is found by the position. */
export function parseJson(text: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const position = /\(line (\d+) column \d+\)/u.exec(message);
    const offset = position === null ? 0 : Number(position[1]) - 1;
    throw new RecordMistake(line + offset, `not JSON: ${message.replace(/ \(line \d+ column \d+\)/u, '')}`);
  }
}
