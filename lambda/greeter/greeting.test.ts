import { expect, test } from 'vitest';
import { greet, InvalidNameError } from './greeting.ts';

test('greets by name, and counts characters as a reader does', () => {
  expect(greet(' Ada ')).toEqual({ greeting: 'Hello, Ada!', nameChars: 3 });
  expect(greet('👩‍🚀')).toEqual({ greeting: 'Hello, 👩‍🚀!', nameChars: 1 });
});

test('refuses an empty name and one over the limit, by a name that a Catch can match', () => {
  expect(() => greet('  ')).toThrow(InvalidNameError);
  expect(greet('x'.repeat(100)).nameChars).toBe(100);
  expect(() => greet('x'.repeat(101))).toThrow(InvalidNameError);
});
