import { expect, test } from 'vitest';
import { substitute } from './substitutions.ts';

test('values stand in the text as JSON strings hold them', () => {
  const { text } = substitute('{"a":"x${A}y","b":"${A}${B1}"}', { A: 'q"\\', B1: '${A}' });
  expect(JSON.parse(text)).toEqual({ a: 'xq"\\y', b: 'q"\\${A}' });
});

test('what is missing and what is too much is told, each once', () => {
  expect(substitute('${A}${A}${toString}${not a name}', { B: '1' })).toEqual({
    text: '${A}${A}${toString}${not a name}',
    missing: ['A', 'toString'],
    unused: ['B'],
  });
});
