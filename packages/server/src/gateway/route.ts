import type { IncomingHttpHeaders } from 'node:http';

/** Where a request goes. `operation` is undefined where the service's own protocol has to be read to know it. */
export type Route =
  | { readonly kind: 'yard'; readonly path: string }
  | { readonly kind: 'service'; readonly service: string; readonly operation: string | undefined }
  | { readonly kind: 'unknown' };

/** Target prefixes of the JSON protocols -> the SDK's service id in lower case without spaces. */
const TARGETS: ReadonlyMap<string, string> = new Map([
  ['AWSStepFunctions', 'sfn'],
  ['DynamoDB_20120810', 'dynamodb'],
  ['DynamoDBStreams_20120810', 'dynamodbstreams'],
  ['AmazonSQS', 'sqs'],
  ['AWSEvents', 'eventbridge'],
  ['Logs_20140328', 'cloudwatchlogs'],
  ['GraniteServiceVersion20100801', 'cloudwatch'],
  ['AmazonEC2ContainerServiceV20141113', 'ecs'],
  ['AmazonEC2ContainerRegistry_V20150921', 'ecr'],
  ['secretsmanager', 'secretsmanager'],
  ['AmazonSSM', 'ssm'],
  ['TrentService', 'kms'],
  ['AWSGlue', 'glue'],
  ['AmazonAthena', 'athena'],
  ['SageMaker', 'sagemaker'],
  ['CodeBuild_20161006', 'codebuild'],
  ['Kinesis_20131202', 'kinesis'],
  ['Firehose_20150804', 'firehose'],
]);

/** Names in a signature's credential scope that differ from the service id. */
const SCOPES: ReadonlyMap<string, string> = new Map([
  ['states', 'sfn'],
  ['events', 'eventbridge'],
  ['logs', 'cloudwatchlogs'],
  ['monitoring', 'cloudwatch'],
  ['elasticmapreduce', 'emr'],
]);

/** An access key id of twelve digits names the account of the caller, as in other local emulators. */
const ACCOUNT = /Credential=(\d{12})(?:\/|%2F)/iu;

const SCOPE = /\/\d{8}\/[a-z0-9-]*\/([a-z0-9-]+)\/aws4_request/u;
const PRESIGNED_SCOPE = /[?&]X-Amz-Credential=[^&]*%2F\d{8}%2F[a-z0-9-]*%2F([a-z0-9-]+)%2Faws4_request/iu;

/**
 * Finds the service of a request: by X-Amz-Target, by the credential scope of its signature, by its path, by its host name.
 * The first that says anything decides.
 */
export function route(url: string, headers: IncomingHttpHeaders): Route {
  const path = url === '/' ? url : (url.split('?', 1)[0] ?? '/');
  if (path.startsWith('/_stepyard/')) return { kind: 'yard', path };
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return byTarget(target);
  const scope = SCOPE.exec(headers.authorization ?? '')?.[1] ?? PRESIGNED_SCOPE.exec(url)?.[1];
  const service =
    scope === undefined ? (byPath(path) ?? byHost(headers.host ?? '')) : (SCOPES.get(scope) ?? scope);
  if (service !== undefined) return { kind: 'service', service, operation: undefined };
  return path === '/' ? { kind: 'yard', path } : { kind: 'unknown' };
}

/** The account that a request is signed for; undefined for the main one. */
export function accountOf(url: string, headers: IncomingHttpHeaders): string | undefined {
  return (ACCOUNT.exec(headers.authorization ?? '') ?? ACCOUNT.exec(url))?.[1];
}

function byTarget(target: string): Route {
  const dot = target.lastIndexOf('.');
  const prefix = target.slice(0, Math.max(dot, 0));
  const known = TARGETS.get(prefix);
  // A service that is not in the table is named as it calls itself.
  return {
    kind: 'service',
    service: known ?? (prefix === '' ? target : prefix),
    operation: target.slice(dot + 1),
  };
}

function byPath(path: string): string | undefined {
  if (/^\/20\d\d-\d\d-\d\d\/(?:functions|event-source-mappings|layers|account-settings)\b/u.test(path))
    return 'lambda';
  if (/^\/v1\/[a-z]+$/u.test(path)) return 'batch';
  if (/^\/\d{12}\/[\w.-]+$/u.test(path)) return 'sqs';
  return undefined;
}

function byHost(hostHeader: string): string | undefined {
  const host = hostHeader.replace(/:\d+$/u, '').toLowerCase();
  const labels = host.replace(/(?:^|\.)(?:localhost|amazonaws\.com)$/u, '').split('.');
  if (host === labels.join('.')) return undefined;
  // `bucket.s3.localhost`, `s3.us-east-1.amazonaws.com`: whatever stands before is the bucket.
  if (labels.includes('s3') || labels.some((label) => label.startsWith('s3-'))) return 's3';
  const first = (labels[0] ?? '').replace(/^sync-/u, '');
  if (first === '') return undefined;
  return SCOPES.get(first) ?? (/^[a-z][a-z0-9-]*$/u.test(first) ? first : undefined);
}
