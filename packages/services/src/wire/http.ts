import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';
import type { ServiceError } from '@stepyard/engine';
import { isObject, type Json, type JsonObject } from '@stepyard/asl';
import { apiError, DetailedServiceError } from '../service.ts';

/**
 * Reads a request's whole body. Rejects with a ServiceError: 413 when it is longer than `bytesMax`, and the rest is then read and
 * dropped, so that a client which sends all before it reads still gets the answer; 400 when the client goes away.
 */
export function readBody(service: string, request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= bytesMax) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      const message = `The request is longer than ${bytesMax} bytes.`;
      reject(apiError(service, 'RequestEntityTooLargeException', message, 413));
    });
    const gone = (): void =>
      reject(apiError(service, 'RequestAborted', 'The client closed the connection.', 400));
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', gone);
    request.once('close', gone);
  });
}

/** The operation of an AWS JSON request: the last part of `X-Amz-Target: DynamoDB_20120810.PutItem`. */
export function targetOperation(request: IncomingMessage): string {
  const target = request.headers['x-amz-target'];
  return typeof target === 'string' ? target.slice(target.lastIndexOf('.') + 1) : '';
}

/** Parses a JSON object. Throws SerializationException, as AWS's services do, when it is none. */
export function parseJsonBody(service: string, text: string): JsonObject {
  let value: Json;
  try {
    value = text === '' ? {} : (JSON.parse(text) as Json);
  } catch {
    throw apiError(service, 'SerializationException', 'The request body is not JSON.');
  }
  if (!isObject(value))
    throw apiError(service, 'SerializationException', 'The request body is not a JSON object.');
  return value;
}

/** Sends one whole answer with its length; nothing when the client has gone. */
export function sendText(
  response: ServerResponse,
  statusCode: number,
  headers: Readonly<Record<string, string>>,
  body: string | Buffer,
): void {
  if (response.destroyed || response.headersSent) return;
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  response.writeHead(statusCode, { ...headers, 'content-length': bytes.length });
  response.end(bytes);
}

/** Sends an answer in AWS JSON (`application/x-amz-json-1.0` or `1.1`), with the checksum that DynamoDB's clients check. */
export function sendAwsJson(
  response: ServerResponse,
  contentType: string,
  statusCode: number,
  requestId: string,
  output: JsonObject,
): void {
  const body = Buffer.from(JSON.stringify(output));
  sendText(
    response,
    statusCode,
    {
      'content-type': contentType,
      'x-amzn-requestid': requestId === '' ? randomUUID() : requestId,
      'x-amz-crc32': String(crc32(body)),
    },
    body,
  );
}

/** An error answer in AWS JSON: `{ "__type": code, "message": ... }` and the error's own members. */
export function sendAwsJsonError(response: ServerResponse, contentType: string, error: ServiceError): void {
  const members = error instanceof DetailedServiceError ? error.members : {};
  sendAwsJson(response, contentType, error.statusCode, error.requestId, {
    __type: error.code,
    message: error.message,
    ...members,
  });
}

/** An error answer of the REST JSON protocol (Lambda): the code is in a header. */
export function sendRestJsonError(response: ServerResponse, error: ServiceError): void {
  sendText(
    response,
    error.statusCode,
    {
      'content-type': 'application/json',
      'x-amzn-requestid': error.requestId,
      'x-amzn-errortype': error.code,
    },
    JSON.stringify({
      Type: error.statusCode < 500 ? 'User' : 'Service',
      Message: error.message,
      message: error.message,
    }),
  );
}

/** The text with XML's special characters escaped. */
export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** An error answer of the query protocol (SNS, and SQS of old): XML. */
export function sendQueryError(response: ServerResponse, error: ServiceError): void {
  const fault = error.statusCode < 500 ? 'Sender' : 'Receiver';
  sendText(
    response,
    error.statusCode,
    { 'content-type': 'text/xml', 'x-amzn-requestid': error.requestId },
    `<ErrorResponse><Error><Type>${fault}</Type><Code>${escapeXml(error.code)}</Code>` +
      `<Message>${escapeXml(error.message)}</Message></Error><RequestId>${error.requestId}</RequestId></ErrorResponse>`,
  );
}

/** An error answer of S3. */
export function sendS3Error(response: ServerResponse, error: ServiceError): void {
  sendText(
    response,
    error.statusCode,
    { 'content-type': 'application/xml', 'x-amz-request-id': error.requestId },
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${escapeXml(error.code)}</Code>` +
      `<Message>${escapeXml(error.message)}</Message><RequestId>${error.requestId}</RequestId></Error>`,
  );
}
