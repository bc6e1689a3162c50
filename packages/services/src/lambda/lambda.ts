import type { JsonObject } from '@stepyard/asl';
import type { ServiceAnswer } from '@stepyard/engine';
import { answer, type HostedService } from '../service.ts';
import { operationOf, serviceFailure } from '../wire/json-service.ts';
import { Functions, type FunctionDefinition, type FunctionsOptions } from './functions.ts';
import { handleLambda } from './http.ts';
import { Invoker } from './invoke.ts';
import { Mappings } from './mappings/mappings.ts';
import { mappingOperations } from './mappings/operations.ts';
import { functionOperations, invokeOperation, logResult } from './operations.ts';

export type { FunctionDefinition } from './functions.ts';

export interface LambdaOptions extends FunctionsOptions {
  /** Where event source mappings take their messages from; without it they are refused. */
  readonly sqs?: Pick<HostedService, 'call'>;
}

/** Lambda as a hosted service, with functions to create. */
export interface LambdaService extends HostedService {
  /**
   * Creates a function or replaces it: running invocations end on the old code. Rejects with ServiceError for a runtime or a setting
   * that cannot be hosted.
   */
  putFunction(definition: FunctionDefinition): Promise<{ readonly functionArn: string }>;
  invokeFunction: NonNullable<HostedService['invokeFunction']>;
}

/**
 * Lambda: each function in processes of its own (environment.ts), kept warm, one invocation at a time each; SQS event source
 * mappings. No versions, aliases, layers or container images.
 */
export function createLambda(options: LambdaOptions): LambdaService {
  const functions = new Functions(options);
  const invoker = new Invoker(functions, options.log);
  const mappings = new Mappings({ ...options, functions, invoker });
  const operations = { ...functionOperations(functions), ...mappingOperations(mappings, functions) };

  const run = async (operation: string, input: JsonObject): Promise<ServiceAnswer> =>
    operation === 'Invoke'
      ? await invokeOperation(invoker, input)
      : answer(await operationOf('lambda', operations, operation)(input));

  const service: LambdaService = {
    name: 'lambda',
    operations: new Set([...Object.keys(operations), 'Invoke']),
    async call(operation, input) {
      try {
        return await run(operation, input);
      } catch (error) {
        throw serviceFailure('lambda', error);
      }
    },
    async invokeFunction(functionName, payload, { invocationType, logType, traceHeader }) {
      try {
        const trace = traceHeader === undefined ? {} : { traceHeader };
        const result = await invoker.invoke(functionName, payload, invocationType, trace);
        return logType === 'Tail' ? { ...result, logResult: logResult(result) } : result;
      } catch (error) {
        throw serviceFailure('lambda', error);
      }
    },
    async putFunction(definition) {
      return { functionArn: (await functions.put(definition)).arn };
    },
    handle: (request, response) => handleLambda(service, invoker, request, response),
    async close() {
      invoker.close();
      const closing = mappings.close();
      functions.close();
      await closing;
    },
  };
  return service;
}
