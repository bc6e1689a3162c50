import { isArray, isObject, type Json, type JsonObject } from '@stepyard/asl';
import { asText } from '../member.ts';
import { apiError, refuseFeature } from '../service.ts';
import type { CodeSource } from './code.ts';
import type { FunctionConfiguration } from './function.ts';
import type { FunctionDefinition, RegisteredFunction } from './functions.ts';

/** Members that change what a function does and that nothing here does. */
const REFUSED_MEMBERS = [
  'Layers',
  'FileSystemConfigs',
  'ImageConfig',
  'DeadLetterConfig',
  'CapacityProviderConfig',
  'DurableConfig',
];

/** What CreateFunction's members ask for. Throws InvalidParameterValueException, or refuses by name what is not hosted. */
export function readCreateFunction(input: JsonObject): FunctionDefinition {
  const operation = 'CreateFunction';
  refuseMembers(operation, input);
  return {
    functionName: requiredText(input, 'FunctionName'),
    runtime: requiredText(input, 'Runtime'),
    handler: requiredText(input, 'Handler'),
    environment: readEnvironment(input) ?? {},
    timeoutSeconds: readNumber(input['Timeout']) ?? 3,
    memoryMb: readNumber(input['MemorySize']) ?? 128,
    architectures: readArchitectures(input) ?? ['x86_64'],
    roleArn: requiredText(input, 'Role'),
    description: readText(input['Description']) ?? '',
    reservedConcurrency: undefined,
    code: readCode(operation, isObject(input['Code']) ? input['Code'] : {}),
  };
}

/** The code that CreateFunction's `Code`, or UpdateFunctionCode itself, gives: a zip in the request. */
export function readCode(operation: string, members: JsonObject): CodeSource {
  refuseMembers(operation, members);
  const zip = members['ZipFile'];
  if (typeof zip !== 'string') throw refuseFeature('lambda', operation, 'code that is not in ZipFile');
  return { kind: 'zip', bytes: Buffer.from(zip, 'base64') };
}

/** The settings that UpdateFunctionConfiguration changes; what is not given stays. */
export function readConfigurationChange(input: JsonObject): Partial<FunctionConfiguration> {
  refuseMembers('UpdateFunctionConfiguration', input);
  const members = {
    runtime: readText(input['Runtime']),
    handler: readText(input['Handler']),
    environment: readEnvironment(input),
    timeoutSeconds: readNumber(input['Timeout']),
    memoryMb: readNumber(input['MemorySize']),
    roleArn: readText(input['Role']),
    description: readText(input['Description']),
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** A map of texts: tags, as CreateFunction and TagResource take them. */
export function readTags(value: Json | undefined): Readonly<Record<string, string>> {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, asText(item)]));
}

/** A function as GetFunctionConfiguration describes it. */
export function describeFunction({ arn, record }: Pick<RegisteredFunction, 'arn' | 'record'>): JsonObject {
  const { configuration } = record;
  const variables: JsonObject = configuration.environment;
  return {
    FunctionName: configuration.functionName,
    FunctionArn: arn,
    Runtime: configuration.runtime,
    Role: configuration.roleArn,
    Handler: configuration.handler,
    CodeSize: record.codeBytes,
    Description: configuration.description,
    Timeout: configuration.timeoutSeconds,
    MemorySize: configuration.memoryMb,
    LastModified: record.lastModified,
    CodeSha256: record.codeSha256,
    Version: '$LATEST',
    ...(Object.keys(variables).length === 0 ? {} : { Environment: { Variables: variables } }),
    TracingConfig: { Mode: 'PassThrough' },
    RevisionId: record.revisionId,
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: configuration.architectures,
    EphemeralStorage: { Size: 512 },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${configuration.functionName}` },
  };
}

function refuseMembers(operation: string, input: JsonObject): void {
  if (input['PackageType'] !== undefined && input['PackageType'] !== 'Zip') {
    throw refuseFeature('lambda', operation, `PackageType ${asText(input['PackageType'])}`);
  }
  if (input['Publish'] === true) throw refuseFeature('lambda', operation, 'Publish (versions)');
  const snapStart = input['SnapStart'];
  if (isObject(snapStart) && snapStart['ApplyOn'] !== 'None')
    throw refuseFeature('lambda', operation, 'SnapStart');
  for (const member of REFUSED_MEMBERS) {
    const value = input[member];
    const isEmpty = isArray(value)
      ? value.length === 0
      : !isObject(value) || Object.values(value).every((item) => item === '' || item === null);
    if (!isEmpty) throw refuseFeature('lambda', operation, member);
  }
}

function readEnvironment(input: JsonObject): Readonly<Record<string, string>> | undefined {
  const environment = input['Environment'];
  return isObject(environment) ? readTags(environment['Variables']) : undefined;
}

function readArchitectures(input: JsonObject): readonly string[] | undefined {
  return isArray(input['Architectures']) ? input['Architectures'].map(asText) : undefined;
}

export function requiredText(input: JsonObject, member: string): string {
  const value = input[member];
  if (typeof value === 'string' && value !== '') return value;
  throw apiError('lambda', 'InvalidParameterValueException', `The member ${member} is required.`);
}

export function readText(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function readNumber(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
