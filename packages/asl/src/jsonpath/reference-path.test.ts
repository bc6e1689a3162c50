import { describe, expect, test } from 'vitest';
import { AslFailure } from '../environment.ts';
import { deepFreeze } from '../environment.fixture.ts';
import { ExpressionSyntaxError } from '../expression-syntax-error.ts';
import type { Json } from '../json.ts';
import { compileReferencePath } from './reference-path.ts';

const write = (path: string, target: Json, value: Json): Json =>
  compileReferencePath(path).write(deepFreeze(target), value);

describe('writing', () => {
  test('copies the path and shares the rest', () => {
    const target = deepFreeze({ a: { b: 1, c: { d: 2 } }, e: [] });
    const result = compileReferencePath('$.a.b').write(target, 9);
    expect(result).toEqual({ a: { b: 9, c: { d: 2 } }, e: [] });
    expect(result).toHaveProperty('a.c', target.a.c);
    expect(Object.values(result ?? {})[1]).toBe(target.e);
  });

  test('makes the objects on the way', () => {
    expect(write('$.a.b.c', {}, 1)).toEqual({ a: { b: { c: 1 } } });
    expect(write("$['a b'][0].c", { 'a b': [{}] }, 1)).toEqual({ 'a b': [{ c: 1 }] });
    expect(write('$', { a: 1 }, 2)).toBe(2);
  });

  test('a hostile name is data', () => {
    const result = write('$.__proto__.polluted', {}, 1);
    expect(JSON.stringify(result)).toBe('{"__proto__":{"polluted":1}}');
    expect({}).not.toHaveProperty('polluted');
  });

  test.each<[string, Json]>([
    ['$.a', 1],
    ['$.a', 'text'],
    ['$.a', []],
    ['$.a', null],
    ['$.a[0]', { a: [] }],
    ['$.a[0]', {}],
    ['$.a[0]', { a: { 0: 1 } }],
  ])('%s into %j does not fit', (path, target) => {
    const writing = (): Json => write(path, target, 1);
    expect(writing).toThrow(AslFailure);
    expect(writing).toThrow('States.ResultPathMatchFailure');
  });
});

test.each(['$.a[*]', '$..a', '$$.a', '$v.a', "$['a','b']", '$.a[0:1]', '$.a[?(@.b)]', '$.a.length()', 'a'])(
  '%s is no reference path',
  (path) => {
    expect(() => compileReferencePath(path)).toThrow(ExpressionSyntaxError);
  },
);
