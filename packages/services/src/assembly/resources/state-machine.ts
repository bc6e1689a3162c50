import { readFileSync } from 'node:fs';
import { isObject, type JsonObject } from '@stepyard/asl';
import { destinationArn } from '../../logs/execution-log.ts';
import { groupOfArn } from '../../logs/input.ts';
import { objectOf, textOf } from '../assets.ts';
import { attributeText, flagOf, tagsOf, toApiMembers } from '../members.ts';
import type { ProvisionContext, Provisioner } from '../provisioner.ts';
import { ensureLogGroup } from './log-group.ts';

/** AWS::StepFunctions::StateMachine, its definition in any of the three forms. */
export const stateMachine: Provisioner = {
  type: 'AWS::StepFunctions::StateMachine',
  async create(properties, context) {
    const name = context.name(properties['StateMachineName'], { lengthMax: 80 });
    const type = textOf(properties['StateMachineType']) ?? 'STANDARD';
    if (type !== 'STANDARD' && type !== 'EXPRESS') throw new Error(`unknown StateMachineType ${type}`);
    const given = properties['LoggingConfiguration'];
    const logging = isObject(given) ? objectOf(toApiMembers(given)) : undefined;
    // A group of somebody else's stack is not in the assembly: it is made, or the machine would be refused.
    const group = groupOfArn(destinationArn(logging ?? {}) ?? '');
    if (group !== undefined) await ensureLogGroup(context.target, group);
    const { stateMachineArn } = await context.target.deployStateMachine({
      name,
      type,
      definition: substitute(
        definitionOf(properties, context),
        objectOf(properties['DefinitionSubstitutions']),
      ),
      roleArn: textOf(properties['RoleArn']) ?? '',
      loggingConfiguration: logging,
      tracingEnabled: flagOf(objectOf(properties['TracingConfiguration'])['Enabled']),
      tags: tagsOf(properties['Tags']),
    });
    return {
      ref: stateMachineArn,
      attributes: { Arn: stateMachineArn, Name: name, StateMachineRevisionId: 'INITIAL' },
    };
  },
};

/** AWS::StepFunctions::Activity. */
export const activity: Provisioner = {
  type: 'AWS::StepFunctions::Activity',
  async create(properties, context) {
    const name = context.name(properties['Name'], { lengthMax: 80 });
    const { activityArn } = await context.target.createActivity(name);
    return { ref: activityArn, attributes: { Arn: activityArn, Name: name } };
  },
};

function definitionOf(properties: JsonObject, context: ProvisionContext): string {
  const text = textOf(properties['DefinitionString']);
  if (text !== undefined) return text;
  const inline = properties['Definition'];
  if (isObject(inline)) return JSON.stringify(inline);
  const location = objectOf(properties['DefinitionS3Location']);
  const [bucket, key] = [textOf(location['Bucket']) ?? '', textOf(location['Key']) ?? ''];
  const path = context.assets.file(bucket, key);
  if (path === undefined) {
    throw new Error(
      key === ''
        ? 'it has neither DefinitionString, Definition nor DefinitionS3Location'
        : `its definition s3://${bucket}/${key} is no asset of the assembly`,
    );
  }
  return readFileSync(path, 'utf8');
}

/** DefinitionSubstitutions replace `${Name}` in the text, as they are; other `${...}` stay. */
export function substitute(definition: string, substitutions: JsonObject): string {
  return definition.replaceAll(/\$\{([A-Za-z0-9]+)\}/gu, (whole, name: string) => {
    const value = Object.hasOwn(substitutions, name) ? substitutions[name] : undefined;
    return value === undefined ? whole : attributeText(value);
  });
}
