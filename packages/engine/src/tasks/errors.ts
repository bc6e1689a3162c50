/** How the errors of services appear in state machines: name and cause ([86] and [87] of the recordings). */
import type { Integration, SdkService } from '@stepyard/asl';
import type { ServiceError } from './service-caller.ts';
import type { TaskResult } from './task-runner.ts';

type Failed = Extract<TaskResult, { kind: 'failed' }>;

/**
 * Error codes that no service models as an exception of its own: they become the service's generic one
 * (`DynamoDB.AmazonDynamoDBException`).
 */
const UNMODELLED = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'ExpiredToken',
  'IncompleteSignature',
  'InternalError',
  'InternalFailure',
  'InvalidAction',
  'InvalidClientTokenId',
  'InvalidParameterCombination',
  'InvalidParameterValue',
  'MissingParameter',
  'OptInRequired',
  'RequestExpired',
  'SerializationException',
  'ServiceUnavailable',
  'SignatureDoesNotMatch',
  'Throttling',
  'ThrottlingException',
  'UnrecognizedClientException',
  'ValidationError',
  'ValidationException',
]);

/** The name of an exception from an error code: `AWS.SimpleQueueService.X` -> `XException`, `NotFound` -> `NotFoundException`. */
function exceptionName(code: string): string {
  const name = code.slice(code.lastIndexOf('.') + 1);
  return name.endsWith('Exception') ? name : `${name}Exception`;
}

/** An optimised integration's failure: `DynamoDB.ConditionalCheckFailedException`. */
export function integrationFailure(integration: Integration, error: ServiceError): Failed {
  if (error.unreachable) return unreachable(integration.errorPrefix, error);
  const name = UNMODELLED.has(error.code) ? integration.genericError : exceptionName(error.code);
  const details = [
    `Service: ${integration.serviceLabel}`,
    `Status Code: ${error.statusCode}`,
    `Error Code: ${error.code}`,
    `Request ID: ${error.requestId}`,
    'Proxy: null',
  ];
  return {
    kind: 'failed',
    error: `${integration.errorPrefix}.${name}`,
    cause: `${error.message} (${details.join('; ')})`,
  };
}

/** An `aws-sdk` integration's failure: `DynamoDb.ConditionalCheckFailedException`, without the generic `Amazon...` names. */
export function sdkFailure(service: SdkService, error: ServiceError): Failed {
  if (error.unreachable) return unreachable(service.errorPrefix, error);
  const name = UNMODELLED.has(error.code) ? `${service.errorPrefix}Exception` : exceptionName(error.code);
  const extended =
    service.errorPrefix === 'S3' ? `, Extended Request ID: ${extendedId(error.requestId)}` : '';
  const details = `Service: ${service.errorPrefix}, Status Code: ${error.statusCode}, Request ID: ${error.requestId}${extended}`;
  return { kind: 'failed', error: `${service.errorPrefix}.${name}`, cause: `${error.message} (${details})` };
}

/** S3 alone has a second id (error_handling/aws-sdk--no-such-bucket-b8003d): opaque, so one made of the first will do. */
function extendedId(requestId: string): string {
  return Buffer.from(requestId).toString('base64');
}

/** Nobody answered: what the SDK itself says. */
function unreachable(prefix: string, error: ServiceError): Failed {
  return {
    kind: 'failed',
    error: `${prefix}.SdkClientException`,
    cause: `Unable to execute HTTP request: ${error.message}`,
  };
}

/** A job that failed: its description is the cause ([88] of the recordings, use-cases of Batch and ECS). */
export function jobFailure(description: unknown): Failed {
  return { kind: 'failed', error: 'States.TaskFailed', cause: JSON.stringify(description) };
}
