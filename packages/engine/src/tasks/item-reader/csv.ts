import { CsvError, parse } from 'csv-parse';
import type { Json, JsonObject } from '@stepyard/asl';
import { isArray, setOwn } from '@stepyard/asl';
import type { ReadItem } from '../map-run-io.ts';
import { MapRunFailure } from '../map-run-io.ts';
import type { ObjectPlace, Reading } from './source-object.ts';
import { openObject, uriOf } from './source-object.ts';

const DELIMITERS: Readonly<Record<string, string>> = {
  COMMA: ',',
  PIPE: '|',
  SEMICOLON: ';',
  SPACE: ' ',
  TAB: '\t',
};

/** "Step Functions supports headers of up to 10 KiB" (page on ItemReader). */
const HEADER_BYTES_MAX = 10_240;

/**
 * A delimited text file, row by row: each an object of texts under the headers. What a row has too little is empty, what it has
 * too much is dropped (recordings scenarios/*item-reader-*csv*).
 */
export async function* readCsv(reading: Reading, place: ObjectPlace): AsyncGenerator<ReadItem> {
  const source = uriOf(place);
  let headers = givenHeaders(reading.config);
  for await (const row of csvRows(reading, place)) {
    if (headers === undefined) headers = headersOf(row);
    else yield { value: itemOf(headers, row), source };
  }
}

/** The rows as they are. Throws {@link MapRunFailure} where the file is not well formed. */
export async function* csvRows(reading: Reading, place: ObjectPlace): AsyncGenerator<readonly string[]> {
  const given = reading.config['CSVDelimiter'];
  const delimiter = (typeof given === 'string' ? DELIMITERS[given] : undefined) ?? ',';
  const parser = parse({ delimiter, bom: true, relax_column_count: true, skip_empty_lines: true });
  const bytes = await openObject(reading, place);
  bytes.on('error', (error) => parser.destroy(error));
  bytes.pipe(parser);
  try {
    for await (const row of parser) yield row as readonly string[];
  } catch (error) {
    if (reading.signal.aborted) return;
    const reason = error instanceof Error ? error.message : String(error);
    throw new MapRunFailure(
      error instanceof CsvError ? `${uriOf(place)}: ${reason}` : `${uriOf(place)} cannot be read: ${reason}`,
    );
  } finally {
    bytes.destroy();
  }
}

interface Headers {
  readonly names: readonly string[];
  /** Positions of the names in the order of an item's members. */
  readonly order: readonly number[];
}

function givenHeaders(config: JsonObject): Headers | undefined {
  const { CSVHeaderLocation: location, CSVHeaders: given } = config;
  if (location !== 'GIVEN') return undefined;
  return headersOf(isArray(given) ? given.map(String) : []);
}

function headersOf(names: readonly string[]): Headers {
  if (new Set(names).size !== names.length) throw new MapRunFailure('CSV headers cannot contain duplicates.');
  if (Buffer.byteLength(names.join()) > HEADER_BYTES_MAX) {
    throw new MapRunFailure('CSV headers cannot exceed 10 KiB.');
  }
  return { names, order: javaMapOrder(names) };
}

export function itemOf({ names, order }: Headers, row: readonly string[]): Json {
  const item: Record<string, Json> = {};
  for (const position of order) setOwn(item, names[position] ?? '', row[position] ?? '');
  return item;
}

/**
 * Items have their members in the order of Java's HashMap (recording *csv-headers-first-row-typed-headers*: `0,True,{}` gives
 * `0`, `{}`, `True`; and the example of the page on ItemReader).
 */
export function javaMapOrder(names: readonly string[]): number[] {
  let capacity = 16;
  while (names.length > capacity * 0.75) capacity *= 2;
  const bucket = (name: string): number => {
    let hash = 0;
    for (let index = 0; index < name.length; index++) {
      hash = (Math.imul(hash, 31) + name.charCodeAt(index)) | 0;
    }
    return (hash ^ (hash >>> 16)) & (capacity - 1);
  };
  return names
    .map((name, position) => ({ position, bucket: bucket(name) }))
    .toSorted((a, b) => a.bucket - b.bucket)
    .map(({ position }) => position);
}
