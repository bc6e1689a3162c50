import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { Json, JsonObject } from '@stepyard/asl';
import { describe, expect, test } from 'vitest';
import { MapRunFailure } from '../map-run-io.ts';
import type { ReadItem } from '../map-run-io.ts';
import { memoryS3 } from '../memory-s3.fixture.ts';
import { javaMapOrder } from './csv.ts';
import { readItems } from './read-items.ts';

interface Place {
  readonly resource?: string;
  readonly parameters?: JsonObject;
}
type Objects = Readonly<Record<string, string | Uint8Array>>;

const GET = 'arn:aws:states:::s3:getObject';
const LIST = 'arn:aws:states:::s3:listObjectsV2';

function open(
  objects: Objects,
  config: JsonObject,
  { resource = GET, parameters = { Bucket: 'b', Key: 'k' } }: Place = {},
): AsyncGenerator<ReadItem> {
  const request = { executionArn: 'e', stateName: 'M', source: { resource, parameters, config } };
  return readItems(memoryS3(objects), request, new AbortController().signal);
}

async function all(items: AsyncIterable<ReadItem>): Promise<ReadItem[]> {
  const found: ReadItem[] = [];
  for await (const item of items) found.push(item);
  return found;
}

async function values(...args: Parameters<typeof open>): Promise<Json[]> {
  return (await all(open(...args))).map(({ value }) => value);
}

describe('JSON', () => {
  test('an array', async () => {
    expect(await all(open({ k: '\uFEFF[1,{"a":2}]' }, { InputType: 'JSON' }))).toEqual([
      { value: 1, source: 'S3://b/k' },
      { value: { a: 2 }, source: 'S3://b/k' },
    ]);
  });

  test('what ItemsPointer finds: an array, or the members of an object', async () => {
    const k = '{"a/b":{"~":[[1],[2]]},"o":{"x":1,"y":2}}';
    expect(await values({ k }, { InputType: 'JSON', ItemsPointer: '/a~1b/~0' })).toEqual([[1], [2]]);
    expect(await values({ k }, { InputType: 'JSON', ItemsPointer: '/a~1b/~0/1' })).toEqual([2]);
    expect(await all(open({ k }, { InputType: 'JSON', ItemsPointer: '/o' }))).toEqual([
      { value: 1, key: 'x', source: 'S3://b/k' },
      { value: 2, key: 'y', source: 'S3://b/k' },
    ]);
  });

  test.each([
    ['{"Hello": "world"}', {}, 'Attempting to map over non-iterable node.'],
    ['[1', {}, 'S3://b/k is not valid JSON.'],
    ['{}', { ItemsPointer: '/a' }, "ItemsPointer '/a' does not match the dataset."],
    ['{}', { ItemsPointer: '/toString' }, "ItemsPointer '/toString' does not match the dataset."],
    ['{}', { ItemsPointer: 'a' }, "ItemsPointer 'a' is not a JSON pointer."],
  ])('%s with %j fails', async (k, config, message) => {
    await expect(values({ k }, { InputType: 'JSON', ...config })).rejects.toThrow(new MapRunFailure(message));
  });
});

describe('JSONL', () => {
  test('an item a line', async () => {
    expect(await values({ k: '{"a":1}\n\n[2]\r\n3' }, { InputType: 'JSONL' })).toEqual([{ a: 1 }, [2], 3]);
    await expect(values({ k: '1\n{' }, { InputType: 'JSONL' })).rejects.toThrow('Line 2 of S3://b/k');
  });

  test.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ])('compressed by %s', async (_name, compress) => {
    expect(await values({ k: compress(Buffer.from('1\n2')) }, { InputType: 'JSONL' })).toEqual([1, 2]);
  });
});

describe('CSV (recordings scenarios/*item-reader-*csv*)', () => {
  const FIRST_ROW = { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' };

  test('headers given: too few values are empty, too many are dropped', async () => {
    const k = "Value1,Value2,Value3\n,,,\ntrue,1,'HelloWorld'\nNull,None,\n   \n";
    const config = { InputType: 'CSV', CSVHeaderLocation: 'GIVEN', CSVHeaders: ['H1', 'H2', 'H3'] };
    expect(await values({ k }, config)).toEqual([
      { H1: 'Value1', H2: 'Value2', H3: 'Value3' },
      { H1: '', H2: '', H3: '' },
      { H1: 'true', H2: '1', H3: "'HelloWorld'" },
      { H1: 'Null', H2: 'None', H3: '' },
      { H1: '   ', H2: '', H3: '' },
    ]);
    expect(await values({ k }, { ...config, CSVHeaders: ['H1'] })).toHaveLength(5);
  });

  test('headers in the first row, members in the order of a Java map', async () => {
    const items = await values({ k: '0,True,{}\na,b,c' }, FIRST_ROW);
    expect(JSON.stringify(items)).toBe('[{"0":"a","{}":"c","True":"b"}]');
    expect(javaMapOrder(['userId', 'movieId', 'rating', 'timestamp'])).toEqual([2, 1, 0, 3]);
  });

  test('quotes, delimiters, and names that are no ordinary ones', async () => {
    const k = '\uFEFF__proto__;b\n"x;""y""\nz";2';
    const [item] = await values({ k }, { ...FIRST_ROW, CSVDelimiter: 'SEMICOLON' });
    expect(JSON.stringify(item)).toBe('{"__proto__":"x;\\"y\\"\\nz","b":"2"}');
    for (const [name, delimiter] of [
      ['TAB', '\t'],
      ['PIPE', '|'],
      ['SPACE', ' '],
    ] as const) {
      const text = `a${delimiter}b\n1${delimiter}2`;
      expect(await values({ k: text }, { ...FIRST_ROW, CSVDelimiter: name })).toEqual([{ a: '1', b: '2' }]);
    }
  });

  test('headers may not be twice, nor longer than 10 KiB', async () => {
    await expect(values({ k: 'a,a\n1,2' }, FIRST_ROW)).rejects.toThrow(
      'CSV headers cannot contain duplicates.',
    );
    expect(await values({ k: `${'a'.repeat(10_240)}\n1` }, FIRST_ROW)).toHaveLength(1);
    await expect(values({ k: `${'a'.repeat(10_241)}\n1` }, FIRST_ROW)).rejects.toThrow(
      'cannot exceed 10 KiB',
    );
  });

  test('a file that is not well formed fails', async () => {
    await expect(values({ k: 'a\n"b' }, FIRST_ROW)).rejects.toThrow(MapRunFailure);
  });

  test('is read no further than somebody asks', async () => {
    const caller = memoryS3({ k: `a\n${'some value\n'.repeat(200_000)}` });
    const source = { resource: GET, parameters: { Bucket: 'b', Key: 'k' }, config: FIRST_ROW };
    const request = { executionArn: 'e', stateName: 'M', source };
    const items = readItems(caller, request, new AbortController().signal);
    for (let count = 0; count < 1000; count++) await items.next();
    await items.return(undefined);
    expect(caller.bytesRead).toBeLessThan(400_000);
  });
});

describe('manifests', () => {
  test('of an S3 inventory', async () => {
    const manifest = {
      sourceBucket: 's',
      destinationBucket: 'arn:aws:s3:::b',
      fileFormat: 'CSV',
      fileSchema: 'Bucket, Key, Size',
      files: [{ key: 'data/1.csv.gz' }, { key: 'data/2.csv' }],
    };
    const objects = {
      k: JSON.stringify(manifest),
      'data/1.csv.gz': gzipSync('"s","a%20b","1"\n'),
      'data/2.csv': '"s","c","2"\n',
    };
    const config = { InputType: 'MANIFEST' };
    expect(await all(open(objects, config))).toEqual([
      { value: { Bucket: 's', Key: 'a%20b', Size: '1' }, source: 'S3://b/data/1.csv.gz' },
      { value: { Bucket: 's', Key: 'c', Size: '2' }, source: 'S3://b/data/2.csv' },
    ]);
    const orc = JSON.stringify({ ...manifest, fileFormat: 'ORC' });
    await expect(values({ k: orc }, config)).rejects.toThrow('only inventories in CSV format');
    await expect(values({ k: '[]' }, config)).rejects.toThrow('is not the manifest');
  });

  test('of Athena', async () => {
    const objects = { k: 's3://b/one\ns3://b/two\n', one: '1\n2', two: '3' };
    const config = { InputType: 'JSONL', ManifestType: 'ATHENA_DATA' };
    expect(await values(objects, config)).toEqual([1, 2, 3]);
    await expect(values({ k: 'one' }, config)).rejects.toThrow('no S3 URI');
  });
});

describe('listObjectsV2', () => {
  const parameters = { Bucket: 'b', Prefix: 'p/' };
  const objects = { 'p/': '', 'p/1': '[1]', 'p/2': '[2,3]', q: '' };

  test("gives the objects' metadata, page after page", async () => {
    const items = await all(open(objects, {}, { resource: LIST, parameters }));
    expect(items.map(({ value }) => (value as JsonObject)['Key'])).toEqual(['p/', 'p/1', 'p/2']);
    expect(items[1]).toEqual({
      value: { Etag: '"e"', Key: 'p/1', LastModified: 1_668_702_281, Size: 3, StorageClass: 'STANDARD' },
      source: 'S3://b',
    });
  });

  test('LOAD_AND_FLATTEN gives their content', async () => {
    const config = { InputType: 'JSON', Transformation: 'LOAD_AND_FLATTEN' };
    const items = await all(open(objects, config, { resource: LIST, parameters }));
    expect(items).toEqual([
      { value: 1, source: 'S3://b/p/1' },
      { value: 2, source: 'S3://b/p/2' },
      { value: 3, source: 'S3://b/p/2' },
    ]);
  });
});

test.each([
  [GET, { Bucket: 'b', Key: 'missing' }, 'The specified key does not exist. (Service: S3, Status Code: 404'],
  [GET, { Bucket: 'b' }, 'The ItemReader has no Key.'],
  [LIST, { Bucket: 'x' }, 'The specified bucket does not exist (Service: S3, Status Code: 404'],
  ['arn:aws:states:::s3:other', { Bucket: 'b', Key: 'k' }, 'is not one that an ItemReader can read'],
])('%s of %j fails', async (resource, parameters, message) => {
  await expect(values({ k: '[]' }, {}, { resource, parameters })).rejects.toThrow(message);
});
