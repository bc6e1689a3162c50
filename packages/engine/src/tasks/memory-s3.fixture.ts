import type { JsonObject } from '@stepyard/asl';
import { textOf } from './call.ts';
import { scriptedCaller, serviceError } from './scripted-caller.fixture.ts';
import type { ServiceCaller } from './service-caller.ts';

/** A caller of an S3 that holds these objects: key -> content, all in bucket `b`. */
export function memoryS3(objects: Readonly<Record<string, string | Uint8Array>>): ServiceCaller & {
  readonly put: Map<string, string>;
  /** Bytes that were given out. */
  bytesRead: number;
} {
  const put = new Map<string, string>();
  const keys = Object.keys(objects).toSorted();
  const caller = {
    ...scriptedCaller({}),
    put,
    bytesRead: 0,
    async readObject({ bucket, key, range }: Parameters<ServiceCaller['readObject']>[0]) {
      const content = bucket === 'b' ? objects[key] : undefined;
      if (content === undefined) {
        throw serviceError('s3', 'NoSuchKey', 'The specified key does not exist.', 404);
      }
      const bytes = Buffer.from(content);
      const part = range === undefined ? bytes : bytes.subarray(range.start, range.end);
      return await Promise.resolve({ sizeBytes: bytes.length, body: pieces(part) });
    },
    async call({ operation, input }: Parameters<ServiceCaller['call']>[0]) {
      if (input['Bucket'] !== 'b')
        throw serviceError('s3', 'NoSuchBucket', 'The specified bucket does not exist', 404);
      if (operation === 'PutObject') put.set(textOf(input['Key']), textOf(input['Body']));
      const output: JsonObject = operation === 'ListObjectsV2' ? page(input) : {};
      return await Promise.resolve({ output, statusCode: 200, requestId: 'r-1', headers: {} });
    },
  };
  async function* pieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += 1000) {
      const piece = bytes.subarray(at, at + 1000);
      caller.bytesRead += piece.length;
      await Promise.resolve();
      yield piece;
    }
  }
  function page(input: JsonObject): JsonObject {
    const start = Number(input['ContinuationToken'] ?? 0);
    const matching = keys.filter((key) => key.startsWith(textOf(input['Prefix'])));
    const Contents = matching.slice(start, start + 2).map((Key) => ({
      Key,
      ETag: '"e"',
      LastModified: '2022-11-17T16:24:41.500Z',
      Size: Buffer.byteLength(objects[Key] ?? ''),
      StorageClass: 'STANDARD',
    }));
    return start + 2 < matching.length
      ? { Contents, IsTruncated: true, NextContinuationToken: String(start + 2) }
      : { Contents, IsTruncated: false };
  }
  return caller;
}
