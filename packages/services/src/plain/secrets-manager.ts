import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { isArray, isObject, type Json, type JsonObject } from '@stepyard/asl';
import { asText } from '../member.ts';
import {
  ACCOUNT_ID,
  apiError,
  PARTITION,
  refuseFeature,
  REGION,
  type AccountOptions,
  type HostedService,
} from '../service.ts';
import { JsonFile } from '../store/json-file.ts';
import { createJsonService, type Operations } from '../wire/json-service.ts';

const SERVICE = 'secretsmanager';
const NAME = /^[\w/+=.@!-]{1,512}$/u;
const VALUE_BYTES_MAX = 65_536;
const SECRETS_MAX = 10_000;
const PAGE_MAX = 100;
const RECOVERY_DAYS_DEFAULT = 30;
const DAY_SECONDS = 86_400;

interface Version {
  readonly id: string;
  readonly text: string | undefined;
  /** Base64. */
  readonly binary: string | undefined;
  /** Epoch seconds. */
  readonly created: number;
}

interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly kmsKeyId: string | undefined;
  readonly tags: readonly JsonObject[];
  /** The current version first, then the previous one. */
  readonly versions: readonly Version[];
  readonly created: number;
  readonly changed: number;
  /** When it was marked for deletion. */
  readonly deleted: number | undefined;
}

/**
 * Secrets Manager: secrets with their current and previous version, as they are, in `<dataDir>/secretsmanager/secrets.json`. No rotation,
 * no replication; a secret that is marked for deletion stays marked.
 */
export function createSecretsManager({ dataDir, account = ACCOUNT_ID }: AccountOptions): HostedService {
  const secrets = new Secrets(dataDir, account);
  return createJsonService({
    name: SERVICE,
    operations: { ...valueOperations(secrets), ...secretOperations(secrets) },
    requestBytesMax: 1024 * 1024,
  });
}

class Secrets {
  readonly account: string;
  readonly #secrets: Map<string, Secret>;
  readonly #file: JsonFile<readonly Secret[]>;

  constructor(dataDir: string | undefined, account: string) {
    this.account = account;
    this.#file = new JsonFile(
      dataDir === undefined ? undefined : join(dataDir, 'secretsmanager', 'secrets.json'),
    );
    this.#secrets = new Map(this.#file.read([]).map((secret) => [secret.name, secret]));
  }

  list(): readonly Secret[] {
    return [...this.#secrets.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  find(id: string): Secret | undefined {
    return this.#secrets.get(id) ?? this.list().find(({ arn }) => arn === id || arn.slice(0, -7) === id);
  }

  /** Throws ResourceNotFoundException, and InvalidRequestException for one that is marked for deletion. */
  get(id: Json | undefined, allowDeleted = false): Secret {
    const secret = this.find(asText(id));
    if (secret === undefined) {
      throw apiError(
        SERVICE,
        'ResourceNotFoundException',
        "Secrets Manager can't find the specified secret.",
      );
    }
    if (secret.deleted !== undefined && !allowDeleted) {
      throw apiError(
        SERVICE,
        'InvalidRequestException',
        "You can't perform this operation on the secret because it was marked for deletion.",
      );
    }
    return secret;
  }

  put(secret: Secret): void {
    if (!this.#secrets.has(secret.name) && this.#secrets.size >= SECRETS_MAX) {
      throw apiError(SERVICE, 'LimitExceededException', 'The number of secrets is at its limit.');
    }
    this.#secrets.set(secret.name, secret);
    this.#file.write(this.list());
  }

  delete(secret: Secret): void {
    this.#secrets.delete(secret.name);
    this.#file.write(this.list());
  }
}

function valueOperations(secrets: Secrets): Operations {
  return {
    CreateSecret(input) {
      const name = asText(input['Name']);
      if (!NAME.test(name)) {
        throw apiError(
          SERVICE,
          'ValidationException',
          'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
        );
      }
      const existing = secrets.find(name);
      if (existing !== undefined) {
        secrets.get(name);
        throw apiError(
          SERVICE,
          'ResourceExistsException',
          `The operation failed because the secret ${name} already exists.`,
        );
      }
      const secret = newSecret(secrets.account, name, input);
      secrets.put(secret);
      return { ...named(secret), ...versionOf(secret) };
    },
    GetSecretValue: (input) => getValue(secrets.get(input['SecretId']), input),
    PutSecretValue(input) {
      const secret = secrets.get(input['SecretId']);
      if (input['VersionStages'] !== undefined)
        throw refuseFeature(SERVICE, 'PutSecretValue', 'VersionStages');
      const version = readVersion(input);
      if (version === undefined) throw invalid('You must provide either SecretString or SecretBinary.');
      const changed = withVersion(secret, version);
      secrets.put(changed);
      return { ...named(changed), ...versionOf(changed), VersionStages: ['AWSCURRENT'] };
    },
    UpdateSecret(input) {
      const before = secrets.get(input['SecretId']);
      const version = readVersion(input);
      const changed: Secret = {
        ...(version === undefined ? before : withVersion(before, version)),
        description: optionalText(input['Description']) ?? before.description,
        kmsKeyId: optionalText(input['KmsKeyId']) ?? before.kmsKeyId,
        changed: nowSeconds(),
      };
      secrets.put(changed);
      return { ...named(changed), ...(version === undefined ? {} : versionOf(changed)) };
    },
  };
}

function secretOperations(secrets: Secrets): Operations {
  return {
    DeleteSecret(input) {
      const secret = secrets.get(input['SecretId'], true);
      const isForced = input['ForceDeleteWithoutRecovery'] === true;
      const days = isForced ? 0 : Number(input['RecoveryWindowInDays'] ?? RECOVERY_DAYS_DEFAULT);
      if (!isForced && !(days >= 7 && days <= 30)) {
        throw invalid('The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).');
      }
      if (isForced) secrets.delete(secret);
      else secrets.put({ ...secret, deleted: nowSeconds() });
      return { ...named(secret), DeletionDate: nowSeconds() + days * DAY_SECONDS };
    },
    RestoreSecret(input) {
      const secret = secrets.get(input['SecretId'], true);
      secrets.put({ ...secret, deleted: undefined });
      return named(secret);
    },
    DescribeSecret: (input) => describe(secrets.get(input['SecretId'], true)),
    ListSecrets: (input) => listSecrets(secrets, input),
    TagResource(input) {
      const secret = secrets.get(input['SecretId']);
      const added = readTags(input['Tags']);
      const keys = new Set(added.map((tag) => tag['Key']));
      secrets.put({ ...secret, tags: [...secret.tags.filter((tag) => !keys.has(tag['Key'])), ...added] });
      return {};
    },
    UntagResource(input) {
      const secret = secrets.get(input['SecretId']);
      const keys = isArray(input['TagKeys']) ? input['TagKeys'] : [];
      secrets.put({ ...secret, tags: secret.tags.filter((tag) => !keys.includes(tag['Key'] ?? null)) });
      return {};
    },
  };
}

function newSecret(account: string, name: string, input: JsonObject): Secret {
  const version = readVersion(input);
  const created = nowSeconds();
  // Six characters that no other secret of the name ever had.
  const suffix = randomBytes(3).toString('hex');
  return {
    name,
    arn: `arn:${PARTITION}:secretsmanager:${REGION}:${account}:secret:${name}-${suffix}`,
    description: optionalText(input['Description']),
    kmsKeyId: optionalText(input['KmsKeyId']),
    tags: readTags(input['Tags']),
    versions: version === undefined ? [] : [version],
    created,
    changed: created,
    deleted: undefined,
  };
}

function readVersion(input: JsonObject): Version | undefined {
  const text = optionalText(input['SecretString']);
  const binary = optionalText(input['SecretBinary']);
  if (text === undefined && binary === undefined) return undefined;
  if (text !== undefined && binary !== undefined) {
    throw invalid(
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  }
  const bytes = text === undefined ? Buffer.byteLength(binary ?? '', 'base64') : Buffer.byteLength(text);
  if (bytes === 0 || bytes > VALUE_BYTES_MAX)
    throw invalid(`The secret is not 1 to ${VALUE_BYTES_MAX} bytes.`);
  return {
    id: optionalText(input['ClientRequestToken']) ?? randomUUID(),
    text,
    binary,
    created: nowSeconds(),
  };
}

/** The same request token with the same value is the same version: clients repeat what they are not sure of. */
function withVersion(secret: Secret, version: Version): Secret {
  const same = secret.versions.find(({ id }) => id === version.id);
  if (same === undefined) {
    return { ...secret, versions: [version, ...secret.versions.slice(0, 1)], changed: version.created };
  }
  if (same.text === version.text && same.binary === version.binary) return secret;
  throw apiError(
    SERVICE,
    'ResourceExistsException',
    `The operation failed because the version ${version.id} already exists with another value.`,
  );
}

function getValue(secret: Secret, input: JsonObject): JsonObject {
  const stage = optionalText(input['VersionStage']);
  const id = optionalText(input['VersionId']);
  const index = secret.versions.findIndex(
    (version, place) =>
      (id === undefined || version.id === id) &&
      (stage === undefined ? id !== undefined || place === 0 : stage === stageOf(place)),
  );
  const version = secret.versions[index];
  if (version === undefined) {
    throw apiError(
      SERVICE,
      'ResourceNotFoundException',
      id === undefined
        ? `Secrets Manager can't find the specified secret value for staging label: ${stage ?? 'AWSCURRENT'}`
        : `Secrets Manager can't find the specified secret value for VersionId: ${id}`,
    );
  }
  return {
    ...named(secret),
    VersionId: version.id,
    ...(version.text === undefined ? {} : { SecretString: version.text }),
    ...(version.binary === undefined ? {} : { SecretBinary: version.binary }),
    VersionStages: [stageOf(index)],
    CreatedDate: version.created,
  };
}

function describe(secret: Secret): JsonObject {
  const stages = Object.fromEntries(secret.versions.map(({ id }, index) => [id, [stageOf(index)]]));
  return { ...summary(secret), ...(secret.versions.length === 0 ? {} : { VersionIdsToStages: stages }) };
}

function summary(secret: Secret): JsonObject {
  return {
    ...named(secret),
    ...(secret.description === undefined ? {} : { Description: secret.description }),
    ...(secret.kmsKeyId === undefined ? {} : { KmsKeyId: secret.kmsKeyId }),
    LastChangedDate: secret.changed,
    ...(secret.deleted === undefined ? {} : { DeletedDate: secret.deleted }),
    ...(secret.tags.length === 0 ? {} : { Tags: secret.tags }),
    CreatedDate: secret.created,
  };
}

function listSecrets(secrets: Secrets, input: JsonObject): JsonObject {
  const filters = (isArray(input['Filters']) ? input['Filters'] : []).map((filter) => {
    const { Key: key, Values: values } = isObject(filter) ? filter : {};
    if (key !== 'name') throw refuseFeature(SERVICE, 'ListSecrets', `the filter ${asText(key)}`);
    return isArray(values) ? values.map(asText) : [];
  });
  const after =
    input['NextToken'] === undefined ? '' : Buffer.from(asText(input['NextToken']), 'base64url').toString();
  const found = secrets
    .list()
    .filter(
      ({ name, deleted }) =>
        name > after &&
        (deleted === undefined || input['IncludePlannedDeletion'] === true) &&
        filters.every((names) => names.some((prefix) => name.startsWith(prefix))),
    );
  const size = Math.min(PAGE_MAX, Math.max(1, Number(input['MaxResults'] ?? PAGE_MAX) || PAGE_MAX));
  const page = found.slice(0, size);
  const last = page.at(-1)?.name ?? '';
  return {
    SecretList: page.map(summary),
    ...(found.length > size ? { NextToken: Buffer.from(last).toString('base64url') } : {}),
  };
}

function named({ arn, name }: Secret): JsonObject {
  return { ARN: arn, Name: name };
}

function versionOf({ versions: [current] }: Secret): JsonObject {
  return current === undefined ? {} : { VersionId: current.id };
}

function stageOf(place: number): string {
  return place === 0 ? 'AWSCURRENT' : 'AWSPREVIOUS';
}

function readTags(value: Json | undefined): readonly JsonObject[] {
  return isArray(value) ? value.filter((tag) => isObject(tag)) : [];
}

function optionalText(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function nowSeconds(): number {
  return Date.now() / 1000;
}

function invalid(message: string): Error {
  return apiError(SERVICE, 'InvalidParameterException', message);
}
