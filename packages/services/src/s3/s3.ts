import type { IncomingMessage, ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';
import { isArray, isObject, type Json, type JsonObject } from '@stepyard/asl';
import { ServiceError } from '@stepyard/engine';
import { asText } from '../member.ts';
import { answer, apiError, refuseFeature, refuseOperation, type HostedService } from '../service.ts';
import { sendS3Error, sendText } from '../wire/http.ts';
import { isFauxqsError, type Fauxqs, type S3Store } from '../messaging/fauxqs.ts';
import { listingXml, listObjects, listObjectsV2 } from './list.ts';
import { readS3Request, type S3Request } from './request.ts';

const SERVICE = 's3';

/** Operations whose requests go to fauxqs as they are. */
const PASSED_ON: ReadonlySet<string> = new Set([
  'ListBuckets',
  'CreateBucket',
  'HeadBucket',
  'DeleteBucket',
  'PutObject',
  'GetObject',
  'HeadObject',
  'DeleteObject',
  'DeleteObjects',
  'CopyObject',
  'CreateMultipartUpload',
  'UploadPart',
  'CompleteMultipartUpload',
  'AbortMultipartUpload',
]);

/** Request headers that fauxqs ignores and that would change what S3 does. */
const REFUSED_HEADERS: Readonly<Record<string, readonly string[]>> = {
  PutObject: [
    'if-match',
    'if-none-match',
    'x-amz-tagging',
    'x-amz-object-lock-mode',
    'x-amz-write-offset-bytes',
  ],
  CopyObject: ['x-amz-tagging', 'x-amz-copy-source-if-match', 'x-amz-copy-source-if-none-match'],
  DeleteObject: ['if-match'],
};

/** What S3 says of every object since January 2023: encrypted with keys of its own. */
const ENCRYPTION = { ServerSideEncryption: 'AES256' } as const;
const ENCRYPTED_OPERATIONS: ReadonlySet<string> = new Set([
  'PutObject',
  'GetObject',
  'HeadObject',
  'CopyObject',
]);

/** What a call in process can do: objects as text. */
const IN_PROCESS: Readonly<Record<string, (store: S3Store, input: JsonObject) => JsonObject>> = {
  ListBuckets: (store) => ({
    Buckets: store
      .listBuckets()
      .map(({ name, creationDate }) => ({ Name: name, CreationDate: creationDate.toISOString() })),
  }),
  CreateBucket(store, input) {
    store.createBucket(text(input, 'Bucket'));
    return { Location: `/${text(input, 'Bucket')}` };
  },
  HeadBucket(store, input) {
    if (!store.hasBucket(text(input, 'Bucket'))) throw apiError(SERVICE, 'NotFound', 'Not Found', 404);
    return {};
  },
  DeleteBucket(store, input) {
    store.deleteBucket(text(input, 'Bucket'));
    return {};
  },
  PutObject(store, input) {
    const body = input['Body'] ?? '';
    const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    // As Step Functions sends a body, which is text (services/aws-sdk-task-service--s3-put-object-num-fac521).
    const type =
      typeof input['ContentType'] === 'string' ? input['ContentType'] : 'text/plain; charset=UTF-8';
    const checksum = crc32Checksum(bytes);
    const object = store.putObject(
      text(input, 'Bucket'),
      text(input, 'Key'),
      bytes,
      type,
      metadata(input),
      undefined,
      { algorithm: 'CRC32', value: checksum, type: 'FULL_OBJECT' },
    );
    return { ChecksumCRC32: checksum, ChecksumType: 'FULL_OBJECT', ETag: object.etag, ...ENCRYPTION };
  },
  GetObject(store, input) {
    const object = store.getObject(text(input, 'Bucket'), text(input, 'Key'));
    return { ...headMembers(object), Body: object.body.toString() };
  },
  HeadObject: (store, input) => headMembers(store.headObject(text(input, 'Bucket'), text(input, 'Key'))),
  DeleteObject(store, input) {
    store.deleteObject(text(input, 'Bucket'), text(input, 'Key'));
    return {};
  },
  DeleteObjects(store, input) {
    const { Delete: list } = input;
    const objects = isObject(list) && isArray(list['Objects']) ? list['Objects'] : [];
    const keys = objects.map((object) => (isObject(object) ? text(object, 'Key') : ''));
    const deleted = store.deleteObjects(text(input, 'Bucket'), keys);
    return { Deleted: deleted.map((key) => ({ Key: key })) };
  },
  ListObjectsV2: listObjectsV2,
  ListObjects: listObjects,
};

/** Members that a call in process understands, besides Bucket; any other is refused. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  PutObject: ['Key', 'Body', 'ContentType', 'Metadata'],
  GetObject: ['Key'],
  HeadObject: ['Key'],
  DeleteObject: ['Key'],
  DeleteObjects: ['Delete'],
  ListObjectsV2: ['Prefix', 'Delimiter', 'MaxKeys', 'StartAfter', 'ContinuationToken'],
  ListObjects: ['Prefix', 'Delimiter', 'MaxKeys', 'Marker'],
};

/**
 * S3, by fauxqs: buckets, objects, multipart uploads; listings are our own. Tagging, ACLs, versions, notifications and conditional
 * writes are refused: fauxqs answers 200 to them and does something else. An object uploaded in one piece is at most 11 MiB.
 */
export const S3_OPERATIONS: readonly string[] = [...PASSED_ON, ...Object.keys(IN_PROCESS)];

export function createS3(fauxqs: Fauxqs): HostedService {
  return {
    name: SERVICE,
    operations: new Set(S3_OPERATIONS),
    // eslint-disable-next-line typescript/require-await -- what the store throws must become a rejection
    async call(operation, input) {
      const run = Object.hasOwn(IN_PROCESS, operation) ? IN_PROCESS[operation] : undefined;
      if (run === undefined) throw refuseOperation(SERVICE, operation);
      for (const member of Object.keys(input)) {
        if (member !== 'Bucket' && MEMBERS[operation]?.includes(member) !== true) {
          throw refuseFeature(SERVICE, operation, member);
        }
      }
      try {
        return answer(run(fauxqs.s3Store, input));
      } catch (error) {
        throw toServiceError(error);
      }
    },
    // eslint-disable-next-line typescript/require-await -- what the store throws must become a rejection
    async readObject({ bucket, key, versionId, range }) {
      if (versionId !== undefined) throw refuseFeature(SERVICE, 'GetObject', 'VersionId');
      try {
        const { body } = fauxqs.s3Store.getObject(bucket, key);
        const part = range === undefined ? body : body.subarray(range.start, range.end);
        return { sizeBytes: body.length, body: pieces(part) };
      } catch (error) {
        throw toServiceError(error);
      }
    },
    async handle(request, response) {
      try {
        await handleWire(fauxqs, request, response);
      } catch (error) {
        sendS3Error(response, toServiceError(error));
      }
    },
    close: () => Promise.resolve(),
  };
}

async function handleWire(fauxqs: Fauxqs, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let parsed: S3Request;
  try {
    parsed = readS3Request(request);
  } catch {
    throw apiError(SERVICE, 'InvalidURI', "Couldn't parse the specified URI.");
  }
  const { operation, bucket, query } = parsed;
  for (const header of REFUSED_HEADERS[operation] ?? []) {
    if (request.headers[header] !== undefined)
      throw refuseFeature(SERVICE, operation, `the header ${header}`);
  }
  if (operation === 'ListObjectsV2' || operation === 'ListObjects') {
    const list = operation === 'ListObjectsV2' ? listObjectsV2 : listObjects;
    sendText(
      response,
      200,
      { 'content-type': 'application/xml' },
      listingXml(list(fauxqs.s3Store, listInput(bucket, query))),
    );
    return;
  }
  if (!PASSED_ON.has(operation)) throw refuseOperation(SERVICE, operation);
  if (ENCRYPTED_OPERATIONS.has(operation)) {
    response.setHeader('x-amz-server-side-encryption', ENCRYPTION.ServerSideEncryption);
    if (operation === 'GetObject' || operation === 'HeadObject') response.setHeader('accept-ranges', 'bytes');
  }
  // fauxqs takes a host name with a dot for a bucket's.
  request.url = parsed.target;
  request.headers.host = '127.0.0.1';
  await new Promise<void>((resolve) => {
    response.on('close', resolve);
    fauxqs.s3Server.emit('request', request, response);
  });
}

function listInput(bucket: string, query: URLSearchParams): JsonObject {
  const input: Record<string, Json> = { Bucket: bucket };
  const fields = [
    ['prefix', 'Prefix'],
    ['delimiter', 'Delimiter'],
    ['start-after', 'StartAfter'],
    ['continuation-token', 'ContinuationToken'],
    ['marker', 'Marker'],
  ] as const;
  for (const [field, member] of fields) {
    const value = query.get(field);
    if (value !== null) input[member] = value;
  }
  const keysMax = query.get('max-keys');
  if (keysMax !== null) {
    if (!/^\d+$/u.test(keysMax)) {
      throw apiError(SERVICE, 'InvalidArgument', 'Provided max-keys not an integer or within integer range');
    }
    input['MaxKeys'] = Number(keysMax);
  }
  return input;
}

function text(input: JsonObject, member: string): string {
  const value = input[member];
  if (typeof value !== 'string' || value === '') {
    throw apiError(SERVICE, 'InvalidRequest', `The member ${member} is required.`);
  }
  return value;
}

function metadata(input: JsonObject): Record<string, string> {
  const given = input['Metadata'];
  if (!isObject(given)) return {};
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name.toLowerCase(), asText(value)]),
  );
}

const PIECE_BYTES = 65_536;

async function* pieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}

function headMembers(object: ReturnType<S3Store['getObject']>): JsonObject {
  return {
    AcceptRanges: 'bytes',
    ContentLength: object.contentLength,
    ContentType: object.contentType,
    ETag: object.etag,
    LastModified: object.lastModified.toISOString(),
    Metadata: { ...object.metadata },
    ...ENCRYPTION,
  };
}

/** CRC-32 in base64, as the SDKs send and S3 keeps it. */
function crc32Checksum(bytes: Buffer): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum.toString('base64');
}

function toServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  if (isFauxqsError(error)) {
    // S3 does not say which bucket (error_handling/aws-sdk--no-such-bucket-b8003d).
    const message = error.code === 'NoSuchBucket' ? 'The specified bucket does not exist' : error.message;
    return apiError(SERVICE, error.code, message, error.statusCode);
  }
  return apiError(SERVICE, 'InternalError', error instanceof Error ? error.message : String(error), 500);
}
