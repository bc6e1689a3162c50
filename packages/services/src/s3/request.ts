import type { IncomingMessage } from 'node:http';

/** One S3 request, taken apart. */
export interface S3Request {
  /** `GetObject`; of a sub-resource that is not hosted the name that its parts give: `PutObjectTagging`. */
  readonly operation: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
  /** The path-style target: `/bucket/key?query`, still percent-encoded. */
  readonly target: string;
}

/** Query fields that qualify an operation and name none of their own. */
const QUALIFIERS: ReadonlySet<string> = new Set([
  'x-id',
  'list-type',
  'prefix',
  'delimiter',
  'max-keys',
  'max-buckets',
  'start-after',
  'continuation-token',
  'marker',
  'encoding-type',
  'fetch-owner',
  'partNumber',
  'uploadId',
]);

/**
 * Tells which operation a request is. The bucket is in the path, or before `.s3` or `.localhost` in the host name, as clients
 * without path style send it.
 */
export function readS3Request(request: IncomingMessage): S3Request {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const host = (request.headers.host ?? '').replace(/:\d+$/u, '');
  const virtual = /^(.+?)\.(?:s3[.-].*|s3|localhost)$/u.exec(host)?.[1];
  const path = virtual === undefined ? url.pathname : `/${virtual}${url.pathname}`;
  const [, bucket = '', rest = ''] = /^\/([^/]*)\/?(.*)$/su.exec(path) ?? [];
  const query = url.searchParams;
  const method = request.method ?? 'GET';
  const operation =
    subResource(method, rest === '' ? 'Bucket' : 'Object', query) ??
    (bucket === ''
      ? serviceOperation(method)
      : rest === ''
        ? bucketOperation(method, query)
        : objectOperation(method, query, request));
  return { operation, bucket, key: decodeURIComponent(rest), query, target: `${path}${url.search}` };
}

/** `?tagging`, `?acl` and the like make another operation of the same method and path. */
function subResource(method: string, resource: string, query: URLSearchParams): string | undefined {
  for (const name of query.keys()) {
    if (QUALIFIERS.has(name) || /^(x-amz-|response-)/iu.test(name)) continue;
    if (method === 'POST' && (name === 'uploads' || name === 'delete')) continue;
    const verb = method.charAt(0) + method.slice(1).toLowerCase();
    return `${verb}${resource}${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  }
  return undefined;
}

function serviceOperation(method: string): string {
  return method === 'GET' ? 'ListBuckets' : `${method} /`;
}

function bucketOperation(method: string, query: URLSearchParams): string {
  if (method === 'GET') return query.get('list-type') === '2' ? 'ListObjectsV2' : 'ListObjects';
  if (method === 'POST') return query.has('delete') ? 'DeleteObjects' : 'PostObject';
  return { PUT: 'CreateBucket', HEAD: 'HeadBucket', DELETE: 'DeleteBucket' }[method] ?? `${method} /bucket`;
}

function objectOperation(method: string, query: URLSearchParams, request: IncomingMessage): string {
  const part = query.has('uploadId');
  switch (method) {
    case 'GET':
      return part ? 'ListParts' : 'GetObject';
    case 'HEAD':
      return 'HeadObject';
    case 'PUT':
      if (request.headers['x-amz-copy-source'] !== undefined) return part ? 'UploadPartCopy' : 'CopyObject';
      return part ? 'UploadPart' : 'PutObject';
    case 'DELETE':
      return part ? 'AbortMultipartUpload' : 'DeleteObject';
    case 'POST':
      if (query.has('uploads')) return 'CreateMultipartUpload';
      return part ? 'CompleteMultipartUpload' : 'PostObject';
    default:
      return `${method} /bucket/key`;
  }
}
