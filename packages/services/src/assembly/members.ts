import { isArray, isObject, setOwn, type Json, type JsonObject } from '@stepyard/asl';

/** Members whose keys are the user's own and stay as they are. */
const MAPS: ReadonlySet<string> = new Set([
  'Options',
  'Labels',
  'DockerLabels',
  'Parameters',
  'Tags',
  'DriverOpts',
]);

/**
 * CloudFormation's spelling of a property tree as the API's: `ContainerDefinitions` becomes `containerDefinitions`,
 * `EFSVolumeConfiguration` `efsVolumeConfiguration`. Keys of maps stay.
 */
export function toApiMembers(value: Json): Json {
  if (isArray(value)) return value.map((item) => toApiMembers(item));
  if (!isObject(value)) return value;
  const result: Record<string, Json> = {};
  for (const [key, item] of Object.entries(value)) {
    setOwn(result, apiName(key), MAPS.has(key) && isObject(item) ? item : toApiMembers(item));
  }
  return result;
}

function apiName(key: string): string {
  // A run of capitals is one word; its last one begins the next word.
  const run = /^[A-Z]+(?=[A-Z][a-z])/u.exec(key)?.[0];
  return run === undefined
    ? key.charAt(0).toLowerCase() + key.slice(1)
    : run.toLowerCase() + key.slice(run.length);
}

/** The named members that are there. */
export function pick(source: JsonObject, names: readonly string[]): JsonObject {
  const result: Record<string, Json> = {};
  for (const name of names) {
    const value = source[name];
    if (value !== undefined && value !== null) result[name] = value;
  }
  return result;
}

/** CloudFormation takes numbers and booleans as text too. */
export function numberOf(value: Json | undefined): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

export function flagOf(value: Json | undefined): boolean {
  return value === true || value === 'true';
}

/** A list of objects; anything else in it is left out. */
export function objectsOf(value: Json | undefined): readonly JsonObject[] {
  return isArray(value) ? value.filter((item) => isObject(item)) : [];
}

/** A value of an attribute map, all of which are texts. */
export function attributeText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `[{ Key, Value }]`, or a map, as a map. */
export function tagsOf(value: Json | undefined): Readonly<Record<string, string>> {
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, attributeText(item)]));
  }
  return Object.fromEntries(
    objectsOf(value).map((tag) => [attributeText(tag['Key'] ?? ''), attributeText(tag['Value'] ?? '')]),
  );
}
