import type { JsonObject } from '@stepyard/asl';

/**
 * One call of an AWS API, in the API's own member names (`QueueUrl`, `containerOverrides`): the task runners translate from
 * and to the PascalCase of state machines.
 */
export interface ServiceCall {
  /** The SDK's service id in lower case without spaces: `sqs`, `sns`, `dynamodb`, `lambda`, `batch`, `ecs`, `sfn`, `eventbridge`, `s3`. */
  readonly service: string;
  /** The operation: `SendMessage`. */
  readonly operation: string;
  readonly input: JsonObject;
  /** The X-Ray trace that the call belongs to: what its service starts belongs to it too. */
  readonly traceHeader?: string;
  readonly signal?: AbortSignal;
  /** Of an HTTP Task whose caller wants to see what went over the wire. */
  readonly onExchange?: (exchange: HttpExchange) => void;
}

/** What an HTTP Task sent and got. */
export interface HttpExchange {
  readonly request: HttpRequestSeen;
  /** The same but for what its connection added. */
  readonly requestWithoutSecrets: HttpRequestSeen;
  /** Undefined: there was none. */
  readonly response: HttpResponseSeen | undefined;
}

export interface HttpRequestSeen {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | undefined;
}

export interface HttpResponseSeen {
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

export interface ServiceAnswer {
  readonly output: JsonObject;
  readonly statusCode: number;
  readonly requestId: string;
  /** Response headers, for SdkHttpMetadata. */
  readonly headers: Readonly<Record<string, string>>;
}

/** An error answer of a service; `code` is the API's own (`ConditionalCheckFailedException`). */
export class ServiceError extends Error {
  readonly service: string;
  readonly code: string;
  readonly statusCode: number;
  readonly requestId: string;
  /** True when nobody answered: connection refused, name not found. */
  readonly unreachable: boolean;

  constructor(fields: {
    service: string;
    code: string;
    message: string;
    statusCode: number;
    requestId?: string;
    unreachable?: boolean;
  }) {
    super(fields.message);
    this.name = 'ServiceError';
    this.service = fields.service;
    this.code = fields.code;
    this.statusCode = fields.statusCode;
    this.requestId = fields.requestId ?? '';
    this.unreachable = fields.unreachable ?? false;
  }
}

/** A Lambda function's answer: what the function returned, or the error that it raised, as text. */
export interface FunctionAnswer {
  readonly statusCode: number;
  readonly executedVersion: string;
  /** `Unhandled` when the function raised, timed out or died; undefined when it returned. */
  readonly functionError: string | undefined;
  /** The payload exactly as the runtime posted it. */
  readonly payload: string;
  readonly requestId: string;
  /** The last 4 KB of the invocation's log, base64-encoded; when `LogType: Tail` asked for it. */
  readonly logResult?: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface InvocationOptions {
  readonly invocationType: 'RequestResponse' | 'Event';
  /** `Tail`: the answer has a `logResult`. */
  readonly logType?: 'None' | 'Tail';
  /** The X-Ray trace of the invocation: the function's `_X_AMZN_TRACE_ID`. */
  readonly traceHeader?: string;
  readonly signal?: AbortSignal;
}

export interface ObjectRequest {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  readonly expectedBucketOwner?: string;
  /** Only these bytes, `end` not included. */
  readonly range?: { readonly start: number; readonly end: number };
  readonly signal?: AbortSignal;
}

/** An object of S3 as bytes: what {@link ServiceCaller.call} gives of one is text, and all of it. */
export interface ObjectAnswer {
  /** Of the whole object. */
  readonly sizeBytes: number;
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * The way from the engine to AWS services. `services` implements it in process for what the yard hosts; an AWS SDK
 * implementation sends the same calls to another endpoint.
 */
export interface ServiceCaller {
  /** Rejects with {@link ServiceError}, and nothing else. */
  call(request: ServiceCall): Promise<ServiceAnswer>;
  /** Invokes a function by name or ARN with JSON text. Rejects with {@link ServiceError} when there is no such function. */
  invokeFunction(functionName: string, payload: string, options: InvocationOptions): Promise<FunctionAnswer>;
  /** Reads an object of S3 piece by piece. Rejects with {@link ServiceError}, as may its body. */
  readObject(request: ObjectRequest): Promise<ObjectAnswer>;
  /**
   * Resolves when a job may have reached its end, so that the runner describes it again: at once after a status change, or
   * after a while where there are no events. Never rejects.
   */
  jobChanged(service: 'batch' | 'ecs' | 'sfn', id: string, signal: AbortSignal): Promise<void>;
  /**
   * The services as a role sees them: those of its account. For a Task with Credentials; where it is absent, all roles are of one
   * account. Rejects with {@link ServiceError} when the role cannot be assumed.
   */
  assume?(roleArn: string): Promise<ServiceCaller>;
}
