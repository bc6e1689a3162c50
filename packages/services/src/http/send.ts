import { request as httpRequest, STATUS_CODES, type IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** One request to a server outside. */
export interface OutboundRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | undefined;
}

export interface InboundResponse {
  readonly statusCode: number;
  readonly statusText: string;
  /** Name and value in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

export interface SendOptions {
  /** Of the whole exchange. */
  readonly timeoutMs: number;
  /** A longer body is an error. */
  readonly bodyBytesMax: number;
  readonly signal: AbortSignal | undefined;
}

/** The body of an answer was longer than it may be. */
export class BodyTooLargeError extends Error {}

/** True for names and addresses of this machine, which may be spoken to without TLS. */
export function isLoopback(hostname: string): boolean {
  const name = hostname.replace(/^\[|\]$/gu, '').toLowerCase();
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true;
  return isIP(name) === 4 && name.startsWith('127.');
}

/**
 * Sends a request and reads the whole answer. No redirect is followed, no proxy used. Rejects with {@link BodyTooLargeError}, and with
 * a plain Error when nobody answers in time.
 */
export function send(request: OutboundRequest, options: SendOptions): Promise<InboundResponse> {
  const signals = [AbortSignal.timeout(options.timeoutMs), ...(options.signal ? [options.signal] : [])];
  return new Promise((resolve, reject) => {
    // Not imported: TLS takes a good part of the start of a yard, and most need none.
    const isSecure = request.url.protocol === 'https:';
    const start = isSecure ? process.getBuiltinModule('node:https').request : httpRequest;
    const outbound = start(
      request.url,
      {
        method: request.method,
        headers: {
          ...request.headers,
          ...(request.body === undefined ? {} : { 'content-length': Buffer.byteLength(request.body) }),
        },
        agent: false,
        signal: AbortSignal.any(signals),
      },
      (response) => {
        read(response, options.bodyBytesMax).then((body) => {
          const statusCode = response.statusCode ?? 0;
          resolve({
            statusCode,
            statusText: response.statusMessage ?? STATUS_CODES[statusCode] ?? '',
            rawHeaders: response.rawHeaders,
            body,
          });
        }, reject);
      },
    );
    outbound.once('error', reject);
    outbound.end(request.body);
  });
}

async function read(response: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new BodyTooLargeError(`The answer is longer than ${bytesMax} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}
