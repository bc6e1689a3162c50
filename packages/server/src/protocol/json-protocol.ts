import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Json, JsonObject } from '@stepyard/asl';
import { ApiError } from './api-error.ts';

/** AWS JSON 1.0 and 1.1 differ in the content type, and in whether errors carry a namespace in `__type`; SDKs accept both. */
export type JsonVersion = '1.0' | '1.1';

const BYTE_ORDER_MARK = '\uFEFF';

/** The body as JSON; an empty one is `{}`. Throws SerializationException. */
export function parseBody(bytes: Buffer): Json {
  if (bytes.length === 0) return {};
  try {
    if (isUtf8(bytes)) return JSON.parse(withoutMark(bytes.toString())) as Json;
  } catch {
    // Told of below.
  }
  throw new ApiError('SerializationException', 'The request body is not well-formed JSON in UTF-8');
}

function withoutMark(text: string): string {
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

/** A time on the wire: epoch seconds with millisecond precision. */
export function epochSeconds(epochMs: number): number {
  return epochMs / 1000;
}

/** Writes an answer: an object, or its JSON as text or as bytes in chunks. */
export function writeAnswer(
  response: ServerResponse,
  version: JsonVersion,
  output: JsonObject | string | readonly Uint8Array[],
): void {
  if (Array.isArray(output)) writeChunks(response, version, output);
  else write(response, 200, version, typeof output === 'string' ? output : JSON.stringify(output));
}

/** Writes an error as SDKs read it: the name in `x-amzn-errortype` and in `__type`, the text in `message`. */
export function writeError(response: ServerResponse, version: JsonVersion, error: ApiError): void {
  const body = { ...error.members, __type: error.code, message: error.message };
  write(response, error.statusCode, version, JSON.stringify(body), ['x-amzn-errortype', error.code]);
}

function write(
  response: ServerResponse,
  statusCode: number,
  version: JsonVersion,
  body: string,
  headers: readonly string[] = [],
): void {
  // The client may have gone, or an error may follow a started answer: there is nobody left to tell.
  if (response.headersSent || response.destroyed) return;
  response.writeHead(statusCode, [...headersOf(version, Buffer.byteLength(body)), ...headers]);
  response.end(body);
}

function writeChunks(response: ServerResponse, version: JsonVersion, chunks: readonly Uint8Array[]): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(
    200,
    headersOf(
      version,
      chunks.reduce((sum, { length }) => sum + length, 0),
    ),
  );
  response.cork();
  for (const chunk of chunks) response.write(chunk);
  response.end();
}

/** Names and values in turn. */
function headersOf(version: JsonVersion, length: number): (string | number)[] {
  return [
    'content-type',
    version === '1.0' ? 'application/x-amz-json-1.0' : 'application/x-amz-json-1.1',
    'x-amzn-requestid',
    randomUUID(),
    'content-length',
    length,
  ];
}
