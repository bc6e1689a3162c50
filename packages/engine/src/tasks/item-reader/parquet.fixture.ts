import { gzipSync } from 'node:zlib';

/** Fields of a Thrift struct in the compact protocol: id -> what `i32`, `i64`, `text`, `list` and `struct` give. */
type Fields = Readonly<Record<number, Encoded>>;
interface Encoded {
  readonly type: number;
  readonly bytes: Buffer;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}

const zigzag = (value: number): Buffer => varint(value * 2);
const i32 = (value: number): Encoded => ({ type: 5, bytes: zigzag(value) });
const i64 = (value: number): Encoded => ({ type: 6, bytes: zigzag(value) });
const text = (value: string): Encoded => ({
  type: 8,
  bytes: Buffer.concat([varint(value.length), Buffer.from(value)]),
});

function list(items: readonly Encoded[]): Encoded {
  const head = Buffer.from([(items.length << 4) | (items[0]?.type ?? 0)]);
  return { type: 9, bytes: Buffer.concat([head, ...items.map(({ bytes }) => bytes)]) };
}

function struct(fields: Fields): Encoded {
  const parts: Buffer[] = [];
  let before = 0;
  for (const [id, { type, bytes }] of Object.entries(fields)) {
    parts.push(Buffer.from([((Number(id) - before) << 4) | type]), bytes);
    before = Number(id);
  }
  return { type: 12, bytes: Buffer.concat([...parts, Buffer.from([0])]) };
}

const INT64 = 2;
const BYTE_ARRAY = 6;
const GZIP = 2;

/** A Parquet file of rows `{ n, s }`, one row group for each list of rows, pages compressed by gzip. */
export function parquetFile(groups: readonly (readonly { n: bigint; s: string }[])[]): Buffer {
  const parts: Buffer[] = [Buffer.from('PAR1')];
  const rowGroups = groups.map((rows) => {
    const numbers = rows.map(({ n }) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64LE(n);
      return bytes;
    });
    const strings = rows.map(({ s }) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(Buffer.byteLength(s));
      return Buffer.concat([length, Buffer.from(s)]);
    });
    const columns = [column(parts, 'n', INT64, numbers), column(parts, 's', BYTE_ARRAY, strings)];
    return struct({ 1: list(columns), 2: i64(0), 3: i64(rows.length) });
  });
  const schema = [
    struct({ 4: text('schema'), 5: i32(2) }),
    struct({ 1: i32(INT64), 3: i32(0), 4: text('n') }),
    struct({ 1: i32(BYTE_ARRAY), 3: i32(0), 4: text('s'), 6: i32(0) }),
  ];
  const rowCount = groups.reduce((count, rows) => count + rows.length, 0);
  const footer = struct({ 1: i32(1), 2: list(schema), 3: i64(rowCount), 4: list(rowGroups) }).bytes;
  const footerLength = Buffer.alloc(4);
  footerLength.writeUInt32LE(footer.length);
  return Buffer.concat([...parts, footer, footerLength, Buffer.from('PAR1')]);
}

function column(parts: Buffer[], name: string, type: number, values: readonly Buffer[]): Encoded {
  const plain = Buffer.concat(values);
  const compressed = gzipSync(plain);
  const page = struct({ 1: i32(values.length), 2: i32(0), 3: i32(3), 4: i32(3) });
  const header = struct({ 1: i32(0), 2: i32(plain.length), 3: i32(compressed.length), 5: page }).bytes;
  const offset = parts.reduce((length, part) => length + part.length, 0);
  parts.push(header, compressed);
  const size = header.length + compressed.length;
  const metadata = struct({
    1: i32(type),
    2: list([i32(0)]),
    3: list([text(name)]),
    4: i32(GZIP),
    5: i64(values.length),
    6: i64(header.length + plain.length),
    7: i64(size),
    9: i64(offset),
  });
  return struct({ 2: i64(offset), 3: metadata });
}
