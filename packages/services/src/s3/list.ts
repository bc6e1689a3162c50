import type { JsonObject } from '@stepyard/asl';
import { escapeXml } from '../wire/http.ts';
import type { S3Store } from '../messaging/fauxqs.ts';

type S3Object = ReturnType<S3Store['getObject']>;

export interface Listing {
  readonly objects: readonly S3Object[];
  readonly commonPrefixes: readonly string[];
  readonly isTruncated: boolean;
  /** The last key or common prefix of the page. */
  readonly last: string;
}

const KEYS_MAX = 1000;

/**
 * One page of a bucket in the order of S3: by the bytes of the keys in UTF-8. (fauxqs lists in the order of the locale, which
 * would reorder a Distributed Map, and repeats a common prefix that ends a page.)
 */
export function listPage(
  store: S3Store,
  bucket: string,
  options: { prefix: string; delimiter: string | undefined; after: string; keysMax: number },
): Listing {
  const { prefix, delimiter, keysMax } = options;
  const after = Buffer.from(options.after);
  const objects: S3Object[] = [];
  const commonPrefixes: string[] = [];
  let last = '';
  for (const object of sortedObjects(store, bucket, prefix)) {
    const end = delimiter === undefined ? -1 : object.key.indexOf(delimiter, prefix.length);
    const name = end < 0 ? object.key : object.key.slice(0, end + (delimiter ?? '').length);
    if (after.length > 0 && Buffer.compare(Buffer.from(name), after) <= 0) continue;
    if (end >= 0 && commonPrefixes.at(-1) === name) continue;
    if (objects.length + commonPrefixes.length >= keysMax)
      return { objects, commonPrefixes, isTruncated: keysMax > 0, last };
    if (end < 0) objects.push(object);
    else commonPrefixes.push(name);
    last = name;
  }
  return { objects, commonPrefixes, isTruncated: false, last };
}

function sortedObjects(store: S3Store, bucket: string, prefix: string): S3Object[] {
  // Throws NoSuchBucket where there is none; the limit is what makes fauxqs give all.
  const { objects } = store.listObjects(bucket, { prefix, maxKeys: Number.MAX_SAFE_INTEGER });
  return objects
    .map((object) => ({ object, bytes: Buffer.from(object.key) }))
    .toSorted((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({ object }) => object);
}

/** ListObjectsV2's members (Size is a number, LastModified an ISO time). */
export function listObjectsV2(store: S3Store, input: JsonObject): JsonObject {
  const text = (name: string): string => (typeof input[name] === 'string' ? input[name] : '');
  const keysMax = Math.min(typeof input['MaxKeys'] === 'number' ? input['MaxKeys'] : KEYS_MAX, KEYS_MAX);
  const token = text('ContinuationToken');
  const delimiter = text('Delimiter');
  const page = listPage(store, text('Bucket'), {
    prefix: text('Prefix'),
    delimiter: delimiter === '' ? undefined : delimiter,
    after: token === '' ? text('StartAfter') : Buffer.from(token, 'base64').toString(),
    keysMax,
  });
  return {
    Name: text('Bucket'),
    Prefix: text('Prefix'),
    KeyCount: page.objects.length + page.commonPrefixes.length,
    MaxKeys: keysMax,
    IsTruncated: page.isTruncated,
    ...(delimiter === '' ? {} : { Delimiter: delimiter }),
    ...(token === '' ? {} : { ContinuationToken: token }),
    ...(text('StartAfter') === '' ? {} : { StartAfter: text('StartAfter') }),
    ...(page.isTruncated ? { NextContinuationToken: Buffer.from(page.last).toString('base64') } : {}),
    ...(page.objects.length === 0 ? {} : { Contents: page.objects.map(objectMembers) }),
    ...(page.commonPrefixes.length === 0
      ? {}
      : { CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: prefix })) }),
  };
}

/** ListObjects, the first version: the marker is a key. */
export function listObjects(store: S3Store, input: JsonObject): JsonObject {
  const marker = typeof input['Marker'] === 'string' ? input['Marker'] : '';
  const {
    KeyCount: _keyCount,
    NextContinuationToken: next,
    StartAfter: _after,
    ...members
  } = listObjectsV2(store, {
    ...input,
    StartAfter: marker,
  });
  return {
    ...members,
    Marker: marker,
    ...(typeof next === 'string' ? { NextMarker: Buffer.from(next, 'base64').toString() } : {}),
  };
}

function objectMembers(object: S3Object): JsonObject {
  return {
    Key: object.key,
    LastModified: object.lastModified.toISOString(),
    ETag: object.etag,
    Size: object.contentLength,
    StorageClass: 'STANDARD',
  };
}

/** A listing as S3 writes it. */
export function listingXml(members: JsonObject): string {
  const write = (name: string, value: unknown): string => {
    if (Array.isArray(value)) return value.map((item: unknown) => write(name, item)).join('');
    if (typeof value === 'object' && value !== null) {
      const inner = Object.entries(value).map(([key, item]) => write(key, item));
      return `<${name}>${inner.join('')}</${name}>`;
    }
    return `<${name}>${escapeXml(String(value))}</${name}>`;
  };
  const body = Object.entries(members).map(([name, value]) => write(name, value));
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n` +
    `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${body.join('')}</ListBucketResult>`
  );
}
