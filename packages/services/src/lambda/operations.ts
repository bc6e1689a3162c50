import { isArray, type JsonObject } from '@stepyard/asl';
import type { ServiceAnswer } from '@stepyard/engine';
import { asText } from '../member.ts';
import { answer, apiError } from '../service.ts';
import type { Operations } from '../wire/json-service.ts';
import {
  describeFunction,
  readCode,
  readConfigurationChange,
  readCreateFunction,
  readNumber,
  readTags,
  readText,
  requiredText,
} from './api.ts';
import { checkFunction } from './function.ts';
import type { Functions, RegisteredFunction } from './functions.ts';
import type { InvocationAnswer, Invoker } from './invoke.ts';
import { policyOf, readStatement, withoutStatement } from './policy.ts';

type Find = (operation: string, input: JsonObject) => RegisteredFunction;

/** What Lambda does with functions, but for their invocation. */
export function functionOperations(functions: Functions): Operations {
  const find: Find = (operation, input) =>
    functions.get(requiredText(input, 'FunctionName'), operation, readText(input['Qualifier']));
  return {
    async CreateFunction(input) {
      const definition = readCreateFunction(input);
      if (functions.find(definition.functionName) !== undefined) {
        throw apiError(
          'lambda',
          'ResourceConflictException',
          `Function already exist: ${definition.functionName}`,
          409,
        );
      }
      return describeFunction(await functions.put(definition, readTags(input['Tags'])));
    },
    async UpdateFunctionCode(input) {
      const found = find('UpdateFunctionCode', input);
      const code = readCode('UpdateFunctionCode', input);
      if (input['DryRun'] === true) return describeFunction(found);
      return describeFunction(await functions.updateCode(found, code));
    },
    UpdateFunctionConfiguration(input) {
      const found = find('UpdateFunctionConfiguration', input);
      const change = readConfigurationChange(input);
      return describeFunction(functions.updateConfiguration(found, change));
    },
    GetFunction(input) {
      const found = find('GetFunction', input);
      const { tags, configuration } = found.record;
      return {
        Configuration: describeFunction(found),
        Code: { RepositoryType: 'S3' },
        ...(Object.keys(tags).length === 0 ? {} : { Tags: tags }),
        ...concurrencyOf(configuration.reservedConcurrency, 'Concurrency'),
      };
    },
    GetFunctionConfiguration: (input) => describeFunction(find('GetFunctionConfiguration', input)),
    ListFunctions: (input) => listFunctions(functions, input),
    ListVersionsByFunction: (input) => ({
      Versions: [describeFunction(find('ListVersionsByFunction', input))],
    }),
    DeleteFunction(input) {
      functions.delete(find('DeleteFunction', input));
      return {};
    },
    ...concurrencyOperations(functions, find),
    ...policyOperations(functions, find),
    ...tagOperations(functions),
  };
}

/** What the engine gets of an invocation by the API. */
export async function invokeOperation(invoker: Invoker, input: JsonObject): Promise<ServiceAnswer> {
  const payload = input['Payload'];
  const text = payload === undefined ? '{}' : typeof payload === 'string' ? payload : JSON.stringify(payload);
  const type = readText(input['InvocationType']) ?? 'RequestResponse';
  const name = requiredText(input, 'FunctionName');
  const qualifier = readText(input['Qualifier']);
  const result = await invoker.invoke(name, text, type, qualifier === undefined ? {} : { qualifier });
  const { statusCode, requestId, headers } = result;
  return answer(invokeOutput(result, input['LogType'] === 'Tail'), { statusCode, requestId, headers });
}

/** What `LogType: Tail` gives: the end of the log, base64-encoded. */
export function logResult({ logTail }: InvocationAnswer): string {
  return Buffer.from(logTail).toString('base64');
}

function invokeOutput(result: InvocationAnswer, tail: boolean): JsonObject {
  return {
    StatusCode: result.statusCode,
    ExecutedVersion: result.executedVersion,
    Payload: result.payload,
    ...(result.functionError === undefined ? {} : { FunctionError: result.functionError }),
    ...(tail ? { LogResult: logResult(result) } : {}),
  };
}

const PAGE_MAX = 50;

function listFunctions(functions: Functions, input: JsonObject): JsonObject {
  const sorted = functions.list().toSorted((a, b) => (a.arn < b.arn ? -1 : 1));
  const marker = readText(input['Marker']);
  const rest =
    marker === undefined
      ? sorted
      : sorted.filter(
          ({ record }) => record.configuration.functionName > Buffer.from(marker, 'base64').toString(),
        );
  const size = Math.min(PAGE_MAX, Math.max(1, Number(input['MaxItems'] ?? PAGE_MAX) || PAGE_MAX));
  const page = rest.slice(0, size);
  const last = page.at(-1)?.record.configuration.functionName;
  return {
    Functions: page.map(describeFunction),
    ...(rest.length > size && last !== undefined ? { NextMarker: Buffer.from(last).toString('base64') } : {}),
  };
}

function concurrencyOperations(functions: Functions, find: Find): Operations {
  return {
    PutFunctionConcurrency(input) {
      const reservedConcurrency = readNumber(input['ReservedConcurrentExecutions']);
      if (reservedConcurrency === undefined) requiredText(input, 'ReservedConcurrentExecutions');
      const found = find('PutFunctionConcurrency', input);
      checkFunction({ ...found.record.configuration, reservedConcurrency });
      functions.updateConfiguration(found, { reservedConcurrency });
      return concurrencyOf(reservedConcurrency);
    },
    GetFunctionConcurrency: (input) =>
      concurrencyOf(find('GetFunctionConcurrency', input).record.configuration.reservedConcurrency),
    DeleteFunctionConcurrency(input) {
      functions.updateConfiguration(find('DeleteFunctionConcurrency', input), {
        reservedConcurrency: undefined,
      });
      return {};
    },
  };
}

function concurrencyOf(reserved: number | undefined, member?: string): JsonObject {
  if (reserved === undefined) return {};
  const value = { ReservedConcurrentExecutions: reserved };
  return member === undefined ? value : { [member]: value };
}

function policyOperations(functions: Functions, find: Find): Operations {
  return {
    AddPermission(input) {
      const found = find('AddPermission', input);
      const statement = readStatement(found, input);
      functions.annotate(found, { statements: [...found.record.statements, statement] });
      return { Statement: JSON.stringify(statement) };
    },
    RemovePermission(input) {
      const found = find('RemovePermission', input);
      const statements = withoutStatement(found.record, requiredText(input, 'StatementId'));
      functions.annotate(found, { statements });
      return {};
    },
    GetPolicy: (input) => policyOf(find('GetPolicy', input).record),
  };
}

function tagOperations(functions: Functions): Operations {
  const find = (operation: string, input: JsonObject): RegisteredFunction =>
    functions.get(requiredText(input, 'Resource'), operation);
  return {
    TagResource(input) {
      const found = find('TagResource', input);
      functions.annotate(found, { tags: { ...found.record.tags, ...readTags(input['Tags']) } });
      return {};
    },
    UntagResource(input) {
      const found = find('UntagResource', input);
      const keys = new Set((isArray(input['TagKeys']) ? input['TagKeys'] : []).map(asText));
      const kept = Object.entries(found.record.tags).filter(([key]) => !keys.has(key));
      functions.annotate(found, { tags: Object.fromEntries(kept) });
      return {};
    },
    ListTags: (input) => ({ Tags: find('ListTags', input).record.tags }),
  };
}
