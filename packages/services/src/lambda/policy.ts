import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@stepyard/asl';
import { apiError } from '../service.ts';
import { readText, requiredText } from './api.ts';
import type { FunctionRecord, RegisteredFunction } from './functions.ts';

/** The statement that AddPermission adds; shown, never enforced: the yard has no identities. */
export function readStatement({ arn, record }: RegisteredFunction, input: JsonObject): JsonObject {
  const id = requiredText(input, 'StatementId');
  if (record.statements.some((statement) => statement['Sid'] === id)) {
    throw apiError(
      'lambda',
      'ResourceConflictException',
      `The statement id (${id}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
      409,
    );
  }
  const principal = requiredText(input, 'Principal');
  const conditions = {
    ...condition('ArnLike', 'AWS:SourceArn', readText(input['SourceArn'])),
    ...condition('StringEquals', 'AWS:SourceAccount', readText(input['SourceAccount'])),
  };
  return {
    Sid: id,
    Effect: 'Allow',
    Principal: principal.includes('.amazonaws.com') ? { Service: principal } : { AWS: principal },
    Action: requiredText(input, 'Action'),
    Resource: arn,
    ...(Object.keys(conditions).length === 0 ? {} : { Condition: conditions }),
  };
}

/** The resource policy's text. Throws ResourceNotFoundException where no permission was added. */
export function policyOf(record: FunctionRecord): JsonObject {
  if (record.statements.length === 0) throw noPolicy();
  const policy = { Version: '2012-10-17', Id: 'default', Statement: record.statements };
  return { Policy: JSON.stringify(policy), RevisionId: record.revisionId };
}

/** The statements without the one of that id. Throws ResourceNotFoundException where it is not there. */
export function withoutStatement(record: FunctionRecord, id: string): readonly JsonObject[] {
  const rest = record.statements.filter((statement) => statement['Sid'] !== id);
  if (rest.length === record.statements.length) throw noPolicy();
  return rest;
}

function noPolicy(): Error {
  return apiError(
    'lambda',
    'ResourceNotFoundException',
    `No policy is associated with the given resource. (Request ID: ${randomUUID()})`,
    404,
  );
}

function condition(operator: string, key: string, value: string | undefined): JsonObject {
  return value === undefined ? {} : { [operator]: { [key]: value } };
}
