import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { jacksonError } from './jackson.ts';

const place = (offset: number): string => `@${offset}`;
const VALUES = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

test.each<[string, string, number]>([
  ['not a definition', `Unrecognized token 'not': was expecting ${VALUES}`, 3],
  ['{', 'Unexpected end-of-input: expected close marker for Object (start marker at @0)', 1],
  ['{"a": [1', 'Unexpected end-of-input: expected close marker for Array (start marker at @6)', 8],
  ['{"a": ', 'Unexpected end-of-input within/between Object entries', 6],
  ['{"a": }', `Unexpected character ('}' (code 125)): expected a valid value ${VALUES}`, 7],
  ['{"a":1,}', "Unexpected character ('}' (code 125)): was expecting double-quote to start field name", 8],
  [
    '{"a" 1}',
    "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value",
    6,
  ],
  [
    '{"a":1 "b":2}',
    `Unexpected character ('"' (code 34)): was expecting comma to separate Object entries`,
    8,
  ],
  ['{]', "Unexpected close marker ']': expected '}' (for Object starting at @0)", 2],
  [
    '["\n"]',
    'Illegal unquoted character ((CTRL-CHAR, code 10)): has to be escaped using backslash to be included in string value',
    3,
  ],
  [String.raw`["\x"]`, "Unrecognized character escape 'x' (code 120)", 4],
  ['["a', 'Unexpected end-of-input: was expecting closing quote for a string value', 3],
  ['{"a', 'Unexpected end-of-input in field name', 3],
  ["['a']", `Unexpected character (''' (code 39)): expected a valid value ${VALUES}`, 2],
])('%j', (text, message, offset) => {
  expect(jacksonError(text, place)).toEqual({ message, offset });
});

test('JSON has no error', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(jacksonError(JSON.stringify(value, undefined, 1), place)).toBeUndefined();
    }),
  );
});

test('any text ends', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '"',
    '\\',
    'a',
    '1',
    '-',
    ' ',
    'true',
    '\u00e4',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join('');
      expect(jacksonError(text, place)?.offset ?? 0).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 2000 },
  );
});
