import { randomInt } from 'node:crypto';
import { isObject, parseJson, type JsonObject } from '@stepyard/asl';
import { ServiceError } from '@stepyard/engine';
import { objectOf, textOf } from '../assets.ts';
import { flagOf, numberOf, pick } from '../members.ts';
import type { ProvisionContext, Provisioner } from '../provisioner.ts';

/** The kinds of characters of a password, with the member of GenerateSecretString that leaves each out (CloudFormation's reference). */
const KINDS: readonly (readonly [string, string])[] = [
  ['ExcludeUppercase', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  ['ExcludeLowercase', 'abcdefghijklmnopqrstuvwxyz'],
  ['ExcludeNumbers', '0123456789'],
  ['ExcludePunctuation', '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'],
];
const LENGTH_DEFAULT = 32;
const LENGTH_MAX = 4096;

/** AWS::SecretsManager::Secret. One that is there keeps its value, unless the template says another. */
export const secret: Provisioner = {
  type: 'AWS::SecretsManager::Secret',
  async create(properties, context) {
    const name = context.name(properties['Name'], { lengthMax: 512 });
    const arn = (await existing(context, name)) ?? (await created(context, name, properties));
    const text = textOf(properties['SecretString']);
    if (text !== undefined) await call(context, 'PutSecretValue', { SecretId: arn, SecretString: text });
    return { ref: arn, attributes: { Id: arn } };
  },
};

async function existing(context: ProvisionContext, name: string): Promise<string | undefined> {
  try {
    return textOf((await call(context, 'DescribeSecret', { SecretId: name }))['ARN']);
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

async function created(context: ProvisionContext, name: string, properties: JsonObject): Promise<string> {
  const text = textOf(properties['SecretString']) ?? generated(properties);
  const input = { ...pick(properties, ['Description']), Name: name, SecretString: text };
  return textOf((await call(context, 'CreateSecret', input))['ARN']) ?? '';
}

/** A password, alone or as a member of the template's JSON. */
function generated(properties: JsonObject): string {
  const wanted = objectOf(properties['GenerateSecretString']);
  const text = password(wanted);
  const key = textOf(wanted['GenerateStringKey']);
  const template = textOf(wanted['SecretStringTemplate']);
  if (key === undefined || template === undefined) return text;
  const values = parseJson(template);
  if (!isObject(values)) throw new Error('its SecretStringTemplate is no JSON object');
  return JSON.stringify({ ...values, [key]: text });
}

function password(wanted: JsonObject): string {
  const excluded = new Set(textOf(wanted['ExcludeCharacters']) ?? '');
  const kinds = KINDS.filter(([exclusion]) => !flagOf(wanted[exclusion])).map(([, characters]) => characters);
  if (flagOf(wanted['IncludeSpace'])) kinds.push(' ');
  const left = kinds.map((kind) =>
    Array.from(kind)
      .filter((character) => !excluded.has(character))
      .join(''),
  );
  const all = left.join('');
  if (all === '') throw new Error('its GenerateSecretString leaves no characters');
  const length = Math.min(numberOf(wanted['PasswordLength']) ?? LENGTH_DEFAULT, LENGTH_MAX);
  const oneOf = (from: string): string => from.charAt(randomInt(from.length));
  for (;;) {
    const text = Array.from({ length }, () => oneOf(all)).join('');
    const mustHaveAll = wanted['RequireEachIncludedType'] !== false && length >= left.length;
    const hasAll = left.every(
      (kind) => kind === '' || Array.from(text).some((character) => kind.includes(character)),
    );
    if (!mustHaveAll || hasAll) return text;
  }
}

async function call(context: ProvisionContext, operation: string, input: JsonObject): Promise<JsonObject> {
  return (await context.target.call({ service: 'secretsmanager', operation, input })).output;
}
