import { text, type Operation } from '../operation.ts';

/** Answers 200 for an activity that is gone already, as AWS does. */
export const deleteActivity: Operation = async ({ engine, tags }, input) => {
  const arn = text(input, 'activityArn');
  await engine.deleteActivity(arn);
  await tags.clear(arn);
  return {};
};
