import { join } from 'node:path';
import { isArray, isObject, type Json, type JsonObject } from '@stepyard/asl';
import { asText } from '../member.ts';
import {
  ACCOUNT_ID,
  apiError,
  PARTITION,
  refuseFeature,
  REGION,
  type AccountOptions,
  type HostedService,
} from '../service.ts';
import { JsonFile } from '../store/json-file.ts';
import { createJsonService, type Operations } from '../wire/json-service.ts';

const SERVICE = 'ssm';
const NAME = /^[\w./-]{1,1011}$/u;
const VALUE_BYTES_MAX = { Standard: 4096, Advanced: 8192 } as const;
const TYPES: ReadonlySet<string> = new Set(['String', 'StringList', 'SecureString']);
const NAMES_MAX = 10;
const PAGE_MAX = 10;
const DESCRIBE_PAGE_MAX = 50;
const PARAMETERS_MAX = 10_000;

interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly version: number;
  readonly tier: keyof typeof VALUE_BYTES_MAX;
  readonly description: string | undefined;
  readonly dataType: string;
  /** Epoch seconds. */
  readonly lastModified: number;
}

/**
 * SSM's parameter store: the current version of each parameter, in `<dataDir>/ssm/parameters.json`. A SecureString is kept as it is; read
 * without decryption it is shown encoded. No history, labels or policies.
 */
export function createSsm({ dataDir, account = ACCOUNT_ID }: AccountOptions): HostedService {
  const file = new JsonFile<readonly Parameter[]>(
    dataDir === undefined ? undefined : join(dataDir, 'ssm', 'parameters.json'),
  );
  const parameters = new Map(file.read([]).map((parameter) => [parameter.name, parameter]));
  const save = (): void => {
    file.write([...parameters.values()]);
  };
  return createJsonService({
    name: SERVICE,
    operations: { ...readOperations(account, parameters), ...writeOperations(parameters, save) },
    requestBytesMax: 1024 * 1024,
  });
}

function writeOperations(parameters: Map<string, Parameter>, save: () => void): Operations {
  return {
    PutParameter(input) {
      const parameter = readParameter(input, parameters.get(nameOf(input['Name'])));
      if (parameter.version === 1 && parameters.size >= PARAMETERS_MAX) {
        throw apiError(SERVICE, 'ParameterLimitExceeded', 'The number of parameters is at its limit.');
      }
      parameters.set(parameter.name, parameter);
      save();
      return { Version: parameter.version, Tier: parameter.tier };
    },
    DeleteParameter(input) {
      if (!parameters.delete(nameOf(input['Name']))) throw notFound();
      save();
      return {};
    },
    DeleteParameters(input) {
      const names = readNames(input['Names']);
      const deleted = names.filter((name) => parameters.delete(nameOf(name)));
      save();
      return {
        DeletedParameters: deleted,
        InvalidParameters: names.filter((name) => !deleted.includes(name)),
      };
    },
  };
}

function readOperations(account: string, parameters: ReadonlyMap<string, Parameter>): Operations {
  return {
    GetParameter(input) {
      const parameter = parameters.get(nameOf(input['Name']));
      if (parameter === undefined) throw notFound();
      return { Parameter: describe(account, parameter, input['WithDecryption']) };
    },
    GetParameters(input) {
      const names = readNames(input['Names']);
      const found = names.flatMap((name) => parameters.get(nameOf(name)) ?? []);
      return {
        Parameters: found.map((parameter) => describe(account, parameter, input['WithDecryption'])),
        InvalidParameters: names.filter((name) => !parameters.has(nameOf(name))),
      };
    },
    GetParametersByPath(input) {
      if (isArray(input['ParameterFilters']) && input['ParameterFilters'].length > 0)
        throw refuseFeature(SERVICE, 'GetParametersByPath', 'ParameterFilters');
      const path = asText(input['Path']);
      if (!path.startsWith('/')) throw invalid('The parameter path must begin with a slash.');
      const prefix = path.endsWith('/') ? path : `${path}/`;
      const isBelow = ({ name }: Parameter): boolean =>
        name.startsWith(prefix) && (input['Recursive'] === true || !name.slice(prefix.length).includes('/'));
      const { items, more } = pageOf([...parameters.values()].filter(isBelow), input, PAGE_MAX);
      return {
        Parameters: items.map((parameter) => describe(account, parameter, input['WithDecryption'])),
        ...more,
      };
    },
    DescribeParameters(input) {
      const isWanted = readFilters(input['ParameterFilters']);
      const { items, more } = pageOf([...parameters.values()].filter(isWanted), input, DESCRIBE_PAGE_MAX);
      return { Parameters: items.map((parameter) => metadata(account, parameter)), ...more };
    },
  };
}

function readParameter(input: JsonObject, before: Parameter | undefined): Parameter {
  const name = nameOf(input['Name']);
  if (!NAME.test(name) || /^\/?(?:aws|ssm)/iu.test(name)) {
    throw invalid(
      `Parameter name: can't be prefixed with "ssm" or "aws", and has only letters, digits and . - _ /`,
    );
  }
  if (before !== undefined && input['Overwrite'] !== true) {
    throw apiError(
      SERVICE,
      'ParameterAlreadyExists',
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    );
  }
  const type = input['Type'] === undefined ? before?.type : asText(input['Type']);
  if (type === undefined || !TYPES.has(type)) throw invalid('The parameter Type is not valid.');
  const value = asText(input['Value']);
  const tier = input['Tier'] === 'Advanced' ? 'Advanced' : 'Standard';
  const bytes = Buffer.byteLength(value);
  if (bytes === 0 || bytes > VALUE_BYTES_MAX[tier]) {
    throw invalid(
      `${tier} tier parameters support a maximum parameter value of ${VALUE_BYTES_MAX[tier]} characters.`,
    );
  }
  return {
    name,
    type,
    value,
    version: (before?.version ?? 0) + 1,
    tier,
    description: typeof input['Description'] === 'string' ? input['Description'] : before?.description,
    dataType: asText(input['DataType']) || 'text',
    lastModified: Math.floor(Date.now() / 1000),
  };
}

function describe(account: string, parameter: Parameter, withDecryption: Json | undefined): JsonObject {
  const isEncoded = parameter.type === 'SecureString' && withDecryption !== true;
  return {
    Name: parameter.name,
    Type: parameter.type,
    Value: isEncoded ? Buffer.from(parameter.value).toString('base64') : parameter.value,
    Version: parameter.version,
    LastModifiedDate: parameter.lastModified,
    ARN: arnOf(account, parameter.name),
    DataType: parameter.dataType,
  };
}

function metadata(account: string, parameter: Parameter): JsonObject {
  return {
    Name: parameter.name,
    ARN: arnOf(account, parameter.name),
    Type: parameter.type,
    LastModifiedDate: parameter.lastModified,
    ...(parameter.description === undefined ? {} : { Description: parameter.description }),
    Version: parameter.version,
    Tier: parameter.tier,
    Policies: [],
    DataType: parameter.dataType,
  };
}

function arnOf(account: string, name: string): string {
  return `arn:${PARTITION}:ssm:${REGION}:${account}:parameter${name.startsWith('/') ? '' : '/'}${name}`;
}

/** A parameter's name out of a name or an ARN. Refuses a version or a label by name. */
function nameOf(value: Json | undefined): string {
  const text = asText(value);
  const name = /^arn:[^:]*:ssm:[^:]*:\d*:parameter(\/.+)$/u.exec(text)?.[1] ?? text;
  if (name.includes(':')) throw refuseFeature(SERVICE, 'GetParameter', 'versions and labels of parameters');
  return name;
}

function readNames(value: Json | undefined): readonly string[] {
  const names = isArray(value) ? value.map(asText) : [];
  if (names.length === 0 || names.length > NAMES_MAX)
    throw invalid(`Names must have 1 to ${NAMES_MAX} members.`);
  return names;
}

function readFilters(value: Json | undefined): (parameter: Parameter) => boolean {
  const tests = (isArray(value) ? value : []).map((filter) => {
    const { Key: key, Option: option = 'Equals', Values: values } = isObject(filter) ? filter : {};
    const wanted = isArray(values) ? values.map(asText) : [];
    if ((key !== 'Name' && key !== 'Type') || (option !== 'Equals' && option !== 'BeginsWith')) {
      throw refuseFeature(SERVICE, 'DescribeParameters', `the filter ${asText(key)} ${asText(option)}`);
    }
    return (parameter: Parameter) => {
      const text = key === 'Name' ? parameter.name : parameter.type;
      return wanted.some((item) => (option === 'Equals' ? text === item : text.startsWith(item)));
    };
  });
  return (parameter) => tests.every((test) => test(parameter));
}

function pageOf(
  found: readonly Parameter[],
  input: JsonObject,
  pageMax: number,
): { readonly items: readonly Parameter[]; readonly more: JsonObject } {
  const size = Math.min(pageMax, Math.max(1, Number(input['MaxResults'] ?? pageMax) || pageMax));
  const after =
    input['NextToken'] === undefined ? '' : Buffer.from(asText(input['NextToken']), 'base64url').toString();
  const rest = found.filter(({ name }) => name > after).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const items = rest.slice(0, size);
  const last = items.at(-1)?.name ?? '';
  return { items, more: rest.length > size ? { NextToken: Buffer.from(last).toString('base64url') } : {} };
}

function notFound(): Error {
  return apiError(SERVICE, 'ParameterNotFound', '');
}

function invalid(message: string): Error {
  return apiError(SERVICE, 'ValidationException', message);
}
