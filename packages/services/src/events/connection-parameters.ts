import { isArray, isObject, setOwn, type Json, type JsonObject } from '@stepyard/asl';
import { asText } from '../member.ts';
import { apiError, refuseFeature } from '../service.ts';
import { isLoopback } from '../http/send.ts';
import { SERVICE } from './bus.ts';

/** The member of `AuthParameters` that each type of authorization needs, and what in it must be there. */
const TYPES: ReadonlyMap<string, { readonly member: string; readonly required: readonly string[] }> = new Map(
  [
    ['API_KEY', { member: 'ApiKeyAuthParameters', required: ['ApiKeyName', 'ApiKeyValue'] }],
    ['BASIC', { member: 'BasicAuthParameters', required: ['Username', 'Password'] }],
    [
      'OAUTH_CLIENT_CREDENTIALS',
      { member: 'OAuthParameters', required: ['ClientParameters', 'AuthorizationEndpoint', 'HttpMethod'] },
    ],
  ],
);
const OAUTH_METHODS: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT']);
const PARAMETERS_MAX = 100;
const LISTS = ['HeaderParameters', 'QueryStringParameters', 'BodyParameters'];

/** What is never shown. */
const SECRET_MEMBERS: ReadonlySet<string> = new Set(['ApiKeyValue', 'Password', 'ClientSecret']);

/** The authorization parameters of a CreateConnection. Throws ValidationException. */
export function readParameters(operation: string, input: JsonObject): JsonObject {
  for (const member of ['InvocationConnectivityParameters', 'KmsKeyIdentifier']) {
    if (input[member] !== undefined) throw refuseFeature(SERVICE, operation, member);
  }
  const type = asText(input['AuthorizationType']);
  const wanted = TYPES.get(type);
  if (wanted === undefined) throw invalid(`AuthorizationType is not one of ${[...TYPES.keys()].join(', ')}.`);
  const given = isObject(input['AuthParameters']) ? input['AuthParameters'] : {};
  if (given['ConnectivityParameters'] !== undefined) {
    throw refuseFeature(SERVICE, operation, 'ConnectivityParameters');
  }
  const own = given[wanted.member];
  if (!isObject(own)) throw invalid(`${type} needs ${wanted.member}.`);
  for (const member of wanted.required) {
    if (own[member] === undefined) throw invalid(`${wanted.member} needs ${member}.`);
  }
  if (type === 'OAUTH_CLIENT_CREDENTIALS') checkOAuth(own);
  checkLists(given['InvocationHttpParameters']);
  const shared = given['InvocationHttpParameters'];
  return { [wanted.member]: own, ...(shared === undefined ? {} : { InvocationHttpParameters: shared }) };
}

/** Those of an UpdateConnection: what it leaves out stays as it was. */
export function mergeParameters(before: JsonObject, input: JsonObject): JsonObject {
  const given = isObject(input['AuthParameters']) ? input['AuthParameters'] : {};
  const type = asText(input['AuthorizationType'] ?? authTypeOf(before));
  const member = TYPES.get(type)?.member ?? '';
  const merged = {
    ...before,
    ...given,
    ...(isObject(before[member]) && isObject(given[member])
      ? { [member]: { ...before[member], ...given[member] } }
      : {}),
  };
  return readParameters('UpdateConnection', { ...input, AuthorizationType: type, AuthParameters: merged });
}

export function authTypeOf(parameters: JsonObject): string {
  for (const [type, { member }] of TYPES) if (parameters[member] !== undefined) return type;
  return 'API_KEY';
}

/** The parameters as DescribeConnection shows them: without any value that authorizes. */
export function maskedParameters(parameters: JsonObject): JsonObject {
  return masked(parameters) as JsonObject;
}

function masked(value: Json): Json {
  if (isArray(value)) return value.map(masked);
  if (!isObject(value)) return value;
  const shown: Record<string, Json> = {};
  const isSecretPair = value['IsValueSecret'] === true;
  for (const [name, item] of Object.entries(value)) {
    if (SECRET_MEMBERS.has(name) || (isSecretPair && name === 'Value')) continue;
    setOwn(shown, name, masked(item));
  }
  return shown;
}

function checkOAuth(own: JsonObject): void {
  const client = own['ClientParameters'];
  if (!isObject(client) || client['ClientID'] === undefined || client['ClientSecret'] === undefined) {
    throw invalid('ClientParameters needs ClientID and ClientSecret.');
  }
  if (!OAUTH_METHODS.has(asText(own['HttpMethod']))) {
    throw invalid(`HttpMethod is not one of ${[...OAUTH_METHODS].join(', ')}.`);
  }
  const endpoint = URL.parse(asText(own['AuthorizationEndpoint']));
  const isAllowed =
    endpoint?.protocol === 'https:' || (endpoint?.protocol === 'http:' && isLoopback(endpoint.hostname));
  if (!isAllowed) throw invalid('AuthorizationEndpoint is not an HTTPS URL.');
  checkLists(own['OAuthHttpParameters']);
}

function checkLists(parameters: Json | undefined): void {
  if (!isObject(parameters)) return;
  for (const name of LISTS) {
    const list = parameters[name];
    if (list === undefined) continue;
    if (!isArray(list) || list.length > PARAMETERS_MAX || !list.every(isObject)) {
      throw invalid(`${name} is no list of at most ${PARAMETERS_MAX} parameters.`);
    }
  }
}

function invalid(message: string): Error {
  return apiError(SERVICE, 'ValidationException', message);
}
