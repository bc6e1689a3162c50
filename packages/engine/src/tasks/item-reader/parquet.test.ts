import { expect, test } from 'vitest';
import { memoryS3 } from '../memory-s3.fixture.ts';
import type { ReadItem } from '../map-run-io.ts';
import { parquetFile } from './parquet.fixture.ts';
import { readItems } from './read-items.ts';

function open(k: Uint8Array): AsyncGenerator<ReadItem> {
  const source = {
    resource: 'arn:aws:states:::s3:getObject',
    parameters: { Bucket: 'b', Key: 'k' },
    config: { InputType: 'PARQUET' },
  };
  const request = { executionArn: 'e', stateName: 'M', source };
  return readItems(memoryS3({ k }), request, new AbortController().signal);
}

test('rows are items, in order, row group by row group', async () => {
  const file = parquetFile([
    [
      { n: 1n, s: 'one' },
      { n: 2n, s: 'zwölf' },
    ],
    [{ n: 3n, s: '' }],
  ]);
  const items: ReadItem[] = [];
  for await (const item of open(file)) items.push(item);
  expect(items).toEqual([
    { value: { n: 1, s: 'one' }, source: 'S3://b/k' },
    { value: { n: 2, s: 'zwölf' }, source: 'S3://b/k' },
    { value: { n: 3, s: '' }, source: 'S3://b/k' },
  ]);
});

test('what is no Parquet file fails', async () => {
  await expect(open(Buffer.from('no such thing')).next()).rejects.toThrow(
    'is not a Parquet file that can be read',
  );
});
