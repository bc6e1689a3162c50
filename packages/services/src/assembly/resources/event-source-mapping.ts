import type { Json, JsonObject } from '@stepyard/asl';
import { ServiceError } from '@stepyard/engine';
import { objectOf, textOf } from '../assets.ts';
import { flagOf, numberOf, objectsOf, pick } from '../members.ts';
import type { ProvisionContext, Provisioner } from '../provisioner.ts';

/** Members that are the same in CloudFormation and in the API; what the API does not host it refuses by name. */
const SAME = [
  'FunctionResponseTypes',
  'FilterCriteria',
  'DestinationConfig',
  'KmsKeyArn',
  'SourceAccessConfigurations',
  'ProvisionedPollerConfig',
];
const NUMBERS = ['BatchSize', 'MaximumBatchingWindowInSeconds'];

/** AWS::Lambda::EventSourceMapping of a queue; one with `Enabled: false` is there and takes nothing, as on AWS. */
export const eventSourceMapping: Provisioner = {
  type: 'AWS::Lambda::EventSourceMapping',
  async create(properties, context) {
    const source = textOf(properties['EventSourceArn']) ?? '';
    const functionName = textOf(properties['FunctionName']) ?? '';
    try {
      const mapping = await put(context, functionName, source, settingsOf(properties));
      const uuid = textOf(mapping['UUID']) ?? '';
      const arn = mapping['EventSourceMappingArn'] ?? '';
      return { ref: uuid, attributes: { Id: uuid, EventSourceMappingArn: arn } };
    } catch (error) {
      // Its function is one that cannot run here, and is reported itself.
      if (!(error instanceof ServiceError) || error.code !== 'ResourceNotFoundException') throw error;
      context.unhosted(error.message);
      return { ref: context.logicalId, attributes: { Id: context.logicalId } };
    }
  },
};

async function put(
  context: ProvisionContext,
  functionName: string,
  source: string,
  settings: JsonObject,
): Promise<JsonObject> {
  const names = { FunctionName: functionName, EventSourceArn: source };
  const { EventSourceMappings: found } = await call(context, 'ListEventSourceMappings', names);
  const existing = objectsOf(found)[0];
  if (existing === undefined) {
    return await call(context, 'CreateEventSourceMapping', { ...names, ...settings });
  }
  const UUID = existing['UUID'] ?? '';
  return await call(context, 'UpdateEventSourceMapping', { UUID, ...settings });
}

function settingsOf(properties: JsonObject): JsonObject {
  const settings: Record<string, Json> = { ...pick(properties, SAME) };
  for (const name of NUMBERS) {
    const value = numberOf(properties[name]);
    if (value !== undefined) settings[name] = value;
  }
  const concurrency = numberOf(objectOf(properties['ScalingConfig'])['MaximumConcurrency']);
  if (concurrency !== undefined) settings['ScalingConfig'] = { MaximumConcurrency: concurrency };
  settings['Enabled'] = properties['Enabled'] === undefined || flagOf(properties['Enabled']);
  return settings;
}

async function call(context: ProvisionContext, operation: string, input: JsonObject): Promise<JsonObject> {
  return (await context.target.call({ service: 'lambda', operation, input })).output;
}
