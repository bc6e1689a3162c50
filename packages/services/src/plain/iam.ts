import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { isArray, isObject, type Json, type JsonObject } from '@stepyard/asl';
import { asText } from '../member.ts';
import { ACCOUNT_ID, apiError, PARTITION, type AccountOptions, type HostedService } from '../service.ts';
import { JsonFile } from '../store/json-file.ts';
import type { Operations } from '../wire/json-service.ts';
import { createQueryService } from '../wire/query-service.ts';

const SERVICE = 'iam';
const NAME = /^[\w+=,.@-]{1,128}$/u;
const ROLE_NAME_LENGTH_MAX = 64;
const DOCUMENT_LENGTH_MAX = 131_072;
const RESOURCES_MAX = 10_000;

interface Role {
  readonly path: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly trustPolicy: string;
  readonly maxSessionSeconds: number;
  /** ISO 8601. */
  readonly created: string;
  readonly tags: readonly JsonObject[];
  /** Inline policies: name -> document. */
  readonly policies: Readonly<Record<string, string>>;
  /** ARNs of attached policies. */
  readonly attached: readonly string[];
}

interface Policy {
  readonly path: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly document: string;
  readonly created: string;
}

interface State {
  readonly roles: readonly Role[];
  readonly policies: readonly Policy[];
}

/**
 * IAM: roles and policies as they are given, in `<dataDir>/iam/iam.json`. They are shown and never enforced: the yard lets everybody do
 * everything. No users, groups or instance profiles.
 */
export function createIam({ dataDir, account = ACCOUNT_ID }: AccountOptions): HostedService {
  const store = new IamStore(dataDir, account);
  const operations = {
    ...roleOperations(store),
    ...inlineOperations(store),
    ...attachedOperations(store),
    ...policyOperations(store),
    ...tagOperations(store),
  };
  return createQueryService({
    name: SERVICE,
    namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
    operations: () => operations,
  });
}

class IamStore {
  readonly account: string;
  readonly roles: Map<string, Role>;
  readonly policies: Map<string, Policy>;
  readonly #file: JsonFile<State>;

  constructor(dataDir: string | undefined, account: string) {
    this.account = account;
    this.#file = new JsonFile(dataDir === undefined ? undefined : join(dataDir, 'iam', 'iam.json'));
    const { roles, policies } = this.#file.read({ roles: [], policies: [] });
    this.roles = new Map(roles.map((role) => [role.name, role]));
    this.policies = new Map(policies.map((policy) => [policyArn(account, policy), policy]));
  }

  /** Throws NoSuchEntity. */
  role(input: JsonObject): Role {
    const name = asText(input['RoleName']);
    const role = this.roles.get(name);
    if (role === undefined) throw noSuchEntity(`The role with name ${name} cannot be found.`);
    return role;
  }

  putRole(role: Role): void {
    if (!this.roles.has(role.name)) this.#checkRoom();
    this.roles.set(role.name, role);
    this.save();
  }

  /** Throws NoSuchEntity. */
  policy(input: JsonObject): Policy {
    const arn = asText(input['PolicyArn']);
    const policy = this.policies.get(arn);
    if (policy === undefined) throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
    return policy;
  }

  putPolicy(policy: Policy): void {
    this.#checkRoom();
    this.policies.set(policyArn(this.account, policy), policy);
    this.save();
  }

  save(): void {
    this.#file.write({ roles: [...this.roles.values()], policies: [...this.policies.values()] });
  }

  #checkRoom(): void {
    if (this.roles.size + this.policies.size < RESOURCES_MAX) return;
    throw failure('LimitExceeded', 409, `Cannot exceed quota: ${RESOURCES_MAX}`);
  }
}

function roleOperations(store: IamStore): Operations {
  return {
    CreateRole(input) {
      const name = readName(input, 'RoleName', ROLE_NAME_LENGTH_MAX);
      if (store.roles.has(name)) {
        throw failure('EntityAlreadyExists', 409, `Role with name ${name} already exists.`);
      }
      const role: Role = {
        path: readPath(input),
        name,
        description: optionalText(input['Description']),
        trustPolicy: readDocument(input, 'AssumeRolePolicyDocument'),
        maxSessionSeconds: Number(input['MaxSessionDuration'] ?? 3600),
        created: nowText(),
        tags: readTags(input['Tags']),
        policies: {},
        attached: [],
      };
      store.putRole(role);
      return { Role: describeRole(store.account, role) };
    },
    GetRole: (input) => ({ Role: describeRole(store.account, store.role(input)) }),
    ListRoles(input) {
      const prefix = asText(input['PathPrefix']) || '/';
      const roles = [...store.roles.values()].filter(({ path }) => path.startsWith(prefix));
      return { Roles: roles.map((role) => describeRole(store.account, role)), IsTruncated: false };
    },
    UpdateAssumeRolePolicy(input) {
      store.putRole({ ...store.role(input), trustPolicy: readDocument(input, 'PolicyDocument') });
      return {};
    },
    DeleteRole(input) {
      const role = store.role(input);
      if (role.attached.length > 0) {
        throw failure('DeleteConflict', 409, 'Cannot delete entity, must detach all policies first.');
      }
      if (Object.keys(role.policies).length > 0) {
        throw failure('DeleteConflict', 409, 'Cannot delete entity, must delete policies first.');
      }
      store.roles.delete(role.name);
      store.save();
      return {};
    },
    ListInstanceProfilesForRole(input) {
      store.role(input);
      return { InstanceProfiles: [], IsTruncated: false };
    },
  };
}

function inlineOperations(store: IamStore): Operations {
  const find = (input: JsonObject): { name: string; document: string } => {
    const name = asText(input['PolicyName']);
    const { policies } = store.role(input);
    const document = Object.hasOwn(policies, name) ? policies[name] : undefined;
    if (document === undefined) throw noSuchEntity(`The role policy with name ${name} cannot be found.`);
    return { name, document };
  };
  return {
    PutRolePolicy(input) {
      const role = store.role(input);
      const name = readName(input, 'PolicyName');
      const policies = new Map(Object.entries(role.policies));
      policies.set(name, readDocument(input, 'PolicyDocument'));
      store.putRole({ ...role, policies: Object.fromEntries(policies) });
      return {};
    },
    GetRolePolicy(input) {
      const { name, document } = find(input);
      return {
        RoleName: store.role(input).name,
        PolicyName: name,
        PolicyDocument: encodeURIComponent(document),
      };
    },
    DeleteRolePolicy(input) {
      const { name } = find(input);
      const role = store.role(input);
      const kept = Object.entries(role.policies).filter(([other]) => other !== name);
      store.putRole({ ...role, policies: Object.fromEntries(kept) });
      return {};
    },
    ListRolePolicies: (input) => ({
      PolicyNames: Object.keys(store.role(input).policies),
      IsTruncated: false,
    }),
  };
}

function attachedOperations(store: IamStore): Operations {
  return {
    AttachRolePolicy(input) {
      const role = store.role(input);
      const arn = asText(input['PolicyArn']);
      // AWS's own policies are there without being made.
      if (!arn.startsWith(`arn:${PARTITION}:iam::aws:policy/`)) store.policy(input);
      store.putRole({ ...role, attached: [...new Set([...role.attached, arn])] });
      return {};
    },
    DetachRolePolicy(input) {
      const role = store.role(input);
      const arn = asText(input['PolicyArn']);
      if (!role.attached.includes(arn)) throw noSuchEntity(`Policy ${arn} was not found.`);
      store.putRole({ ...role, attached: role.attached.filter((other) => other !== arn) });
      return {};
    },
    ListAttachedRolePolicies: (input) => ({
      AttachedPolicies: store.role(input).attached.map((arn) => ({
        PolicyName: arn.slice(arn.lastIndexOf('/') + 1),
        PolicyArn: arn,
      })),
      IsTruncated: false,
    }),
  };
}

function policyOperations(store: IamStore): Operations {
  return {
    CreatePolicy(input) {
      const policy: Policy = {
        path: readPath(input),
        name: readName(input, 'PolicyName'),
        description: optionalText(input['Description']),
        document: readDocument(input, 'PolicyDocument'),
        created: nowText(),
      };
      if (store.policies.has(policyArn(store.account, policy))) {
        throw failure('EntityAlreadyExists', 409, `A policy called ${policy.name} already exists.`);
      }
      store.putPolicy(policy);
      return { Policy: describePolicy(store, policy) };
    },
    GetPolicy: (input) => ({ Policy: describePolicy(store, store.policy(input)) }),
    GetPolicyVersion(input) {
      const { document, created } = store.policy(input);
      if (asText(input['VersionId']) !== 'v1')
        throw noSuchEntity(`Policy version ${asText(input['VersionId'])} does not exist.`);
      return {
        PolicyVersion: {
          Document: encodeURIComponent(document),
          VersionId: 'v1',
          IsDefaultVersion: true,
          CreateDate: created,
        },
      };
    },
    ListPolicyVersions(input) {
      const { created } = store.policy(input);
      return {
        Versions: [{ VersionId: 'v1', IsDefaultVersion: true, CreateDate: created }],
        IsTruncated: false,
      };
    },
    DeletePolicy(input) {
      const arn = policyArn(store.account, store.policy(input));
      if ([...store.roles.values()].some(({ attached }) => attached.includes(arn))) {
        throw failure('DeleteConflict', 409, 'Cannot delete a policy attached to entities.');
      }
      store.policies.delete(arn);
      store.save();
      return {};
    },
  };
}

function tagOperations(store: IamStore): Operations {
  return {
    TagRole(input) {
      const role = store.role(input);
      const added = readTags(input['Tags']);
      const keys = new Set(added.map((tag) => tag['Key']));
      store.putRole({ ...role, tags: [...role.tags.filter((tag) => !keys.has(tag['Key'])), ...added] });
      return {};
    },
    UntagRole(input) {
      const role = store.role(input);
      const keys = isArray(input['TagKeys']) ? input['TagKeys'] : [];
      store.putRole({ ...role, tags: role.tags.filter((tag) => !keys.includes(tag['Key'] ?? null)) });
      return {};
    },
    ListRoleTags: (input) => ({ Tags: store.role(input).tags, IsTruncated: false }),
  };
}

function describeRole(account: string, role: Role): JsonObject {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: idOf('AROA', role.name),
    Arn: `arn:${PARTITION}:iam::${account}:role${role.path}${role.name}`,
    CreateDate: role.created,
    AssumeRolePolicyDocument: encodeURIComponent(role.trustPolicy),
    ...(role.description === undefined ? {} : { Description: role.description }),
    MaxSessionDuration: role.maxSessionSeconds,
    ...(role.tags.length === 0 ? {} : { Tags: role.tags }),
  };
}

function describePolicy(store: IamStore, policy: Policy): JsonObject {
  const arn = policyArn(store.account, policy);
  return {
    PolicyName: policy.name,
    PolicyId: idOf('ANPA', policy.name),
    Arn: arn,
    Path: policy.path,
    DefaultVersionId: 'v1',
    AttachmentCount: [...store.roles.values()].filter(({ attached }) => attached.includes(arn)).length,
    IsAttachable: true,
    ...(policy.description === undefined ? {} : { Description: policy.description }),
    CreateDate: policy.created,
    UpdateDate: policy.created,
  };
}

function policyArn(account: string, { path, name }: Policy): string {
  return `arn:${PARTITION}:iam::${account}:policy${path}${name}`;
}

/** `AROA` and 17 characters, the same for the same name. */
function idOf(prefix: string, name: string): string {
  return prefix + createHash('sha256').update(name).digest('hex').slice(0, 17).toUpperCase();
}

function readName(input: JsonObject, member: string, lengthMax = 128): string {
  const name = asText(input[member]);
  if (NAME.test(name) && name.length <= lengthMax) return name;
  throw failure(
    'ValidationError',
    400,
    `The specified value for ${member} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
  );
}

function readPath(input: JsonObject): string {
  const path = asText(input['Path']) || '/';
  if (/^\/(?:[\w+=,.@-]+\/)*$/u.test(path) && path.length <= 512) return path;
  throw failure('ValidationError', 400, 'The specified value for path is invalid.');
}

function readDocument(input: JsonObject, member: string): string {
  const text = asText(input[member]);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    document = undefined;
  }
  if (text.length <= DOCUMENT_LENGTH_MAX && typeof document === 'object' && document !== null) return text;
  throw failure('MalformedPolicyDocument', 400, 'Syntax errors in policy.');
}

function readTags(value: Json | undefined): readonly JsonObject[] {
  return isArray(value) ? value.filter((tag) => isObject(tag)) : [];
}

function optionalText(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Whole seconds, as IAM has them. */
function nowText(): string {
  return new Date().toISOString().replace(/\.\d+Z$/u, 'Z');
}

function noSuchEntity(message: string): Error {
  return failure('NoSuchEntity', 404, message);
}

function failure(code: string, statusCode: number, message: string): Error {
  return apiError(SERVICE, code, message, statusCode);
}
