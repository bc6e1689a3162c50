import { expect, test } from 'vitest';
import { keyText } from './items.ts';

test.each([
  ['{"id":{"S":"a"}}', 'id', 'a'],
  ['{"n":{"N":"12.50"}}', 'n', '12.50'],
  ['{"id":{"S":"a"}}', 'other', ''],
  ['{"id":{"S":"a"}}', 'constructor', ''],
  ['{"id":"a"}', 'id', ''],
  ['cut of', 'id', ''],
])('%s has as %s: %s', (item, name, text) => {
  expect(keyText(item, name)).toBe(text);
});
