import type { Json, JsonObject } from '@stepyard/asl';
import { isArray, isObject } from '@stepyard/asl';
import { textOf } from '../call.ts';
import type { ReadItem } from '../map-run-io.ts';
import type { ObjectPlace, Reading } from './source-object.ts';
import { fromS3 } from './source-object.ts';

/** `s3:listObjectsV2`: the objects' metadata as items, in the order of S3, page by page. */
export async function* listObjects(reading: Reading, parameters: JsonObject): AsyncGenerator<ReadItem> {
  for await (const { object } of objectsOf(reading, parameters)) {
    yield { value: metadataOf(object), source: `S3://${textOf(parameters['Bucket'])}` };
  }
}

/** LOAD_AND_FLATTEN: the objects themselves, those that have content. */
export async function* listPlaces(reading: Reading, parameters: JsonObject): AsyncGenerator<ObjectPlace> {
  const bucket = textOf(parameters['Bucket']);
  for await (const { object } of objectsOf(reading, parameters)) {
    if (object['Size'] !== 0) yield { bucket, key: textOf(object['Key']) };
  }
}

async function* objectsOf(
  { caller, signal }: Reading,
  parameters: JsonObject,
): AsyncGenerator<{ readonly object: JsonObject }> {
  let token: Json | undefined;
  do {
    const input = { ...parameters, ...(token === undefined ? {} : { ContinuationToken: token }) };
    const call = { service: 's3', operation: 'ListObjectsV2', input, signal };
    const { output } = await fromS3(() => caller.call(call));
    const contents = output['Contents'];
    for (const object of isArray(contents) ? contents : []) if (isObject(object)) yield { object };
    token = output['IsTruncated'] === true ? output['NextContinuationToken'] : undefined;
  } while (token !== undefined);
}

/** As the page on ItemReader shows an item: the time in seconds. */
function metadataOf(object: JsonObject): JsonObject {
  const modifiedMs = Date.parse(textOf(object['LastModified']));
  return {
    Etag: object['ETag'] ?? null,
    Key: object['Key'] ?? null,
    LastModified: Number.isNaN(modifiedMs) ? null : Math.floor(modifiedMs / 1000),
    Size: object['Size'] ?? null,
    StorageClass: object['StorageClass'] ?? null,
  };
}
