import { graphOf, parseJson } from '@stepyard/asl';
import { expect, test } from 'vitest';
import { definitionAt, idsByName } from './state-names.ts';

const TEXT = JSON.stringify({
  StartAt: 'Each',
  States: {
    Each: {
      Type: 'Map',
      ItemProcessor: { StartAt: 'a/b', States: { 'a/b': { Type: 'Pass', End: true } } },
      End: true,
    },
  },
});

test('a state is found by its name at any depth, and its text by its pointer', () => {
  const ids = idsByName(graphOf(parseJson(TEXT) ?? null));
  expect([...ids.keys()].toSorted()).toEqual(['Each', 'a/b']);
  expect(definitionAt(TEXT, ids.get('a/b') ?? '')).toBe('{ "Type": "Pass", "End": true }');
  expect(definitionAt('{', '/States/x')).toBeDefined();
  expect(definitionAt('', '/States/x')).toBeUndefined();
});
