import { expect, test } from 'vitest';
import { hashText } from './hash.ts';

test('knows the five algorithms by their exact names', () => {
  expect(hashText('hello', 'MD5')).toBe('5d41402abc4b2a76b9719d911017c592');
  expect(hashText('hello', 'SHA-1')).toBe('aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d');
  expect(hashText('hello', 'SHA-384')).toHaveLength(96);
  expect(hashText('hello', 'SHA-512')).toHaveLength(128);
  expect(hashText('hello', 'sha-1')).toBeUndefined();
  expect(hashText('hello', 'constructor')).toBeUndefined();
});
