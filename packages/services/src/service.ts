import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonObject } from '@stepyard/asl';
import {
  ServiceError,
  type FunctionAnswer,
  type HttpExchange,
  type InvocationOptions,
  type ObjectAnswer,
  type ObjectRequest,
  type ServiceAnswer,
} from '@stepyard/engine';

/**
 * The main account, where assemblies are deployed and callers belong that name no other, and the one region and partition of the
 * yard.
 */
export const ACCOUNT_ID = '000000000000';
export const REGION = 'us-east-1';
export const PARTITION = 'aws';

/** Where a hosted service keeps its data, and whose it is. */
export interface AccountOptions {
  /** Undefined keeps all in memory. */
  readonly dataDir: string | undefined;
  /** Twelve digits; the main account unless given. */
  readonly account?: string;
}

/** What accompanies one call of a hosted service. */
export interface CallContext {
  /** Aborts when the caller no longer waits (its attempt timed out or was stopped). */
  readonly signal?: AbortSignal;
  /** Told what a request to a server outside was (see ServiceCall.onExchange). */
  readonly onExchange?: (exchange: HttpExchange) => void;
}

/**
 * An AWS service hosted in this process.
 *
 * It does what its list of operations says, each of them verified by a test, and refuses everything else by name with
 * {@link refuseOperation}: a false success is the worst answer that a stand-in can give.
 */
export interface HostedService {
  /** The SDK's service id in lower case without spaces: `dynamodb`, `sqs`, `eventbridge`. */
  readonly name: string;
  /** The operations that a test verifies: `PutItem`. */
  readonly operations: ReadonlySet<string>;
  /** One API call in the API's own member names. Rejects with {@link ServiceError}, and nothing else. */
  call(operation: string, input: JsonObject, context?: CallContext): Promise<ServiceAnswer>;
  /**
   * One HTTP request as an SDK sends it, behind the gateway; absent where no wire protocol is offered. Answers errors in the
   * service's own protocol and never rejects for anything in the request.
   */
  handle?(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Lambda only: invokes a function with JSON text, which reaches the function unchanged. */
  invokeFunction?(functionName: string, payload: string, options: InvocationOptions): Promise<FunctionAnswer>;
  /** S3 only: an object as bytes (see ServiceCaller.readObject). Rejects with {@link ServiceError}. */
  readObject?(request: ObjectRequest): Promise<ObjectAnswer>;
  /** Services with jobs only: resolves when the job may have reached its end (see ServiceCaller.jobChanged). Never rejects. */
  whenJobChanged?(id: string, signal: AbortSignal): Promise<void>;
  /** Ends what it started: processes, timers, files. Safe to call twice. */
  close(): Promise<void>;
}

/** Code of the error that refuses what a hosted service cannot do; SDKs print it with its message. */
export const NOT_HOSTED = 'StepyardOperationNotHosted';

/** The refusal of an operation that the yard does not host: names it and says what to do instead. */
export function refuseOperation(service: string, operation: string): ServiceError {
  return new ServiceError({
    service,
    code: NOT_HOSTED,
    message:
      `Stepyard does not host ${service}:${operation}. ` +
      `Point the service at another endpoint that does: --endpoint ${service}=URL.`,
    statusCode: 501,
    requestId: randomUUID(),
  });
}

/** The refusal of one member or feature of a hosted operation: `DynamoDB PutItem ReturnValuesOnConditionCheckFailure`. */
export function refuseFeature(service: string, operation: string, feature: string): ServiceError {
  return new ServiceError({
    service,
    code: NOT_HOSTED,
    message:
      `Stepyard's ${service}:${operation} does not support ${feature}. ` +
      `Point the service at another endpoint that does: --endpoint ${service}=URL.`,
    statusCode: 501,
    requestId: randomUUID(),
  });
}

/** An answer with the given output. */
export function answer(output: JsonObject, fields?: Partial<ServiceAnswer>): ServiceAnswer {
  return { output, statusCode: 200, requestId: randomUUID(), headers: {}, ...fields };
}

/** An error of the service's API: `apiError('lambda', 'ResourceNotFoundException', 'Function not found', 404)`. */
export function apiError(service: string, code: string, message: string, statusCode = 400): ServiceError {
  return new ServiceError({ service, code, message, statusCode, requestId: randomUUID() });
}

/** An error with members besides its message, as the service's model gives them: `Item` of a failed condition. */
export class DetailedServiceError extends ServiceError {
  readonly members: JsonObject;

  constructor(fields: ConstructorParameters<typeof ServiceError>[0], members: JsonObject) {
    super(fields);
    this.members = members;
  }
}

/** One line of what a hosted service has to say: a function's log line, a job's output, a dropped event. */
export interface LogRecord {
  /** `lambda`, `batch`, `events` and so on. */
  readonly source: string;
  /** CloudWatch log group: `/aws/lambda/loader`; undefined for the yard's own notes. */
  readonly logGroup?: string;
  /** Log stream within the group. */
  readonly logStream?: string;
  readonly message: string;
}

/** Takes log records; never throws. */
export type LogSink = (record: LogRecord) => void;
