import type { Json, JsonObject } from '@stepyard/asl';
import {
  ServiceError,
  type FunctionAnswer,
  type ObjectAnswer,
  type ObjectRequest,
  type ServiceAnswer,
  type ServiceCall,
  type ServiceCaller,
} from '@stepyard/engine';
import { apiError, refuseOperation, type HostedService } from '../service.ts';
import { tracedInput } from './trace.ts';
import { invocationHeaders, wireHeaders } from './wire-headers.ts';

/** How long a job is left alone when nobody tells of its changes. */
const POLL_MS = 1000;

/** Answers the engine's own API for nested executions: `StartExecution` in the API's member names. Rejects with ServiceError. */
export type SfnHandler = (
  operation: string,
  input: JsonObject,
  signal: AbortSignal | undefined,
) => Promise<ServiceAnswer>;

export interface ServiceCallerOptions {
  readonly services: Iterable<HostedService>;
  /** Step Functions itself, for `states:startExecution` and `aws-sdk:sfn:*`; refused by name without it. */
  readonly sfn?: SfnHandler;
  /** Resolves when an execution may have ended; without it a nested execution is looked at every second. */
  readonly whenExecutionChanged?: (executionArn: string, signal: AbortSignal) => Promise<void>;
  /** Callers for services pointed at another endpoint, by service id (see createEndpointCaller). They go before hosted ones. */
  readonly endpoints?: ReadonlyMap<string, ServiceCaller>;
  /** Other accounts; without them there is one. */
  readonly accounts?: {
    /** Whose services these are. */
    readonly own: string;
    /** The services of an account that is open already. */
    find(account: string): ServiceCaller | undefined;
    /** The same, opened if need be. Rejects with ServiceError when it cannot be. */
    open(account: string): Promise<ServiceCaller>;
  };
}

/** Members that may name a resource of another account by its ARN. Queues are named by URL, which SQS reads itself. */
const ARN_MEMBERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['lambda', ['FunctionName']],
  ['sns', ['TopicArn', 'TargetArn']],
  ['dynamodb', ['TableName']],
  ['secretsmanager', ['SecretId']],
]);
const ROLE_ARN = /^arn:[^:]+:iam::(\d{12}):role\/.+$/u;

/** Other names under which state machines know a service. */
const ALIASES: Readonly<Record<string, string>> = {
  events: 'eventbridge',
  logs: 'cloudwatchlogs',
  states: 'sfn',
  stepfunctions: 'sfn',
};

/** The engine's way to the hosted services: calls in this process, with no SDK and no socket in between. */
export function createServiceCaller(options: ServiceCallerOptions): Required<ServiceCaller> {
  return new HostedCaller(options);
}

class HostedCaller implements ServiceCaller {
  readonly #options: ServiceCallerOptions;
  readonly #services: ReadonlyMap<string, HostedService>;

  constructor(options: ServiceCallerOptions) {
    this.#options = options;
    this.#services = new Map([...options.services].map((service) => [service.name, service]));
  }

  async call(request: ServiceCall): Promise<ServiceAnswer> {
    const name = canonical(request.service);
    const endpoint = this.#endpoint(name);
    if (endpoint !== undefined) return await endpoint.call({ ...request, service: name });
    for (const member of ARN_MEMBERS.get(name) ?? []) {
      const other = this.#elsewhere(request.input[member]);
      if (other !== undefined) return await other.call(request);
    }
    const { operation } = request;
    const input = tracedInput(name, operation, request.input, request.traceHeader);
    try {
      const answer = await this.#callHosted(name, operation, input, request);
      return { ...answer, headers: wireHeaders(name, operation, answer) };
    } catch (error) {
      throw toServiceError(name, error);
    }
  }

  async invokeFunction(
    ...[functionName, payload, invocation]: Parameters<ServiceCaller['invokeFunction']>
  ): Promise<FunctionAnswer> {
    const other = this.#endpoint('lambda') ?? this.#elsewhere(functionName);
    if (other !== undefined) return await other.invokeFunction(functionName, payload, invocation);
    try {
      const lambda = this.#services.get('lambda');
      if (lambda?.invokeFunction === undefined) throw refuseOperation('lambda', 'Invoke');
      const answer = await lambda.invokeFunction(functionName, payload, invocation);
      return { ...answer, headers: invocationHeaders(answer) };
    } catch (error) {
      throw toServiceError('lambda', error);
    }
  }

  async readObject(request: ObjectRequest): Promise<ObjectAnswer> {
    const endpoint = this.#endpoint('s3');
    if (endpoint !== undefined) return await endpoint.readObject(request);
    try {
      const s3 = this.#services.get('s3');
      if (s3?.readObject === undefined) throw refuseOperation('s3', 'GetObject');
      return await s3.readObject(request);
    } catch (error) {
      throw toServiceError('s3', error);
    }
  }

  async jobChanged(...[service, id, signal]: Parameters<ServiceCaller['jobChanged']>): Promise<void> {
    const { whenExecutionChanged } = this.#options;
    const endpoint = this.#endpoint(service);
    const hosted = this.#services.get(service);
    if (endpoint !== undefined) await endpoint.jobChanged(service, id, signal);
    else if (service === 'sfn' && whenExecutionChanged !== undefined) await whenExecutionChanged(id, signal);
    else if (hosted?.whenJobChanged !== undefined) await hosted.whenJobChanged(id, signal);
    else await pause(POLL_MS, signal);
  }

  async assume(roleArn: string): Promise<ServiceCaller> {
    const account = ROLE_ARN.exec(roleArn)?.[1];
    if (account === undefined) throw apiError('sts', 'ValidationError', `${roleArn} is invalid`);
    const { accounts } = this.#options;
    return accounts === undefined || account === accounts.own ? this : await accounts.open(account);
  }

  #endpoint(service: string): ServiceCaller | undefined {
    return this.#options.endpoints?.get(service);
  }

  /** Another account that the ARN names, if it is open: an account that nobody uses is as good as one's own. */
  #elsewhere(arn: Json | undefined): ServiceCaller | undefined {
    const account = typeof arn === 'string' && arn.startsWith('arn:') ? arn.split(':')[4] : undefined;
    const { accounts } = this.#options;
    return account === undefined || account === accounts?.own ? undefined : accounts?.find(account);
  }

  async #callHosted(
    name: string,
    operation: string,
    input: JsonObject,
    { signal, onExchange }: ServiceCall,
  ): Promise<ServiceAnswer> {
    const { sfn } = this.#options;
    if (name === 'sfn' && sfn !== undefined) return await sfn(operation, input, signal);
    const service = this.#services.get(name);
    if (service === undefined) throw refuseOperation(name, operation);
    return await service.call(operation, input, {
      ...(signal === undefined ? {} : { signal }),
      ...(onExchange === undefined ? {} : { onExchange }),
    });
  }
}

/** The service id as the hosted services have it. */
function canonical(service: string): string {
  return Object.hasOwn(ALIASES, service) ? (ALIASES[service] ?? service) : service;
}

/** Whatever goes wrong inside a hosted service is that service's failure for the engine, never a crash of the engine. */
function toServiceError(service: string, error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  return new ServiceError({
    service,
    code: 'InternalFailure',
    message: error instanceof Error ? error.message : String(error),
    statusCode: 500,
  });
}

/** Waits; ends early, without an error, when the signal aborts. */
export function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, delayMs);
    if (signal.aborted) finish();
    else signal.addEventListener('abort', finish);
  });
}
