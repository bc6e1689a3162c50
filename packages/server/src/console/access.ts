import type { IncomingHttpHeaders } from 'node:http';

/** What a form, an image or a link cannot send; another site's script would have to ask first, and is refused. */
const HEADER = 'x-stepyard-console';

/**
 * Why a request may not use the console's own API, as one sentence; undefined when it may. That the host name is this machine's has
 * been checked by the gateway (gateway/access.ts).
 */
export function consoleRefusal(headers: IncomingHttpHeaders): string | undefined {
  if (headers[HEADER] !== '1') return `The console's API is the console's alone: ${HEADER} is missing.`;
  const { origin, host = '' } = headers;
  const site = headers['sec-fetch-site'];
  const isOwn =
    (origin === undefined || origin === `http://${host}` || origin === `https://${host}`) &&
    (site === undefined || site === 'same-origin');
  return isOwn ? undefined : 'Only the page that this yard serves may use the console API.';
}
