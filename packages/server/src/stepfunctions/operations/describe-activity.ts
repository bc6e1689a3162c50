import { epochSeconds } from '../../protocol/json-protocol.ts';
import { text, type Operation } from '../operation.ts';

export const describeActivity: Operation = async ({ engine }, input) => {
  const activity = await engine.describeActivity(text(input, 'activityArn'));
  return {
    activityArn: activity.activityArn,
    name: activity.name,
    creationDate: epochSeconds(activity.creationDateMs),
    encryptionConfiguration: { type: 'AWS_OWNED_KEY' },
  };
};
