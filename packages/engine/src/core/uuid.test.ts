import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawUuid, nextUuid, seededRandom } from './random.ts';
import { parseUuid, uuidText } from './uuid.ts';

test('a uuid is version 4, and its words are its text', () => {
  fc.assert(
    fc.property(fc.string(), (seed) => {
      const text = nextUuid(seededRandom(seed));
      expect(text).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/u);
      expect(uuidText(drawUuid(seededRandom(seed)))).toBe(text);
      expect(parseUuid(`${seed}${text}:`, seed.length)).toEqual(drawUuid(seededRandom(seed)));
    }),
  );
});

test('one seed gives one uuid, for good: names of executions are made of it', () => {
  expect(nextUuid(seededRandom('seed'))).toBe('17698bc0-a033-452c-babf-12f330214fb8');
});

test.each([
  '',
  'name',
  '00000000-0000-4000-8000-00000000000G',
  '00000000-0000-4000-8000-00000000000',
  '00000000-0000-4000-8000+000000000000',
])('%j is no uuid', (text) => expect(parseUuid(text)).toBeUndefined());
