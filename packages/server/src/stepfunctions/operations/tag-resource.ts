import { text, type Operation } from '../operation.ts';
import { requireTaggable } from '../taggable.ts';
import { readTags } from '../tags.ts';

export const tagResource: Operation = async ({ engine, tags }, input) => {
  const arn = text(input, 'resourceArn');
  await requireTaggable(engine, arn);
  await tags.add(arn, readTags(input['tags']));
  return {};
};
