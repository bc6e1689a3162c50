import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

/**
 * Who may drive the yard. Everybody on this machine may, but a web page from elsewhere may not do it through the user's
 * browser: not by a cross-origin request (Origin check), nor by a DNS name of its own that resolves to 127.0.0.1 (Host check).
 */

/** Names by which a container reaches the machine that it runs on; no public resolver answers them. */
const CONTAINER_HOST_NAMES = new Set(['host.docker.internal', 'host.containers.internal']);

/**
 * True for a host name that only this machine or AWS's own DNS answers. An IP address is no name that an attacker could point
 * here, so any address passes: a server bound to another interface is reached by it.
 */
export function isTrustedHost(hostHeader: string): boolean {
  if (hostHeader === lastTrusted) return true;
  const isTrusted = judgeHost(hostHeader);
  if (isTrusted) lastTrusted = hostHeader;
  return isTrusted;
}

/** Clients name the same host all the time. */
let lastTrusted: string | undefined;

function judgeHost(hostHeader: string): boolean {
  // What clients put before the endpoint's own name for StartSyncExecution and TestState.
  const name = hostName(hostHeader)?.replace(/^sync-/u, '');
  if (name === undefined) return false;
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name.endsWith('.amazonaws.com') ||
    CONTAINER_HOST_NAMES.has(name) ||
    isIP(name) !== 0
  );
}

/** True for an origin on this machine. `null` (a sandboxed page, a file) is refused: nobody can tell whose it is. */
export function isTrustedOrigin(origin: string): boolean {
  const match = /^https?:\/\/([^/]+)$/u.exec(origin);
  const name = match === null ? undefined : hostName(match[1] ?? '');
  return (
    name !== undefined &&
    (name === 'localhost' ||
      name.endsWith('.localhost') ||
      name === '::1' ||
      /^127(?:\.\d{1,3}){3}$/u.test(name))
  );
}

/** Why a request is refused, as one sentence; undefined when it may pass. */
export function refusalReason(headers: IncomingHttpHeaders): string | undefined {
  const host = headers.host ?? '';
  if (!isTrustedHost(host)) {
    return `The host name '${host.slice(0, 100)}' is not served: use a loopback name, *.localhost or *.amazonaws.com.`;
  }
  if (headers.origin !== undefined && !isTrustedOrigin(headers.origin)) {
    return `A page from ${headers.origin.slice(0, 100)} may not use this endpoint: only pages from this machine may.`;
  }
  // Requests that carry no Origin, such as images and links: browsers say where they come from in this header.
  if (headers.origin === undefined && headers['sec-fetch-site'] === 'cross-site') {
    return 'A page from another site may not use this endpoint: only pages from this machine may.';
  }
  return undefined;
}

/** Answers to a preflight, and what a page on this machine needs to read an answer; empty without an Origin. */
export function corsHeaders(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  if (headers.origin === undefined) return {};
  return {
    'access-control-allow-origin': headers.origin,
    'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
    'access-control-allow-headers': headers['access-control-request-headers'] ?? '*',
    'access-control-expose-headers': 'etag, x-amzn-requestid, x-amzn-errortype, x-amz-version-id',
    'access-control-max-age': '600',
    vary: 'origin',
  };
}

/** The name of `name:port` or `[v6]:port`, in lower case; undefined when it is neither. */
function hostName(host: string): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/iu.exec(host);
  return (match?.[1] ?? match?.[2])?.toLowerCase().replace(/\.$/u, '');
}
