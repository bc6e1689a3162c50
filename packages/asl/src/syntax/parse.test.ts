import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isObject } from '../json.ts';
import { DEPTH_MAX, SYNTAX_DIAGNOSTICS_MAX, TEXT_LENGTH_MAX } from './json-reader.ts';
import { parse } from './parse.ts';

const messages = (text: string): string[] => parse(text).diagnostics.map(({ message }) => message);

test('reads what JSON.parse reads', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const parsed = parse(text);
      expect(parsed.diagnostics).toEqual([]);
      expect(parsed.definition).toEqual(JSON.parse(text));
    }),
  );
});

test('any text gives a value or diagnostics, never an exception', () => {
  const junk = fc.string({
    unit: fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      'u',
      '1',
      '-',
      'e',
      ' ',
      '\n',
      '\ud800',
      '\u00a0',
      'é',
    ),
  });
  fc.assert(
    fc.property(fc.oneof(junk, fc.string({ unit: 'binary' })), (text) => {
      const parsed = parse(text);
      let valid = true;
      try {
        JSON.parse(text);
      } catch {
        valid = false;
      }
      expect(
        parsed.diagnostics.some(
          ({ severity, code }) => severity === 'error' && code !== 'ASL104' && code !== 'ASL105',
        ),
      ).toBe(!valid);
      parsed.rangeOf('/a/0');
    }),
    { numRuns: 2000 },
  );
});

test('positions of values and of names', () => {
  const parsed = parse('{\r\n  "a/b": [1,\n  {"~": "x"}]\n}');
  expect(parsed.rangeOf('/a~1b/1/~0')).toEqual({
    start: { line: 3, column: 9, offset: 24 },
    end: { line: 3, column: 12, offset: 27 },
  });
  expect(parsed.keyRangeOf('/a~1b').start).toEqual({ line: 2, column: 3, offset: 5 });
  // A pointer to nothing is answered with the nearest ancestor.
  expect(parsed.rangeOf('/a~1b/1/none')).toEqual(parsed.rangeOf('/a~1b/1'));
});

describe('goes on after an error', () => {
  test.each([
    ['{"a": 1,}', { a: 1 }, ['A comma must not stand before }']],
    ['{"a": 1 "b": 2}', { a: 1, b: 2 }, ['Expected , or }']],
    ['{a: 1}', { a: 1 }, ['Expected a name in double quotes']],
    ['{"a" 1}', { a: 1 }, ['Expected : after the name']],
    ['[1, 2', [1, 2], ['The ] that closes this is missing']],
    ['{"a": nul, "b": 2}', { a: null, b: 2 }, ['"nul" is not a JSON value']],
    ['["a\nb"]', ['a', null, ']'], ['The string is not closed on its line', 'Expected , or ]']],
    ['"a\tb"', 'a\tb', ['A control character in a string must be escaped']],
    ['"\\q"', 'q', ['This escape is not known in JSON']],
    ['01', null, ['"01" is not a JSON value']],
    ['1 2', 1, ['There is more text after the end of the value']],
    ['[1e999]', [Number.MAX_VALUE], ['The number is too large']],
  ])('%s', (text, value, expected) => {
    const parsed = parse(text);
    expect(parsed.definition).toEqual(value);
    expect(messages(text).slice(0, expected.length)).toEqual(expected);
  });
});

test('a name that appears twice is told at the second one, the last value counts', () => {
  const parsed = parse('{"a": 1, "a": 2}');
  expect(parsed.definition).toEqual({ a: 2 });
  expect(parsed.diagnostics).toMatchObject([
    { code: 'ASL104', pointer: '/a', range: { start: { column: 10 } } },
  ]);
});

test('__proto__ is a name like any other', () => {
  const { definition } = parse('{"__proto__": {"polluted": true}, "constructor": 1}');
  if (!isObject(definition)) throw new Error('no object');
  expect(Object.hasOwn(definition, '__proto__')).toBe(true);
  expect(Object.getPrototypeOf(definition)).toBe(Object.prototype);
  expect(definition['polluted']).toBeUndefined();
});

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

test('depth: the limit is read, one more is not', () => {
  expect(parse(nested(DEPTH_MAX)).diagnostics).toEqual([]);
  expect(parse(nested(DEPTH_MAX + 1)).diagnostics).toMatchObject([{ code: 'ASL102' }]);
  expect(parse(nested(100_000)).diagnostics).toMatchObject([{ code: 'ASL102' }]);
  expect(parse('{"a":'.repeat(100_000)).diagnostics[0]).toMatchObject({ code: 'ASL102' });
});

test('length: the limit is read, one more is not', () => {
  const text = `"${'a'.repeat(TEXT_LENGTH_MAX - 2)}"`;
  expect(parse(text).diagnostics).toEqual([]);
  expect(parse(`${text} `).diagnostics).toMatchObject([{ code: 'ASL103' }]);
});

test('findings are bounded', () => {
  expect(parse('[,'.repeat(400)).diagnostics.length).toBe(SYNTAX_DIAGNOSTICS_MAX);
});

test('white space that is not of JSON is no reason to stand still', () => {
  for (const space of ['\u00a0', '\u2028', '\v', '\f', '\ufeff', '\u3000']) {
    for (const text of [
      `[${space}1]`,
      `{${space}"a": 1}`,
      `{"a"${space}: 1}`,
      `{"a": 1${space}}`,
      `${space}{}`,
      space,
    ]) {
      expect(parse(text).diagnostics.length).toBeGreaterThan(0);
    }
  }
});

test('nothing at all', () => {
  expect(parse('')).toMatchObject({ definition: undefined, diagnostics: [{ code: 'ASL106' }] });
  expect(parse(' \n').definition).toBeUndefined();
});
