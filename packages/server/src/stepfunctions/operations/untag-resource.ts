import { text, type Operation } from '../operation.ts';
import { requireTaggable } from '../taggable.ts';

export const untagResource: Operation = async ({ engine, tags }, input) => {
  const arn = text(input, 'resourceArn');
  await requireTaggable(engine, arn);
  const keys = Array.isArray(input['tagKeys']) ? input['tagKeys'] : [];
  await tags.remove(arn, new Set(keys.filter((key) => typeof key === 'string')));
  return {};
};
