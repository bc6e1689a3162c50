import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { AsyncBuffer, Compressors } from 'hyparquet';
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import type { Json } from '@stepyard/asl';
import { setOwn } from '@stepyard/asl';
import type { ReadItem } from '../map-run-io.ts';
import { MapRunFailure } from '../map-run-io.ts';
import type { ObjectPlace, Reading } from './source-object.ts';
import { fromS3, uriOf } from './source-object.ts';

/** Snappy is in hyparquet itself. */
const COMPRESSORS: Compressors = {
  GZIP: (input) => gunzipSync(input),
  ZSTD: (input) => zstdDecompressSync(input),
  BROTLI: (input) => brotliDecompressSync(input),
};

/** A Parquet file, one row group in memory at a time: each row an object. */
export async function* readParquet(reading: Reading, place: ObjectPlace): AsyncGenerator<ReadItem> {
  const source = uriOf(place);
  const file = await openFile(reading, place);
  const metadata = await wellFormed(source, () => parquetMetadataAsync(file));
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const from = rowStart;
    const rows = await wellFormed(source, () =>
      parquetReadObjects({ file, metadata, rowStart: from, rowEnd, compressors: COMPRESSORS }),
    );
    for (const row of rows) yield { value: toJson(row), source };
    rowStart = rowEnd;
  }
}

async function openFile(reading: Reading, place: ObjectPlace): Promise<AsyncBuffer> {
  const read = (range: { start: number; end: number }): ReturnType<Reading['caller']['readObject']> =>
    fromS3(() => reading.caller.readObject({ ...place, ...reading.owner, range, signal: reading.signal }));
  const { sizeBytes } = await read({ start: 0, end: 1 });
  return {
    byteLength: sizeBytes,
    async slice(start, end = sizeBytes) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of (await read({ start, end: Math.min(end, sizeBytes) })).body)
        chunks.push(chunk);
      const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
      let at = 0;
      for (const chunk of chunks) {
        bytes.set(chunk, at);
        at += chunk.length;
      }
      return bytes.buffer;
    },
  };
}

async function wellFormed<T>(source: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof MapRunFailure) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new MapRunFailure(`${source} is not a Parquet file that can be read: ${reason}`);
  }
}

/** Dates become ISO 8601, 64-bit integers numbers, bytes base64. */
function toJson(value: unknown): Json {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object') return null;
  if (value === null) return null;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value) || ArrayBuffer.isView(value))
    return Array.from(value as Iterable<unknown>, toJson);
  const object: Record<string, Json> = {};
  for (const [name, member] of Object.entries(value)) setOwn(object, name, toJson(member));
  return object;
}
