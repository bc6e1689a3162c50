import { CsvError, parse } from 'csv-parse/sync';
import type { SourceRecord } from './record.ts';
import { quoted, RecordMistake, toRecord } from './record.ts';

interface Row {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/**
 * Reads CSV (RFC 4180) with a header. Every value is a string. The object is built from the header here and not by the
 * library, which would lose a column named `__proto__`. Throws {@link RecordMistake}.
 */
export function readCsv(text: string, key: string): SourceRecord[] {
  const [header, ...rows] = parseRows(text);
  if (header === undefined) throw new RecordMistake(1, 'a CSV file needs a header line');
  checkHeader(header, key);
  let previous = header.info.lines;
  return rows.map(({ record, info }) => {
    // `lines` counts to the end of the row; a quoted value with a line break makes it start earlier.
    const line = Math.min(previous + 1, info.lines);
    previous = info.lines;
    const members = header.record.map(
      (name, column) => `${JSON.stringify(name)}:${JSON.stringify(record[column] ?? '')}`,
    );
    const json = `{${members.join(',')}}`;
    return toRecord(JSON.parse(json), json, key, line);
  });
}

function parseRows(text: string): readonly Row[] {
  try {
    const rows: unknown = parse(text, { info: true, skip_empty_lines: true });
    return Array.isArray(rows) ? rows.filter(isRow) : [];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = error['lines'];
    throw new RecordMistake(typeof line === 'number' ? line : undefined, `not CSV: ${error.message}`);
  }
}

/** The library's types do not know what its option `info` does to a row. */
function isRow(row: unknown): row is Row {
  return typeof row === 'object' && row !== null && 'record' in row && 'info' in row;
}

function checkHeader({ record: names, info }: Row, key: string): void {
  const seen = new Set<string>();
  for (const [column, name] of names.entries()) {
    if (name === '') throw new RecordMistake(info.lines, `column ${column + 1} of the header has no name`);
    if (seen.has(name))
      throw new RecordMistake(info.lines, `the header has the column ${quoted(name)} twice`);
    seen.add(name);
  }
  if (!seen.has(key)) {
    throw new RecordMistake(
      info.lines,
      `the header has no column ${quoted(key)} to be the key (choose another with --key NAME)`,
    );
  }
}
