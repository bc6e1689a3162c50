import { text, type Operation } from '../operation.ts';
import { requireTaggable } from '../taggable.ts';

export const listTagsForResource: Operation = async ({ engine, tags }, input) => {
  const arn = text(input, 'resourceArn');
  await requireTaggable(engine, arn);
  return { tags: (await tags.list(arn)).map((tag) => ({ ...tag })) };
};
