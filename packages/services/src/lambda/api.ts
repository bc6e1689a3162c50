import { createHash } from 'node:crypto';
import { isArray, isObject, type Json, type JsonObject } from '@stepyard/asl';
import { asText } from '../member.ts';
import { apiError, refuseFeature } from '../service.ts';
import type { CodeSource } from './code.ts';
import { functionArn, type FunctionConfiguration } from './function.ts';

/** What CreateFunction's members ask for. Throws InvalidParameterValueException, or refuses by name what is not hosted. */
export function readCreateFunction(input: JsonObject): {
  readonly settings: Omit<FunctionConfiguration, 'codeDirectory'>;
  readonly code: CodeSource;
} {
  if (input['PackageType'] !== undefined && input['PackageType'] !== 'Zip') {
    throw refuseFeature('lambda', 'CreateFunction', `PackageType ${JSON.stringify(input['PackageType'])}`);
  }
  if (isArray(input['Layers']) && input['Layers'].length > 0)
    throw refuseFeature('lambda', 'CreateFunction', 'Layers');
  const code = input['Code'];
  const zip = isObject(code) ? code['ZipFile'] : undefined;
  if (typeof zip !== 'string') throw refuseFeature('lambda', 'CreateFunction', 'code that is not in ZipFile');
  const environment = input['Environment'];
  const variables = isObject(environment) ? environment['Variables'] : undefined;
  return {
    settings: {
      functionName: text(input, 'FunctionName'),
      runtime: text(input, 'Runtime'),
      handler: text(input, 'Handler'),
      environment: isObject(variables)
        ? Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, asText(value)]))
        : {},
      timeoutSeconds: number(input['Timeout'], 3),
      memoryMb: number(input['MemorySize'], 128),
      architectures: isArray(input['Architectures']) ? input['Architectures'].map(asText) : ['x86_64'],
      roleArn: text(input, 'Role'),
      description: typeof input['Description'] === 'string' ? input['Description'] : '',
      reservedConcurrency: undefined,
    },
    code: { kind: 'zip', bytes: Buffer.from(zip, 'base64') },
  };
}

/** A function as GetFunctionConfiguration describes it. */
export function describeFunction(configuration: FunctionConfiguration, lastModified: string): JsonObject {
  const variables: JsonObject = configuration.environment;
  return {
    FunctionName: configuration.functionName,
    FunctionArn: functionArn(configuration.functionName),
    Runtime: configuration.runtime,
    Role: configuration.roleArn,
    Handler: configuration.handler,
    CodeSize: 0,
    Description: configuration.description,
    Timeout: configuration.timeoutSeconds,
    MemorySize: configuration.memoryMb,
    LastModified: lastModified,
    CodeSha256: createHash('sha256').update(configuration.codeDirectory).digest('base64'),
    Version: '$LATEST',
    ...(Object.keys(variables).length === 0 ? {} : { Environment: { Variables: variables } }),
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: configuration.architectures,
    EphemeralStorage: { Size: 512 },
  };
}

function text(input: JsonObject, member: string): string {
  const value = input[member];
  if (typeof value === 'string' && value !== '') return value;
  throw apiError('lambda', 'InvalidParameterValueException', `The member ${member} is required.`);
}

function number(value: Json | undefined, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
