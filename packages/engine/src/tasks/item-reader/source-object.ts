import { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { JsonObject } from '@stepyard/asl';
import type { ObjectRequest, ServiceCaller } from '../service-caller.ts';
import { ServiceError } from '../service-caller.ts';
import { MapRunFailure } from '../map-run-io.ts';

/** What every reader gets to do its work with. */
export interface Reading {
  readonly caller: ServiceCaller;
  /** ReaderConfig. */
  readonly config: JsonObject;
  /** Besides Bucket and Key: VersionId, ExpectedBucketOwner. */
  readonly owner: Pick<ObjectRequest, 'versionId' | 'expectedBucketOwner'>;
  readonly signal: AbortSignal;
}

export interface ObjectPlace {
  readonly bucket: string;
  readonly key: string;
}

/** As the context object names it. */
export function uriOf({ bucket, key }: ObjectPlace): string {
  return `S3://${bucket}/${key}`;
}

/** Largest dataset that is parsed as a whole (JSON): what fits into one string. */
const WHOLE_BYTES_MAX = 400_000_000;

/** Runs calls of S3; what the service refuses is the cause of the map run's failure. */
export async function fromS3<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new MapRunFailure(
      `${error.message} (Service: S3, Status Code: ${error.statusCode}, Request ID: ${error.requestId})`,
    );
  }
}

/**
 * The object's bytes, decompressed: gzip and zstd are told by their first bytes, as
 * https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html allows them for text.
 */
export async function openObject(reading: Reading, place: ObjectPlace): Promise<Readable> {
  const { body } = await fromS3(() =>
    reading.caller.readObject({ ...place, ...reading.owner, signal: reading.signal }),
  );
  const bytes = Readable.from(body, { objectMode: false });
  const head = await firstChunk(bytes);
  if (head !== undefined && head[0] === 0x1f && head[1] === 0x8b) return decompressed(bytes, createGunzip());
  if (head !== undefined && head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528) {
    return decompressed(bytes, createZstdDecompress());
  }
  return bytes;
}

/** What is in front, and put back. */
async function firstChunk(stream: Readable): Promise<Buffer | undefined> {
  for (;;) {
    const chunk: unknown = stream.read();
    if (Buffer.isBuffer(chunk)) {
      stream.unshift(chunk);
      return chunk;
    }
    if (stream.readableEnded) return undefined;
    const isOver = await new Promise<boolean>((resolve, reject) => {
      stream.once('readable', () => resolve(false));
      stream.once('end', () => resolve(true));
      stream.once('error', reject);
    });
    if (isOver) return undefined;
  }
}

function decompressed(bytes: Readable, through: ReturnType<typeof createGunzip>): Readable {
  bytes.on('error', (error) => through.destroy(error));
  return bytes.pipe(through);
}

/** The whole object as text. */
export async function readText(reading: Reading, place: ObjectPlace): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of await openObject(reading, place)) {
    if (!Buffer.isBuffer(chunk)) continue;
    length += chunk.length;
    if (length > WHOLE_BYTES_MAX) throw new MapRunFailure(`${uriOf(place)} is too large to be read as JSON.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks)
    .toString()
    .replace(/^\uFEFF/u, '');
}
