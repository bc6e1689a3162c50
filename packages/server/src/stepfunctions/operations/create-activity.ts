import { isObject } from '@stepyard/asl';
import { refused } from '../../protocol/api-error.ts';
import { epochSeconds } from '../../protocol/json-protocol.ts';
import { encryption } from '../configuration.ts';
import { text, type Operation } from '../operation.ts';
import { readFirstTags } from '../tags.ts';

export const createActivity: Operation = async ({ engine, tags }, input) => {
  const encrypted = input['encryptionConfiguration'];
  if (isObject(encrypted) && encryption(encrypted)['type'] !== 'AWS_OWNED_KEY') {
    throw refused('states:CreateActivity with a customer managed key', 'Leave encryptionConfiguration out.');
  }
  const first = readFirstTags(input['tags']);
  const activity = await engine.createActivity(text(input, 'name'));
  await tags.create(activity.activityArn, first);
  return { activityArn: activity.activityArn, creationDate: epochSeconds(activity.creationDateMs) };
};
