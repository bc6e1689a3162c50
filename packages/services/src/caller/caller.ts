import type { JsonObject } from '@stepyard/asl';
import { ServiceError, type ServiceAnswer, type ServiceCall, type ServiceCaller } from '@stepyard/engine';
import { refuseOperation, type HostedService } from '../service.ts';
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
}

/** Other names under which state machines know a service. */
const ALIASES: Readonly<Record<string, string>> = {
  events: 'eventbridge',
  logs: 'cloudwatchlogs',
  states: 'sfn',
  stepfunctions: 'sfn',
};

/** The engine's way to the hosted services: calls in this process, with no SDK and no socket in between. */
export function createServiceCaller(options: ServiceCallerOptions): ServiceCaller {
  const services = new Map([...options.services].map((service) => [service.name, service]));
  const endpointOf = (service: string): ServiceCaller | undefined => options.endpoints?.get(service);
  const callHosted = async (
    name: string,
    ...[operation, input, signal]: Parameters<SfnHandler>
  ): Promise<ServiceAnswer> => {
    if (name === 'sfn' && options.sfn !== undefined) return options.sfn(operation, input, signal);
    const service = services.get(name);
    if (service === undefined) throw refuseOperation(name, operation);
    return service.call(operation, input, signal === undefined ? {} : { signal });
  };

  return {
    async call(request: ServiceCall): Promise<ServiceAnswer> {
      const name = canonical(request.service);
      const elsewhere = endpointOf(name);
      if (elsewhere !== undefined) return await elsewhere.call({ ...request, service: name });
      const { operation, input, signal } = request;
      try {
        const answer = await callHosted(name, operation, input, signal);
        return { ...answer, headers: wireHeaders(name, operation, answer) };
      } catch (error) {
        throw toServiceError(name, error);
      }
    },

    async invokeFunction(functionName, payload, invocation) {
      const elsewhere = endpointOf('lambda');
      if (elsewhere !== undefined) return await elsewhere.invokeFunction(functionName, payload, invocation);
      try {
        const lambda = services.get('lambda');
        if (lambda?.invokeFunction === undefined) throw refuseOperation('lambda', 'Invoke');
        const answer = await lambda.invokeFunction(functionName, payload, invocation);
        return { ...answer, headers: invocationHeaders(answer) };
      } catch (error) {
        throw toServiceError('lambda', error);
      }
    },

    async readObject(request) {
      const elsewhere = endpointOf('s3');
      if (elsewhere !== undefined) return await elsewhere.readObject(request);
      try {
        const s3 = services.get('s3');
        if (s3?.readObject === undefined) throw refuseOperation('s3', 'GetObject');
        return await s3.readObject(request);
      } catch (error) {
        throw toServiceError('s3', error);
      }
    },

    async jobChanged(service, id, signal) {
      const elsewhere = endpointOf(service);
      if (elsewhere !== undefined) {
        await elsewhere.jobChanged(service, id, signal);
        return;
      }
      const hosted = services.get(service);
      if (service === 'sfn' && options.whenExecutionChanged !== undefined) {
        await options.whenExecutionChanged(id, signal);
      } else if (hosted?.whenJobChanged !== undefined) await hosted.whenJobChanged(id, signal);
      else await pause(POLL_MS, signal);
    },
  };
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
