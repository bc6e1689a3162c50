import { expect, test } from 'vitest';
import { compileJsonata } from './compile-jsonata.ts';

const messages = (text: string): string[] => compileJsonata(text).unsupported.map(({ message }) => message);
const topLevel = (name: string): string => `Reference to '${name}' at the top level is not supported.`;

test.each([
  ['phone', ['phone']],
  ['phone[0]', ['phone']],
  ['aaa + bbb + aaa', ['aaa', 'bbb']],
  ['$.phone', ['$']],
  ['{key: value}', ['key', 'value']],
  ['[a, [b]]', ['a', 'b']],
  ['$map($states.input.a, function($x){ b })', ['b']],
  ['-n', ['n']],
  ['c ? d : e', ['c', 'd', 'e']],
  ['($x := f; $x)', ['f']],
  ['g ~> $sum()', ['g']],
])('%s reads what is not there', (text, names) => {
  expect(messages(text)).toEqual(names.map(topLevel));
});

test.each([
  '$states.input.phone',
  '$phone',
  '$states.input.items[phone > 3]',
  '$states.input.items^(>price).{"n": name}',
  '$states.input.items{status: $sum(amount)}',
  '$states.input.items.($.a + b)',
  '$states.input ~> |a|{"b": c}, "d"|',
  '$map($states.input.a, function($x){ $x.phone })',
  '$substring(?, 0, 5)',
  '"text" & 1',
])('%s is right', (text) => {
  expect(messages(text)).toEqual([]);
});

test('the root and the output of an error have texts of their own', () => {
  expect(messages('$$.a')).toEqual(["Reference to '$$' is not supported."]);
  expect(compileJsonata('$states.errorOutput.Cause').unsupported).toEqual([
    { message: "Field '$states.errorOutput' does not exist.", inCatch: true },
  ]);
});
