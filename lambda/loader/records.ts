import { Buffer } from 'node:buffer';

/** One record, ready to be stored: `id`, and its JSON text exactly as the queue's consumers will get it. */
export interface LoadedRecord {
  readonly id: string;
  readonly payload: string;
}

/** The input has mistakes. Nothing was written. The message names the record, the reason and, for a file, the line. */
export class InvalidRecordsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvalidRecordsError';
  }
}

/** DynamoDB's limit for a partition key. */
export const ID_BYTES_MAX = 2048;
/** What the transfer can send on: a page of one such record still fits a state's 262,144 bytes. */
export const PAYLOAD_BYTES_MAX = 200_000;
export const RECORDS_MAX = 1_000_000;

/** Checks records that came as JSON values. `key` names the field that identifies a record. */
export function recordsFromValues(values: readonly unknown[], key: string): LoadedRecord[] {
  const records = values.map((value, index) => toRecord(value, undefined, key, `record ${index + 1}`));
  return checked(records, (index) => `record ${index + 1}`);
}

/**
 * Checks a file of JSON Lines: one object a line, blank lines ignored. A record's payload is its line as it stands (but for
 * what SQS would refuse), so that numbers keep their spelling.
 */
export function recordsFromLines(text: string, key: string): LoadedRecord[] {
  const records: LoadedRecord[] = [];
  const lines: number[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '') continue;
    const where = `line ${index + 1}`;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (error) {
      throw new InvalidRecordsError(
        `${where}: not JSON: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    records.push(toRecord(value, line, key, where));
    lines.push(index + 1);
  }
  return checked(records, (index) => `line ${lines[index]}`);
}

function toRecord(value: unknown, text: string | undefined, key: string, where: string): LoadedRecord {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidRecordsError(`${where}: a record must be a JSON object`);
  }
  if (!Object.hasOwn(value, key)) {
    throw new InvalidRecordsError(`${where}: the key "${key}" is missing`);
  }
  const id = idFrom(Reflect.get(value, key), key, where);
  const payload = sendable(text ?? JSON.stringify(value));
  const bytes = Buffer.byteLength(payload);
  if (bytes > PAYLOAD_BYTES_MAX) {
    throw new InvalidRecordsError(`${where}: ${bytes} bytes; a record may have ${PAYLOAD_BYTES_MAX}`);
  }
  return { id, payload };
}

/** SQS refuses two characters that JSON allows in a string, and only there: escaped, the same value can be sent. */
function sendable(json: string): string {
  return json.replaceAll(/[\uFFFE\uFFFF]/gu, (char) => `\\u${char.charCodeAt(0).toString(16)}`);
}

function idFrom(value: unknown, key: string, where: string): string {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) {
      throw new InvalidRecordsError(
        `${where}: the key "${key}" is a number that cannot be kept exactly; write it as a string`,
      );
    }
    return String(value);
  }
  if (typeof value !== 'string') {
    throw new InvalidRecordsError(`${where}: the key "${key}" must be a string or an integer`);
  }
  if (value === '') throw new InvalidRecordsError(`${where}: the key "${key}" is empty`);
  if (Buffer.byteLength(value) > ID_BYTES_MAX) {
    throw new InvalidRecordsError(`${where}: the key "${key}" is longer than ${ID_BYTES_MAX} bytes`);
  }
  return value;
}

function checked(records: LoadedRecord[], where: (index: number) => string): LoadedRecord[] {
  if (records.length > RECORDS_MAX) {
    throw new InvalidRecordsError(
      `${records.length} records; at most ${RECORDS_MAX} can be loaded at a time`,
    );
  }
  const seen = new Map<string, number>();
  for (const [index, { id }] of records.entries()) {
    const first = seen.get(id);
    if (first !== undefined) {
      throw new InvalidRecordsError(
        `${where(index)}: the key ${JSON.stringify(id)} is already that of ${where(first)}`,
      );
    }
    seen.set(id, index);
  }
  return records;
}
