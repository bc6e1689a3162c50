import { isObject, type JsonObject } from '@stepyard/asl';
import { objectOf, textOf } from '../assets.ts';
import { objectsOf } from '../members.ts';
import type { ProvisionContext, Provisioner } from '../provisioner.ts';
import type { RuleTarget } from '../target.ts';

/** Kinds of target parameters that say how to run something that no rule of the yard starts. */
const UNHOSTED_TARGETS = [
  'EcsParameters',
  'BatchParameters',
  'KinesisParameters',
  'RunCommandParameters',
  'HttpParameters',
  'RedshiftDataParameters',
  'SageMakerPipelineParameters',
  'AppSyncParameters',
];

/** AWS::Events::Rule with its targets. */
export const eventRule: Provisioner = {
  type: 'AWS::Events::Rule',
  async create(properties, context) {
    const name = context.name(properties['Name'], { lengthMax: 64 });
    const bus = textOf(properties['EventBusName']) ?? 'default';
    const { ruleArn } = await context.target.putRule({
      name,
      eventBusName: bus.slice(bus.lastIndexOf('/') + 1),
      eventPattern: properties['EventPattern'],
      scheduleExpression: textOf(properties['ScheduleExpression']),
      enabled: properties['State'] !== 'DISABLED',
      targets: objectsOf(properties['Targets']).map((target) => readTarget(target, context)),
    });
    return { ref: name, attributes: { Arn: ruleArn } };
  },
};

function readTarget(target: JsonObject, context: ProvisionContext): RuleTarget {
  const id = textOf(target['Id']) ?? '';
  for (const name of UNHOSTED_TARGETS) {
    if (target[name] !== undefined) context.unhosted(`${name} of its target ${id}`);
  }
  const transformer = target['InputTransformer'];
  return {
    id,
    arn: textOf(target['Arn']) ?? '',
    roleArn: textOf(target['RoleArn']),
    input: textOf(target['Input']),
    inputPath: textOf(target['InputPath']),
    inputTransformer: isObject(transformer)
      ? {
          inputPathsMap: objectOf(transformer['InputPathsMap']),
          inputTemplate: textOf(transformer['InputTemplate']) ?? '',
        }
      : undefined,
    messageGroupId: textOf(objectOf(target['SqsParameters'])['MessageGroupId']),
  };
}
