import type { IamNeed } from './integration.ts';
import type { Pattern, TaskResource } from './resource.ts';
import { onAny, onParameter, pascalCase } from './rows/row.ts';
import { sdkService } from './sdk-service.ts';
import { findIntegration } from './table.ts';

/** API operations whose IAM action has another name. */
const IAM_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  'lambda:invoke': ['lambda:InvokeFunction'],
  's3:copyObject': ['s3:GetObject', 's3:PutObject'],
  's3:deleteObjects': ['s3:DeleteObject'],
  's3:headBucket': ['s3:ListBucket'],
  's3:headObject': ['s3:GetObject'],
  's3:listBuckets': ['s3:ListAllMyBuckets'],
  's3:listObjects': ['s3:ListBucket'],
  's3:listObjectsV2': ['s3:ListBucket'],
  'sqs:deleteMessageBatch': ['sqs:DeleteMessage'],
  'sqs:sendMessageBatch': ['sqs:SendMessage'],
  'sns:publishBatch': ['sns:Publish'],
};

/** The parameter that names the resource an action works on, by service; the first that the state passes counts. */
const RESOURCE_PARAMETERS: Readonly<Record<string, string>> = {
  dynamodb: 'TableName',
  kms: 'KeyId',
  lambda: 'FunctionName',
  s3: 'Bucket',
  secretsmanager: 'SecretId',
  sfn: 'StateMachineArn',
  sns: 'TopicArn',
  sqs: 'QueueUrl',
};

/** Actions of the services above that have no resource, or another one. */
const ON_ANY = new Set([
  'dynamodb:batchGetItem',
  'dynamodb:batchWriteItem',
  'dynamodb:listTables',
  'dynamodb:transactGetItems',
  'dynamodb:transactWriteItems',
  'kms:listKeys',
  'lambda:listFunctions',
  's3:listBuckets',
  'secretsmanager:listSecrets',
  'sfn:getActivityTask',
  'sfn:listStateMachines',
  'sfn:sendTaskFailure',
  'sfn:sendTaskHeartbeat',
  'sfn:sendTaskSuccess',
  'sns:listTopics',
  'sqs:listQueues',
]);

/**
 * What the execution role needs for one Task. undefined: the integration is not known, so nothing can be said.
 * An activity needs nothing.
 */
export function iamNeeds(resource: TaskResource): readonly IamNeed[] | undefined {
  const { kind } = resource;
  if (kind === 'lambda') return [{ actions: ['lambda:InvokeFunction'], on: { kind: 'resource' } }];
  if (kind === 'activity') return [];
  if (kind === 'sdk') return sdkNeeds(resource.service, resource.action);
  const row = findIntegration(resource.service, resource.action);
  return row?.iam.filter((need) => applies(need, resource.pattern));
}

function applies(need: IamNeed, pattern: Pattern): boolean {
  return need.patterns === undefined || need.patterns.includes(pattern);
}

function sdkNeeds(serviceInArn: string, action: string): readonly IamNeed[] | undefined {
  const service = sdkService(serviceInArn);
  if (service === undefined) return undefined;
  const name = `${serviceInArn}:${action}`;
  const actions = Object.hasOwn(IAM_ACTIONS, name) ? IAM_ACTIONS[name] : undefined;
  const needed = actions ?? [`${service.iamPrefix}:${pascalCase(action)}`];
  const parameter = Object.hasOwn(RESOURCE_PARAMETERS, serviceInArn)
    ? RESOURCE_PARAMETERS[serviceInArn]
    : undefined;
  if (parameter === undefined || ON_ANY.has(name)) return [onAny(...needed)];
  return [onParameter(parameter, ...needed)];
}

/**
 * The error of an attempt whose worker was lost: it was in flight when the process died. undefined: nothing is lost, the
 * attempt stays valid (activities). A job of `.sync` that does not survive fails as States.TaskFailed.
 */
export function lostWorkerError(resource: TaskResource): string | undefined {
  const { kind } = resource;
  if (kind === 'lambda') return 'Lambda.Unknown';
  if (kind === 'activity') return undefined;
  if (kind === 'sdk')
    return `${sdkService(resource.service)?.errorPrefix ?? resource.service}.SdkClientException`;
  if (resource.pattern === 'sync' || resource.pattern === 'sync:2') return 'States.TaskFailed';
  return findIntegration(resource.service, resource.action)?.lostWorker ?? 'States.TaskFailed';
}
