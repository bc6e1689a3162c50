import { expect, test } from 'vitest';
import { createMemoryStore, createMockTaskRunner, openEngine, systemClock } from '@stepyard/engine';
import { readFirstTags, TAGS_MAX, TagStore } from './tags.ts';

const ARN = 'arn:aws:states:us-east-1:000000000000:stateMachine:m';
const some = (count: number): ReadonlyMap<string, string> =>
  new Map(Array.from({ length: count }, (_, index) => [`k${index}`, 'v']));

async function tagStore(): Promise<TagStore> {
  const runner = createMockTaskRunner({}, systemClock);
  return new TagStore(await openEngine({ clock: systemClock, store: createMemoryStore(), runner }));
}

test('creating what is there already leaves its tags alone; after it is deleted it is new', async () => {
  const tags = await tagStore();
  await tags.create(ARN, new Map([['a', '1']]));
  await tags.create(ARN, new Map([['b', '2']]));
  expect(await tags.list(ARN)).toEqual([{ key: 'a', value: '1' }]);
  await tags.remove(ARN, new Set(['a']));
  await tags.create(ARN, new Map([['b', '2']]));
  expect(await tags.list(ARN)).toEqual([]);
  await tags.clear(ARN);
  await tags.create(ARN, new Map([['b', '2']]));
  expect(await tags.list(ARN)).toEqual([{ key: 'b', value: '2' }]);
});

test('changes that come together all take effect', async () => {
  const tags = await tagStore();
  await Promise.all([...some(9)].map(([key, value]) => tags.add(ARN, new Map([[key, value]]))));
  expect(await tags.list(ARN)).toHaveLength(9);
});

test('takes fifty tags and not one more', async () => {
  const tags = await tagStore();
  await tags.add(ARN, some(TAGS_MAX));
  await tags.add(ARN, new Map([['k0', 'new']]));
  await expect(tags.add(ARN, new Map([['more', '']]))).rejects.toThrow('Too many tags');
  expect(await tags.list(ARN)).toHaveLength(TAGS_MAX);
  const wire = (count: number) => [...some(count).keys()].map((key) => ({ key }));
  expect(readFirstTags(wire(TAGS_MAX)).size).toBe(TAGS_MAX);
  expect(() => readFirstTags(wire(TAGS_MAX + 1))).toThrow('Too many tags');
});
