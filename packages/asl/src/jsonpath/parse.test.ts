import { describe, expect, test } from 'vitest';
import { ExpressionSyntaxError } from '../expression-syntax-error.ts';
import { PATH_DEPTH_MAX, PATH_LENGTH_MAX } from './limits.ts';
import { parsePath } from './parse.ts';

/** The place that the parser names. */
function offsetOf(text: string): number {
  try {
    parsePath(text);
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) return error.offset;
  }
  return -1;
}

test.each([
  ['a.b', 0],
  ['', 0],
  ['$.', 2],
  ['$..', 3],
  ['$...a', 3],
  ['$.a b', 3],
  ['$[a]', 2],
  ['$[', 2],
  ["$['a", 2],
  ["$['a' 'b']", 6],
  ['$[:]', 2],
  ['$[99999999999]', 2],
  ['$[?(@.a == )]', 11],
  ['$[?(1)]', 4],
  ['$.a.nosuch()', 4],
  ['$[?(@.a =~ /(/)]', -1],
])('%s is refused at %i', (text, offset) => {
  expect(offsetOf(text)).toBe(offset);
});

test.each([
  [String.raw`$['it\'s']`, "it's"],
  [String.raw`$['a\\b']`, String.raw`a\b`],
  [String.raw`$["say \"x\""]`, 'say "x"'],
  // Recording scenarios/*escape-sequence-parsing*jsonpath: no quote of this kind needs the backslash.
  [String.raw`$['Test\""Name"']`, String.raw`Test\""Name"`],
  [String.raw`$['a\nb']`, String.raw`a\nb`],
])('the name in %s is %s', (text, name) => {
  expect(parsePath(text).segments).toEqual([{ kind: 'properties', names: [name] }]);
});

describe('limits', () => {
  test('on length', () => {
    const name = 'a'.repeat(PATH_LENGTH_MAX - 2);
    expect(parsePath(`$.${name}`).segments).toHaveLength(1);
    expect(() => parsePath(`$.${name}b`)).toThrow('longer than');
  });

  test('on depth', () => {
    const nested = (depth: number): string => `$[?(${'('.repeat(depth)}@.a${')'.repeat(depth)})]`;
    expect(parsePath(nested(PATH_DEPTH_MAX - 2)).segments).toHaveLength(1);
    expect(() => parsePath(nested(PATH_DEPTH_MAX - 1))).toThrow('nests deeper');
    expect(() => parsePath(nested(20_000))).toThrow('nests deeper');
    expect(() => parsePath(`$[?(@.a == ${'['.repeat(5000)}${']'.repeat(5000)})]`)).toThrow('nests too deep');
  });
});
