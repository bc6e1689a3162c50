import { expect, test } from 'vitest';
import type { Json } from '../json.ts';
import { variableReferences } from './variable-references.ts';

function referencesOf(state: Json): readonly string[] | undefined {
  return variableReferences({ StartAt: 'S', States: { S: state } }).get('S');
}

// Recordings api_variable_references/*.
test.each<[string, Json, string[] | undefined]>([
  ['a path field', { Type: 'Wait', SecondsPath: '$waitTime' }, ['waitTime']],
  ['a template', { Type: 'Pass', Parameters: { a: { 'b.$': '$x.y[0]' } } }, ['x']],
  ['a text that only looks like one', { Type: 'Pass', Parameters: { a: '$x' } }, undefined],
  [
    'the input and the context',
    { Type: 'Pass', Parameters: { 'a.$': '$.x', 'b.$': '$$.State.Name' } },
    undefined,
  ],
  ['an intrinsic call', { Type: 'Pass', Parameters: { 'a.$': "States.Format('$no {}', $x, $.y)" } }, ['x']],
  ['a rule', { Type: 'Choice', Choices: [{ Variable: '$x', IsPresent: true, Next: 'T' }] }, ['x']],
  ['a reader', { Type: 'Map', ItemReader: { ReaderConfig: { MaxItemsPath: '$max' } } }, ['max']],
  ['JSONata', { Type: 'Pass', Output: { a: ['{% $sum($x) + $y.z %}'] } }, ['x', 'y']],
  [
    'what JSONata binds itself',
    { Type: 'Pass', Output: '{% ($a := 1; $map($l, function($v) { $v + $a })) %}' },
    ['l'],
  ],
  ['names of the language', { Type: 'Pass', Output: '{% $states.input & $string($) & $$.a %}' }, undefined],
  ['broken JSONata', { Type: 'Pass', Output: '{% $x + %}' }, undefined],
])('finds variables in %s', (_what, state, expected) => {
  expect(referencesOf(state)).toEqual(expected);
});

test('tells a Map from the states in it', () => {
  const inner = { Type: 'Pass', Parameters: { 'q.$': '$question' } };
  const map = { Type: 'Map', ItemsPath: '$list', ItemProcessor: { StartAt: 'I', States: { I: inner } } };
  const found = variableReferences({ StartAt: 'M', States: { M: map } });
  expect(Object.fromEntries(found)).toEqual({ M: ['list'], I: ['question'] });
});
