import { Buffer } from 'node:buffer';

/** A record of the user's, checked: what becomes a row of the table and later the body of a message. */
export interface SourceRecord {
  /** The value of the key; an integer as text. */
  readonly id: string;
  /** The record as one line of JSON. Where the file is JSON, it is the file's own spelling: `1.0` stays `1.0`. */
  readonly text: string;
  /** Where it starts in the file, from 1. */
  readonly line: number;
}

/** A record travels inside the state of an execution and as one message: far below both limits of 256 KiB. */
export const RECORD_BYTES_MAX = 100 * 1024;
/** What the loader function takes; also for the JSON Lines that are made of a file, which for CSV have more bytes. */
export const FILE_BYTES_MAX = 64 * 1024 * 1024;
/** As many as the loader takes at once. */
export const RECORDS_MAX = 1_000_000;
/** DynamoDB's limit for a partition key. */
export const KEY_BYTES_MAX = 2048;

/** A mistake in the records file. Its message is one line: `file:line: reason`, or `file: reason`. */
export class RecordsFileError extends Error {
  constructor(file: string, line: number | undefined, reason: string) {
    const place = line === undefined ? file : `${file}:${line}`;
    super(oneLine(`${place}: ${reason}`));
    this.name = 'RecordsFileError';
  }
}

/** What a reader of one format says about its place in the file; the file's name is added where it is known. */
export class RecordMistake extends Error {
  readonly line: number | undefined;

  constructor(line: number | undefined, reason: string) {
    super(reason);
    this.name = 'RecordMistake';
    this.line = line;
  }
}

/** Checks one record that was read as JSON. `text` is its JSON on one line. Throws {@link RecordMistake}. */
export function toRecord(value: unknown, text: string, key: string, line: number): SourceRecord {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RecordMistake(line, 'a record must be a JSON object');
  }
  if (!Object.hasOwn(value, key)) {
    throw new RecordMistake(line, `the key ${quoted(key)} is missing (choose another with --key NAME)`);
  }
  const bytes = Buffer.byteLength(text);
  if (bytes > RECORD_BYTES_MAX) {
    throw new RecordMistake(line, `the record has ${bytes} bytes; at most ${RECORD_BYTES_MAX} can be sent`);
  }
  const found: unknown = Reflect.get(value, key);
  return { id: idFrom(found, key, line), text, line };
}

function idFrom(value: unknown, key: string, line: number): string {
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return String(value);
    throw new RecordMistake(
      line,
      `the key ${quoted(key)} is a number that cannot be kept exactly; write it as a string`,
    );
  }
  if (typeof value !== 'string') {
    throw new RecordMistake(line, `the key ${quoted(key)} must be a string or an integer`);
  }
  if (value === '') throw new RecordMistake(line, `the key ${quoted(key)} is empty`);
  if (Buffer.byteLength(value) > KEY_BYTES_MAX) {
    throw new RecordMistake(line, `the key ${quoted(key)} is longer than ${KEY_BYTES_MAX} bytes`);
  }
  return value;
}

/** Throws {@link RecordMistake} when two records have the same key, or when there are too many or too large together. */
export function checkTogether(records: readonly SourceRecord[]): void {
  if (records.length > RECORDS_MAX) {
    throw new RecordMistake(
      undefined,
      `${records.length} records; at most ${RECORDS_MAX} are taken at a time`,
    );
  }
  const lineOf = new Map<string, number>();
  let bytes = 0;
  for (const { id, text, line } of records) {
    bytes += Buffer.byteLength(text) + 1;
    if (bytes > FILE_BYTES_MAX) {
      throw new RecordMistake(
        line,
        `up to here the records have ${bytes} bytes as JSON; at most ${FILE_BYTES_MAX} are taken`,
      );
    }
    const first = lineOf.get(id);
    if (first !== undefined) {
      throw new RecordMistake(line, `the key ${quoted(id)} is already that of line ${first}`);
    }
    lineOf.set(id, line);
  }
}

/** JSON.stringify keeps it on one line whatever the name holds; a long one is shortened. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
}

/** Control characters (a line break in the excerpt that JSON.parse quotes) would break the promise of one line. */
export function oneLine(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  return text.replaceAll(/[\u0000-\u001f\u007f\u0085\u2028\u2029]+/gu, ' ');
}
