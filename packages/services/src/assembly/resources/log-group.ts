import type { JsonObject } from '@stepyard/asl';
import { ServiceError } from '@stepyard/engine';
import { groupArn } from '../../logs/input.ts';
import { ACCOUNT_ID } from '../../service.ts';
import { numberOf, tagsOf } from '../members.ts';
import type { DeployTarget } from '../target.ts';
import type { Provisioner } from '../provisioner.ts';

/** AWS::Logs::LogGroup, kept with its events when it is there. */
export const logGroup: Provisioner = {
  type: 'AWS::Logs::LogGroup',
  async create(properties, context) {
    const name = context.name(properties['LogGroupName'], { lengthMax: 512 });
    await ensureLogGroup(context.target, name, { tags: tagsOf(properties['Tags']) });
    const retentionInDays = numberOf(properties['RetentionInDays']);
    await context.target.call({
      service: 'cloudwatchlogs',
      operation: retentionInDays === undefined ? 'DeleteRetentionPolicy' : 'PutRetentionPolicy',
      input: { logGroupName: name, ...(retentionInDays === undefined ? {} : { retentionInDays }) },
    });
    return { ref: name, attributes: { Arn: `${groupArn(ACCOUNT_ID, name)}:*` } };
  },
};

/** Makes the group where it is missing. */
export async function ensureLogGroup(
  target: Pick<DeployTarget, 'call'>,
  name: string,
  members: JsonObject = {},
): Promise<void> {
  const input = { logGroupName: name, ...members };
  try {
    await target.call({ service: 'cloudwatchlogs', operation: 'CreateLogGroup', input });
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'ResourceAlreadyExistsException') throw error;
  }
}
