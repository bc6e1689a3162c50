import { isArray, isObject, type Json, type JsonObject } from '@stepyard/asl';
import { ServiceError } from '@stepyard/engine';
import { objectOf, textOf } from '../assets.ts';
import { numberOf, toApiMembers } from '../members.ts';
import type { ProvisionContext, Provisioner } from '../provisioner.ts';

/** AWS::ECS::Cluster. */
export const ecsCluster: Provisioner = {
  type: 'AWS::ECS::Cluster',
  async create(properties, context) {
    const name = context.name(properties['ClusterName'], { lengthMax: 255 });
    const output = await call(context, 'CreateCluster', { clusterName: name });
    const arn = textOf(objectOf(output['cluster'])['clusterArn']) ?? '';
    return { ref: name, attributes: { Arn: arn } };
  },
};

/** AWS::ECS::TaskDefinition: a new revision, unless the latest one says the same. */
export const ecsTaskDefinition: Provisioner = {
  type: 'AWS::ECS::TaskDefinition',
  async create(properties, context) {
    const { Tags: _tags, ...rest } = properties;
    const input = {
      ...objectOf(toApiMembers(rest)),
      family: context.name(properties['Family'], { lengthMax: 255 }),
    };
    const wanted = {
      ...input,
      containerDefinitions: containersOf(objectOf(input)['containerDefinitions']),
    };
    const latest = await latestRevision(context, wanted.family);
    const isSame =
      latest !== undefined &&
      Object.entries(wanted).every(([key, value]) => JSON.stringify(latest[key]) === JSON.stringify(value));
    const found = isSame
      ? latest
      : objectOf((await call(context, 'RegisterTaskDefinition', wanted))['taskDefinition']);
    const arn = textOf(found['taskDefinitionArn']) ?? '';
    return { ref: arn, attributes: { TaskDefinitionArn: arn } };
  },
};

/** Numbers that a template may have as text. */
const NUMBERS = ['cpu', 'memory', 'memoryReservation', 'startTimeout', 'stopTimeout'];

function containersOf(value: Json | undefined): Json {
  return (isArray(value) ? value : []).map((container) => {
    if (!isObject(container)) return container;
    const numbers = NUMBERS.flatMap((name) => {
      const number = numberOf(container[name]);
      return number === undefined ? [] : [[name, number] as const];
    });
    return { ...container, ...Object.fromEntries(numbers) };
  });
}

async function latestRevision(context: ProvisionContext, family: string): Promise<JsonObject | undefined> {
  try {
    const output = await call(context, 'DescribeTaskDefinition', { taskDefinition: family });
    return objectOf(output['taskDefinition']);
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'ClientException') return undefined;
    throw error;
  }
}

async function call(context: ProvisionContext, operation: string, input: JsonObject): Promise<JsonObject> {
  return (await context.target.call({ service: 'ecs', operation, input })).output;
}
