import { isArray, isObject, type Json, type JsonObject } from '@stepyard/asl';
import { isDeepStrictEqual } from 'node:util';
import { objectOf, textOf } from '../assets.ts';
import { numberOf, objectsOf, toApiMembers } from '../members.ts';
import type { ProvisionContext, Provisioner } from '../provisioner.ts';

const NAME_RULES = { lengthMax: 128 };
/** Members that CloudFormation has for itself. */
const CLOUDFORMATION_ONLY = [
  'ReplaceComputeEnvironment',
  'ComputeEnvironmentName',
  'JobQueueName',
  'JobDefinitionName',
];
/** Numbers that a template may have as text. */
const NUMBERS: ReadonlySet<string> = new Set([
  'attempts',
  'attemptDurationSeconds',
  'maxvCpus',
  'minvCpus',
  'memory',
  'vcpus',
  'order',
  'priority',
]);

/** AWS::Batch::ComputeEnvironment. */
export const batchComputeEnvironment: Provisioner = {
  type: 'AWS::Batch::ComputeEnvironment',
  create: (properties, context) =>
    createOrUpdate(properties, context, {
      property: 'ComputeEnvironmentName',
      operation: 'ComputeEnvironment',
      member: 'computeEnvironment',
    }),
};

/** AWS::Batch::JobQueue. */
export const batchJobQueue: Provisioner = {
  type: 'AWS::Batch::JobQueue',
  create: (properties, context) =>
    createOrUpdate(properties, context, {
      property: 'JobQueueName',
      operation: 'JobQueue',
      member: 'jobQueue',
    }),
};

/** AWS::Batch::JobDefinition: a new revision, unless the latest one says the same. */
export const batchJobDefinition: Provisioner = {
  type: 'AWS::Batch::JobDefinition',
  async create(properties, context) {
    const jobDefinitionName = context.name(properties['JobDefinitionName'], NAME_RULES);
    const wanted = { ...membersOf(properties), jobDefinitionName };
    const described = await call(context, 'DescribeJobDefinitions', { jobDefinitionName, status: 'ACTIVE' });
    const latest = objectsOf(described['jobDefinitions']).at(-1);
    const isSame =
      latest !== undefined &&
      Object.entries(wanted).every(([key, value]) => isDeepStrictEqual(latest[key], value));
    const found = isSame ? latest : await call(context, 'RegisterJobDefinition', wanted);
    const arn = textOf(found['jobDefinitionArn']) ?? '';
    return { ref: arn, attributes: { JobDefinitionArn: arn } };
  },
};

async function createOrUpdate(
  properties: JsonObject,
  context: ProvisionContext,
  kind: { readonly property: string; readonly operation: string; readonly member: string },
): Promise<{ ref: string; attributes: JsonObject }> {
  const name = context.name(properties[kind.property], NAME_RULES);
  const members = membersOf(properties);
  const described = await call(context, `Describe${kind.operation}s`, { [`${kind.member}s`]: [name] });
  const exists = objectsOf(described[`${kind.member}s`]).length > 0;
  const output = exists
    ? await call(context, `Update${kind.operation}`, { ...members, [kind.member]: name })
    : await call(context, `Create${kind.operation}`, { ...members, [`${kind.member}Name`]: name });
  const arn = textOf(output[`${kind.member}Arn`]) ?? '';
  return { ref: arn, attributes: { [`${kind.operation}Arn`]: arn } };
}

function membersOf(properties: JsonObject): JsonObject {
  const rest = Object.fromEntries(
    Object.entries(properties).filter(([name]) => !CLOUDFORMATION_ONLY.includes(name)),
  );
  return objectOf(withNumbers(toApiMembers(rest)));
}

function withNumbers(value: Json): Json {
  if (isArray(value)) return value.map((item) => withNumbers(item));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      NUMBERS.has(key) ? (numberOf(item) ?? item) : withNumbers(item),
    ]),
  );
}

async function call(context: ProvisionContext, operation: string, input: JsonObject): Promise<JsonObject> {
  return (await context.target.call({ service: 'batch', operation, input })).output;
}
