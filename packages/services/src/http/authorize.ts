/** What a connection adds to a request: credentials, and parameters of its own. */
import { isArray, isObject, type Json, type JsonObject } from '@stepyard/asl';
import { asText } from '../member.ts';
import { encodeForm } from './encode.ts';
import { taskError } from './parts.ts';
import { isLoopback, send } from './send.ts';

const TOKEN_BYTES_MAX = 64 * 1024;
const TOKEN_TIMEOUT_MS = 10_000;

/** By name; of two values for one name these win over the definition's. */
export interface ConnectionParameters {
  readonly headers: ReadonlyMap<string, string>;
  readonly query: ReadonlyMap<string, string>;
  readonly body: ReadonlyMap<string, string>;
}

/** The headers, query and body parameters of `InvocationHttpParameters` or `OAuthHttpParameters`. */
export function httpParameters(value: Json | undefined): ConnectionParameters {
  const members = isObject(value) ? value : {};
  return {
    headers: pairs(members['HeaderParameters']),
    query: pairs(members['QueryStringParameters']),
    body: pairs(members['BodyParameters']),
  };
}

function pairs(list: Json | undefined): ReadonlyMap<string, string> {
  const items = isArray(list) ? list.filter(isObject) : [];
  return new Map(items.map((item) => [asText(item['Key']), asText(item['Value'])]));
}

/** The headers that authorize a request; for OAuth with a token from `tokenOf`. */
export async function authorizationHeaders(
  parameters: JsonObject,
  tokenOf: (oauth: JsonObject) => Promise<string>,
): Promise<ReadonlyMap<string, string>> {
  const apiKey = parameters['ApiKeyAuthParameters'];
  if (isObject(apiKey)) return new Map([[asText(apiKey['ApiKeyName']), asText(apiKey['ApiKeyValue'])]]);
  const basic = parameters['BasicAuthParameters'];
  if (isObject(basic)) {
    const plain = `${asText(basic['Username'])}:${asText(basic['Password'])}`;
    return new Map([['authorization', `Basic ${Buffer.from(plain).toString('base64')}`]]);
  }
  const oauth = parameters['OAuthParameters'];
  if (isObject(oauth)) return new Map([['authorization', `Bearer ${await tokenOf(oauth)}`]]);
  return new Map();
}

/** An access token, and when it ends in epoch milliseconds. */
export interface AccessToken {
  readonly value: string;
  readonly endsMs: number;
}

/**
 * A token by OAuth's client credentials grant (RFC 6749, 4.4): the client's id and secret go in a form, with what the connection adds to
 * it. Rejects with Events.ConnectionResource.InvalidConnectionState, and without any of what the server said: it may repeat secrets.
 */
export async function requestToken(oauth: JsonObject, signal: AbortSignal | undefined): Promise<AccessToken> {
  const endpoint = URL.parse(asText(oauth['AuthorizationEndpoint']));
  if (endpoint === null || !(endpoint.protocol === 'https:' || isLoopback(endpoint.hostname))) {
    throw failed('its authorization endpoint is not an HTTPS URL');
  }
  const client = isObject(oauth['ClientParameters']) ? oauth['ClientParameters'] : {};
  const added = httpParameters(oauth['OAuthHttpParameters']);
  const form = {
    grant_type: 'client_credentials',
    client_id: asText(client['ClientID']),
    client_secret: asText(client['ClientSecret']),
    ...Object.fromEntries(added.body),
  };
  const method = asText(oauth['HttpMethod']);
  const url = new URL(endpoint);
  for (const [name, value] of added.query) url.searchParams.set(name, value);
  // A GET has no body: its form is its query.
  if (method === 'GET') for (const [name, value] of Object.entries(form)) url.searchParams.set(name, value);
  const response = await send(
    {
      url,
      method,
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        ...Object.fromEntries(added.headers),
      },
      body: method === 'GET' ? undefined : encodeForm(form, 'REPEAT'),
    },
    { timeoutMs: TOKEN_TIMEOUT_MS, bodyBytesMax: TOKEN_BYTES_MAX, signal },
  ).catch(() => {
    throw failed(`${url.origin} does not answer`);
  });
  if (response.statusCode !== 200) throw failed(`${url.origin} answered ${response.statusCode}`);
  return readToken(response.body.toString());
}

function readToken(text: string): AccessToken {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    answer = undefined;
  }
  const members = typeof answer === 'object' && answer !== null ? (answer as JsonObject) : {};
  const { access_token: token, expires_in: seconds } = members;
  if (typeof token !== 'string' || token === '') throw failed('the answer has no access_token');
  const lifetimeMs = typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : Number.POSITIVE_INFINITY;
  return { value: token, endsMs: Date.now() + lifetimeMs };
}

function failed(reason: string): Error {
  return taskError(
    'Events.ConnectionResource.InvalidConnectionState',
    `The connection cannot be authorized: ${reason}.`,
  );
}
