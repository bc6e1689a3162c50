import type { IncomingMessage } from 'node:http';
import { ApiError } from './api-error.ts';

/** Largest body of a JSON request; AWS's largest, a definition of 1 MB, takes at most six times that when escaped. */
export const BODY_BYTES_MAX = 16 * 1024 * 1024;

/**
 * Reads a whole body. Rejects with a 413 when it is larger than `bytesMax`: the rest is then read and dropped, so that a
 * client which sends all before it reads still gets the answer. Rejects too when the client goes away.
 */
export function readBody(request: IncomingMessage, bytesMax: number = BODY_BYTES_MAX): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= bytesMax) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      const message = `The request body is larger than ${bytesMax} bytes`;
      reject(new ApiError('RequestEntityTooLargeException', message, { statusCode: 413 }));
    });
    request.once('end', () => {
      const [first] = chunks;
      resolve(first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks));
    });
    const onAbort = (): void => {
      // Every request closes after its end; an error that nobody sees would cost its stack trace.
      if (!request.readableEnded) reject(new ApiError('RequestAborted', 'The client closed the connection'));
    };
    request.once('error', onAbort);
    request.once('close', onAbort);
  });
}
