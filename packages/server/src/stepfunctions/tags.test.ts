import { expect, test } from 'vitest';
import { readFirstTags, TAGS_MAX, TagStore } from './tags.ts';

const ARN = 'arn:aws:states:us-east-1:000000000000:stateMachine:m';
const some = (count: number): ReadonlyMap<string, string> =>
  new Map(Array.from({ length: count }, (_, index) => [`k${index}`, 'v']));

test('creating what is there already leaves its tags alone; after it is deleted it is new', () => {
  const tags = new TagStore();
  tags.create(ARN, new Map([['a', '1']]));
  tags.create(ARN, new Map([['b', '2']]));
  expect(tags.list(ARN)).toEqual([{ key: 'a', value: '1' }]);
  tags.clear(ARN);
  tags.create(ARN, new Map([['b', '2']]));
  expect(tags.list(ARN)).toEqual([{ key: 'b', value: '2' }]);
});

test('takes fifty tags and not one more', () => {
  const tags = new TagStore();
  tags.add(ARN, some(TAGS_MAX));
  tags.add(ARN, new Map([['k0', 'new']]));
  expect(() => tags.add(ARN, new Map([['more', '']]))).toThrow('Too many tags');
  expect(tags.list(ARN)).toHaveLength(TAGS_MAX);
  const wire = (count: number) => [...some(count).keys()].map((key) => ({ key }));
  expect(readFirstTags(wire(TAGS_MAX)).size).toBe(TAGS_MAX);
  expect(() => readFirstTags(wire(TAGS_MAX + 1))).toThrow('Too many tags');
});
