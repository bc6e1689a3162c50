import type { Json } from '@stepyard/asl';
import { isArray, isObject, parseJson, setOwn } from '@stepyard/asl';
import type { ReadItem } from '../map-run-io.ts';
import { MapRunFailure } from '../map-run-io.ts';
import { csvRows } from './csv.ts';
import { linesOf } from './jsonl.ts';
import type { ObjectPlace, Reading } from './source-object.ts';
import { readText, uriOf } from './source-object.ts';

/**
 * An S3 inventory: manifest.json names CSV files, their columns are `fileSchema`.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html
 */
export async function* readInventory(reading: Reading, place: ObjectPlace): AsyncGenerator<ReadItem> {
  const manifest = parseJson(await readText(reading, place));
  if (!isObject(manifest) || !isArray(manifest['files'])) {
    throw new MapRunFailure(`${uriOf(place)} is not the manifest of an S3 inventory.`);
  }
  const { fileFormat, fileSchema, destinationBucket } = manifest;
  if (fileFormat !== 'CSV' || typeof fileSchema !== 'string') {
    throw new MapRunFailure(`${uriOf(place)}: only inventories in CSV format can be read.`);
  }
  const columns = fileSchema.split(',').map((name) => name.trim());
  const bucket =
    typeof destinationBucket === 'string' ? destinationBucket.replace(/^.*:/u, '') : place.bucket;
  for (const file of manifest['files']) {
    const key = isObject(file) ? file['key'] : undefined;
    if (typeof key !== 'string') throw new MapRunFailure(`${uriOf(place)} names a file without a key.`);
    for await (const row of csvRows({ ...reading, config: {}, owner: {} }, { bucket, key })) {
      const value: Record<string, Json> = {};
      for (const [index, column] of columns.entries()) setOwn(value, column, row[index] ?? '');
      yield { value, source: uriOf({ bucket, key }) };
    }
  }
}

/** What an UNLOAD of Athena lists: one `s3://bucket/key` a line. */
export async function* manifestPlaces(reading: Reading, place: ObjectPlace): AsyncGenerator<ObjectPlace> {
  for await (const line of linesOf(reading, place)) {
    const text = line.trim().replace(/^"(.*)"$/u, '$1');
    if (text === '') continue;
    const match = /^s3:\/\/([^/]+)\/(.+)$/iu.exec(text);
    if (match === null)
      throw new MapRunFailure(`${uriOf(place)} has a line that is no S3 URI: ${text.slice(0, 200)}`);
    yield { bucket: match[1] ?? '', key: match[2] ?? '' };
  }
}
