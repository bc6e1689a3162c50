import { epochSeconds } from '../../protocol/json-protocol.ts';
import { text, type Operation } from '../operation.ts';
import { readTags } from '../tags.ts';

export const createActivity: Operation = async ({ engine, tags }, input) => {
  const activity = await engine.createActivity(text(input, 'name'));
  tags.add(activity.activityArn, readTags(input['tags']));
  return { activityArn: activity.activityArn, creationDate: epochSeconds(activity.creationDateMs) };
};
