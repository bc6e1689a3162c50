import { connect, type Socket } from 'node:net';

/** What came back on one connection. */
export interface RawAnswer {
  /** Status codes of the answers, in their order. */
  readonly statuses: readonly number[];
  readonly text: string;
  /** Bytes that the client had handed to the system when the connection ended, or when it stopped waiting. */
  readonly sentBytes: number;
}

export interface RawOptions {
  /** Stop as soon as so many answers are there; else when the server closes, or after `waitMs`. */
  readonly answers?: number;
  readonly waitMs?: number;
}

/** Sends bytes as they are over a connection of its own. Never rejects: a connection that is cut has answered with nothing. */
export function sendRaw(
  port: number,
  parts: Iterable<string | Uint8Array>,
  options: RawOptions = {},
): Promise<RawAnswer> {
  const { answers = Number.POSITIVE_INFINITY, waitMs = 5000 } = options;
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    const finish = (): void => {
      clearTimeout(timer);
      socket.destroy();
      const text = Buffer.concat(chunks).toString('latin1');
      resolve({ statuses: statusesIn(text), text, sentBytes: socket.bytesWritten });
    };
    const timer = setTimeout(finish, waitMs);
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      if (statusesIn(Buffer.concat(chunks).toString('latin1')).length >= answers) finish();
    });
    socket.once('error', finish);
    socket.once('close', finish);
    socket.once('connect', () => void pour(socket, parts));
  });
}

async function pour(socket: Socket, parts: Iterable<string | Uint8Array>): Promise<void> {
  const closed = new Promise((resolve) => socket.once('close', resolve));
  for (const part of parts) {
    if (socket.destroyed) return;
    if (!socket.write(part))
      await Promise.race([closed, new Promise((resolve) => socket.once('drain', resolve))]);
  }
}

function statusesIn(text: string): number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /gu)].map(([, status]) => Number(status));
}

/** A request of the Step Functions API as bytes: headers may be replaced or added. */
export function rawRequest(
  operation: string,
  body: string | Uint8Array,
  headers: readonly string[] = [],
): Uint8Array {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const lines = [
    'POST / HTTP/1.1',
    'Host: 127.0.0.1',
    `X-Amz-Target: AWSStepFunctions.${operation}`,
    'Content-Type: application/x-amz-json-1.0',
    `Content-Length: ${bytes.length}`,
    ...headers,
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), bytes]);
}
