import { readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { readCsv } from './csv.ts';
import { readJsonArray } from './json-array.ts';
import { readJsonLines } from './json-lines.ts';
import type { SourceRecord } from './record.ts';
import { checkTogether, FILE_BYTES_MAX, RecordMistake, RecordsFileError } from './record.ts';

export type RecordsFormat = 'JSON' | 'JSON Lines' | 'CSV';

export interface RecordsFile {
  readonly path: string;
  readonly format: RecordsFormat;
  readonly records: readonly SourceRecord[];
}

const FORMATS: Readonly<Record<string, RecordsFormat>> = {
  '.json': 'JSON',
  '.jsonl': 'JSON Lines',
  '.ndjson': 'JSON Lines',
  '.csv': 'CSV',
};

const READERS: Readonly<Record<RecordsFormat, (text: string, key: string) => SourceRecord[]>> = {
  JSON: readJsonArray,
  'JSON Lines': readJsonLines,
  CSV: readCsv,
};

/**
 * Reads and checks a whole file of records before anything is done with the first one. `key` names the field that tells
 * records apart. Throws {@link RecordsFileError} for whatever is wrong with the file.
 */
export function readRecordsFile(path: string, key: string): RecordsFile {
  const text = readText(path);
  const format = FORMATS[extname(path).toLowerCase()] ?? formatOf(text);
  try {
    const records = READERS[format](text, key);
    checkTogether(records);
    return { path, format, records };
  } catch (error) {
    if (!(error instanceof RecordMistake)) throw error;
    throw new RecordsFileError(path, error.line, error.message);
  }
}

/** For a file whose name does not say it: by its first character. */
function formatOf(text: string): RecordsFormat {
  const first = text.trimStart().charAt(0);
  if (first === '[') return 'JSON';
  return first === '{' ? 'JSON Lines' : 'CSV';
}

function readText(path: string): string {
  let bytes: Uint8Array;
  try {
    const { size } = statSync(path);
    if (size > FILE_BYTES_MAX) {
      throw new RecordsFileError(
        path,
        undefined,
        `the file has ${size} bytes; at most ${FILE_BYTES_MAX} are taken`,
      );
    }
    bytes = readFileSync(path);
  } catch (error) {
    if (error instanceof RecordsFileError) throw error;
    throw new RecordsFileError(path, undefined, readProblem(error));
  }
  try {
    // The decoder drops a byte order mark.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new RecordsFileError(path, lineOfInvalidUtf8(bytes), 'not UTF-8: save the file in that encoding');
  }
}

function readProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'this is a directory';
  if (code === 'EACCES') return 'the file may not be read';
  return `the file cannot be read (${String(code ?? error)})`;
}

const LINE_FEED = 10;

/** UTF-8 never has a line feed inside a character, so each line can be looked at by itself. */
function lineOfInvalidUtf8(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(LINE_FEED, start);
    try {
      decoder.decode(bytes.subarray(start, end === -1 ? bytes.length : end));
    } catch {
      return line;
    }
    if (end === -1) break;
    start = end + 1;
  }
  return line;
}
