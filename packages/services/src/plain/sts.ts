import { randomBytes } from 'node:crypto';
import type { JsonObject } from '@stepyard/asl';
import { asText } from '../member.ts';
import { ACCOUNT_ID, apiError, PARTITION, type AccountOptions, type HostedService } from '../service.ts';
import type { Operations } from '../wire/json-service.ts';
import { createQueryService } from '../wire/query-service.ts';

const SERVICE = 'sts';
const DURATION_SECONDS_DEFAULT = 3600;
const DURATION_SECONDS_MIN = 900;
const DURATION_SECONDS_MAX = 43_200;
const ROLE_ARN = /^arn:[^:]+:iam::(\d{12}):role\/(?:.*\/)?([\w+=,.@-]+)$/u;
const SESSION_NAME = /^[\w+=,.@-]{2,64}$/u;

/** STS: who the caller is, and credentials of a role. Nothing is checked with them: the yard has no identities. */
export function createSts({ account = ACCOUNT_ID }: Partial<AccountOptions> = {}): HostedService {
  const operations = operationsOf(account);
  return createQueryService({
    name: SERVICE,
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    operations: () => operations,
  });
}

function operationsOf(account: string): Operations {
  return {
    GetCallerIdentity: () => ({
      Arn: `arn:${PARTITION}:iam::${account}:root`,
      UserId: account,
      Account: account,
    }),
    AssumeRole,
  };
}

function AssumeRole(input: JsonObject): JsonObject {
  const arn = asText(input['RoleArn']);
  const session = asText(input['RoleSessionName']);
  const [, account = '', role = ''] = ROLE_ARN.exec(arn) ?? [];
  if (role === '') throw apiError(SERVICE, 'ValidationError', `${arn} is invalid`);
  if (!SESSION_NAME.test(session)) {
    throw apiError(
      SERVICE,
      'ValidationError',
      `1 validation error detected: Value '${session}' at 'roleSessionName' failed to satisfy constraint: ` +
        'Member must satisfy regular expression pattern: [\\w+=,.@-]*',
    );
  }
  const seconds = Number(input['DurationSeconds'] ?? DURATION_SECONDS_DEFAULT);
  if (!Number.isInteger(seconds) || seconds < DURATION_SECONDS_MIN || seconds > DURATION_SECONDS_MAX) {
    throw apiError(SERVICE, 'ValidationError', 'The requested DurationSeconds is not 900 to 43200 seconds.');
  }
  return {
    Credentials: {
      // The yard reads the account out of the key of whoever calls.
      AccessKeyId: account,
      SecretAccessKey: randomBytes(30).toString('base64'),
      SessionToken: randomBytes(96).toString('base64'),
      Expiration: new Date(Date.now() + seconds * 1000).toISOString(),
    },
    AssumedRoleUser: {
      AssumedRoleId: `AROA${randomBytes(8).toString('hex').toUpperCase()}:${session}`,
      Arn: `arn:${PARTITION}:sts::${account}:assumed-role/${role}/${session}`,
    },
  };
}
