import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { load } from '../compile/load.ts';
import { check, hasErrors } from './check.ts';
import { DEFINITION_LENGTH_MAX } from './fields.ts';
import { DIAGNOSTICS_MAX } from './scope.ts';

/** Longer than any of these takes, even where a hundred tests run at once. */
const TIME_LIMIT_MS = 10_000;
const LEVELS = 100_000;

function judge(text: string): readonly { readonly code: string }[] {
  const started = performance.now();
  const { program, diagnostics } = load(text);
  expect(performance.now() - started).toBeLessThan(TIME_LIMIT_MS);
  expect(program === undefined).toBe(hasErrors(diagnostics));
  expect(diagnostics.length).toBeLessThanOrEqual(DIAGNOSTICS_MAX);
  expect(Object.keys(Object.prototype)).toEqual([]);
  return diagnostics;
}

const pass = (fields: string): string =>
  `{"StartAt":"A","States":{"A":{"Type":"Pass","End":true${fields === '' ? '' : `,${fields}`}}}}`;
const jsonata = (expression: string): string =>
  pass(`"QueryLanguage":"JSONata","Output":${JSON.stringify(`{% ${expression} %}`)}`);

describe(`${LEVELS} levels`, () => {
  test.each<[string, string]>([
    ['arrays', '['.repeat(LEVELS)],
    ['closed arrays', '['.repeat(LEVELS) + ']'.repeat(LEVELS)],
    ['objects', '{"a":'.repeat(LEVELS)],
    ['closed objects', `${'{"a":'.repeat(LEVELS)}1${'}'.repeat(LEVELS)}`],
    ['states', `${'{"StartAt":"A","States":{"A":'.repeat(LEVELS / 10)}1`],
    ['a template', pass(`"Parameters":${'{"a":'.repeat(LEVELS)}1${'}'.repeat(LEVELS)}`)],
    ['a path', pass(`"InputPath":"$${'[0]'.repeat(LEVELS)}${'['.repeat(LEVELS)}"`)],
    ['a filter', pass(`"InputPath":"$${'[?(@'.repeat(LEVELS / 4)}"`)],
    ['an intrinsic', pass(`"Parameters":{"a.$":"${'States.Array('.repeat(LEVELS / 10)}"}`)],
    ['JSONata brackets', jsonata('('.repeat(LEVELS))],
    ['JSONata operators', jsonata(`${'1+'.repeat(LEVELS)}1`)],
    ['JSONata functions', jsonata('function($x){'.repeat(LEVELS / 10))],
    ['not', pass('').replace('"Pass"', `"Choice","Choices":[${'{"Not":'.repeat(LEVELS)}`)],
  ])('of %s', (_, text) => {
    expect(hasErrors(check(text))).toBe(true);
    expect(judge(text)).toBeInstanceOf(Array);
  });
});

describe('a million characters', () => {
  const many = (count: number, make: (at: number) => string): string =>
    Array.from({ length: count }, (_, at) => make(at)).join(',');
  test.each<[string, string]>([
    [
      'of states',
      `{"StartAt":"0","States":{${many(17_000, (at) => `"${at}":{"Type":"Pass","Next":"${(at + 1) % 17_000}"}`)}}}`,
    ],
    [
      'of unreachable states',
      `{"StartAt":"x","States":{${many(20_000, (at) => `"${at}":{"Type":"Succeed"}`)}}}`,
    ],
    ['of unknown fields', pass(many(80_000, (at) => `"f${at}":1`))],
    ['of one name', pass(many(80_000, () => '"a":1'))],
    ['of a template', pass(`"Parameters":{${many(40_000, (at) => `"f${at}.$":"$.a"`)}}`)],
    ['of one string', pass(`"Comment":"${'x'.repeat(1_000_000)}"`)],
    ['of one path', pass(`"InputPath":"$${'.a'.repeat(500_000)}"`)],
    ['of one expression', jsonata('a.'.repeat(500_000))],
    ['of line breaks', '\n'.repeat(DEFINITION_LENGTH_MAX)],
    ['of backslashes', `"${'\\'.repeat(1_000_000)}`],
    ['of commas', `[${','.repeat(1_000_000)}`],
    ['of nothing known', '\u00e4'.repeat(1_000_000)],
    [
      'of a loop that grows',
      `{"StartAt":"A","States":{"A":{"Type":"Pass","QueryLanguage":"JSONata","Assign":{"a":"{% ${'$a & '.repeat(1500)}1 %}"},"Next":"A"},"B":{"Type":"Succeed"}}}`,
    ],
  ])('%s', (_, text) => {
    expect(judge(text)).toBeInstanceOf(Array);
  });
});

test.each([
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '__defineGetter__',
  'valueOf',
  '',
  '\ud800',
  '\udc00\ud800',
  '\u0000',
  '/',
  '~1',
  '$',
  '*',
])('%j is a name like any other, wherever it stands', (name) => {
  const key = JSON.stringify(name);
  const texts = [
    `{${key}:1}`,
    `{"StartAt":${key},"States":{${key}:{"Type":"Pass","End":true}}}`,
    pass(`${key}:1`),
    pass(`"Parameters":{${key}:{${key}:1}}`),
    pass(`"Assign":{${key}:1}`),
    pass(`"ResultPath":${JSON.stringify(`$.${name}`)}`),
    pass(`"Type":${key}`),
    `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":${key},"Retry":[{"ErrorEquals":[${key}]}],"End":true}}}`,
    `{"StartAt":"A","States":{"A":{"Type":"Choice","Choices":[{${key}:1,"Variable":"$.a","Next":${key}}]}}}`,
    `{"StartAt":"A","States":{"A":{"Type":"Map","Label":${key},"ItemProcessor":{${key}:1},"End":true}}}`,
    `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::${name}:${name}","End":true}}}`,
  ];
  for (const text of texts) expect(judge(text)).toBeInstanceOf(Array);
  expect(hasErrors(check(texts[1] ?? ''))).toBe(name === '');
});

test.each([
  '1e999',
  '-1e999',
  '9'.repeat(400),
  `0.${'0'.repeat(400)}1`,
  '1e-999',
  '9007199254740993',
  '-0',
  '1E+3',
])('the number %s', (number) => {
  const texts = [
    `{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":${number},"End":true}}}`,
    pass(`"Result":${number}`),
    `{"TimeoutSeconds":${number},"StartAt":"A","States":{"A":{"Type":"Succeed"}}}`,
  ];
  for (const text of texts) expect(judge(text)).toBeInstanceOf(Array);
});

test('any text', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '"',
    '\\',
    '\\u',
    ' ',
    '\n',
    '1',
    '-',
    'e',
    'null',
    '"States"',
    '"A"',
    '\ud800',
    '\u2028',
    '{%',
    '%}',
    '$',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join('')),
  );
  fc.assert(
    fc.property(text, (value) => {
      expect(judge(value)).toBeInstanceOf(Array);
    }),
    { numRuns: 2000 },
  );
});

test('any expression in any field', () => {
  const piece = fc.constantFrom(
    '$',
    '$$',
    '.',
    '..',
    'a',
    '[',
    ']',
    '(',
    ')',
    '?',
    '@',
    '*',
    "'",
    '"',
    ',',
    ':',
    '&&',
    '==',
    '1',
    '-1',
    'States.Format',
    'States.',
    '{',
    '}',
    '\\',
    '%',
    '~>',
    'function',
    ':=',
    '#$i',
    '@$v',
    '/',
    '`',
  );
  const field = fc.constantFrom('InputPath', 'ResultPath', 'OutputPath', 'Parameters', 'Assign', 'Output');
  fc.assert(
    fc.property(field, fc.array(piece, { maxLength: 25 }), fc.boolean(), (name, pieces, isJsonata) => {
      const expression = pieces.join('');
      const value = isJsonata ? `{%${expression}%}` : expression;
      const isObject = name === 'Parameters' || name === 'Assign';
      const written = isObject ? { [isJsonata ? 'a' : 'a.$']: value } : value;
      const language = isJsonata ? '"QueryLanguage":"JSONata",' : '';
      expect(judge(pass(`${language}"${name}":${JSON.stringify(written)}`))).toBeInstanceOf(Array);
    }),
    { numRuns: 2000 },
  );
});
