import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonObject } from '@stepyard/asl';
import { ServiceError } from '@stepyard/engine';
import { messageOf } from '../message-of.ts';
import { answer, apiError, refuseOperation, type HostedService } from '../service.ts';
import { parseJsonBody, readBody, sendAwsJson, sendAwsJsonError, targetOperation } from './http.ts';

/** One operation in the API's member names. Throws ServiceError for what the caller did wrong. */
export type Operation = (input: JsonObject) => JsonObject | Promise<JsonObject>;

/** Operations by the API's name. */
export type Operations = Readonly<Record<string, Operation>>;

/** The operation of that name. Throws the refusal of it where there is none. */
export function operationOf(service: string, operations: Operations, name: string): Operation {
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (operation === undefined) throw refuseOperation(service, name);
  return operation;
}

/** Whatever an operation throws, as an error of the service. */
export function serviceFailure(service: string, error: unknown): ServiceError {
  return error instanceof ServiceError ? error : apiError(service, 'InternalFailure', messageOf(error), 500);
}

export interface JsonServiceOptions {
  readonly name: string;
  readonly operations: Operations;
  /** The service takes no longer request. */
  readonly requestBytesMax: number;
  readonly close?: () => Promise<void>;
}

const CONTENT_TYPE = 'application/x-amz-json-1.1';

/** A hosted service that speaks AWS JSON 1.1: a table of operations, called in process or over the wire. */
export function createJsonService(
  options: JsonServiceOptions,
): Required<Pick<HostedService, 'handle'>> & HostedService {
  const { name, operations, requestBytesMax } = options;
  const service = {
    name,
    operations: new Set(Object.keys(operations)),
    async call(operation: string, input: JsonObject) {
      try {
        return answer(await operationOf(name, operations, operation)(input));
      } catch (error) {
        throw serviceFailure(name, error);
      }
    },
    async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
      try {
        const text = (await readBody(name, request, requestBytesMax)).toString();
        const { output, requestId } = await service.call(targetOperation(request), parseJsonBody(name, text));
        sendAwsJson(response, CONTENT_TYPE, 200, requestId, output);
      } catch (error) {
        sendAwsJsonError(response, CONTENT_TYPE, serviceFailure(name, error));
      }
    },
    close: () => options.close?.() ?? Promise.resolve(),
  };
  return service;
}
