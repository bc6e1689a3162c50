import { createHash } from 'node:crypto';
import { ApiError } from '../protocol/api-error.ts';

/**
 * `nextToken` on the wire: opaque, and good only for the request that it came from. `scope` holds what must be the same on
 * every page (operation, ARN, filter, order); a token of another request is refused as AWS refuses a made-up one.
 */
export function encodePageToken(scope: readonly unknown[], next: string | undefined): string | undefined {
  return next === undefined ? undefined : Buffer.from(`${digest(scope)}${next}`).toString('base64url');
}

/** The engine's `after` of a token; undefined without a token. Throws InvalidToken. */
export function decodePageToken(scope: readonly unknown[], token: string | undefined): string | undefined {
  if (token === undefined) return undefined;
  const content = Buffer.from(token, 'base64url').toString('utf8');
  const prefix = digest(scope);
  const isOurs = content.startsWith(prefix) && Buffer.from(content).toString('base64url') === token;
  if (!isOurs) throw new ApiError('InvalidToken', "Invalid Token: 'Invalid token'");
  return content.slice(prefix.length);
}

function digest(scope: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(scope)).digest('base64url').slice(0, 16);
}
