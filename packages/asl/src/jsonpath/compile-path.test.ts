import { describe, expect, test } from 'vitest';
import { deepFreeze, environment } from '../environment.fixture.ts';
import type { Json } from '../json.ts';
import type { MissingPath } from './compile-path.ts';
import { compilePath } from './compile-path.ts';

const document: Json = deepFreeze({
  a: { b: [1, 2, { c: 'x' }], 'odd key': 0, n: null },
  list: [{ k: 1, v: 'one' }, { k: 2, v: 'two' }, { k: 'x' }],
});
const here = environment({
  document,
  context: { Execution: { Name: 'run' } },
  variables: { v: { w: [5, 6] } },
});
const get = (text: string, onMissing: MissingPath = { kind: 'path' }): Json =>
  compilePath(text, onMissing).evaluate(here);

describe('roots', () => {
  test('are the document, the context object and variables', () => {
    expect(get('$')).toBe(document);
    expect(get('$$.Execution.Name')).toBe('run');
    expect(get('$v.w[-1]')).toBe(6);
    expect(get("$v['w'][0]")).toBe(5);
  });

  test('a filter can refer to the root', () => {
    const path = compilePath('$.items[?(@.k == $.wanted)].v', { kind: 'path' });
    const data = {
      wanted: 2,
      items: [
        { k: 1, v: 'a' },
        { k: 2, v: 'b' },
      ],
    };
    expect(path.evaluate(environment({ document: data }))).toEqual(['b']);
  });
});

describe('definite and indefinite', () => {
  test.each([
    ['$.a.b[0]', true],
    ["$['a','list']", true],
    ['$.list.length()', true],
    ['$.a.b[*]', false],
    ['$.a.b[0:1]', false],
    ['$.a.b[0,1]', false],
    ['$..c', false],
    ['$.list[?(@.k)]', false],
  ])('%s: %s', (text, definite) => {
    expect(compilePath(text, { kind: 'path' }).definite).toBe(definite);
  });

  // Recorded: base--json-path-array-wildcard-or-slice-with-no-input-items.
  test('an indefinite path without a match gives an empty array', () => {
    expect(get('$.a.b[7:9]')).toEqual([]);
    expect(get('$.list[?(@.k == 99)]')).toEqual([]);
    expect(get('$..nowhere')).toEqual([]);
  });

  test('in a template an indefinite path finds nothing below a member that is missing', () => {
    const template: MissingPath = { kind: 'template', field: 'item.$' };
    expect(get('$.gone[*]', template)).toEqual([]);
    expect(get('$.gone.items[1:5].itemValue', template)).toEqual([]);
    expect(() => get('$.gone[0]', template)).toThrow('could not be found in the input');
  });

  test('find gives undefined, not null, for what is not there', () => {
    expect(compilePath('$.a.n', { kind: 'path' }).find(here)).toBeNull();
    expect(compilePath('$.a.nothing', { kind: 'path' }).find(here)).toBeUndefined();
    expect(compilePath('$gone', { kind: 'path' }).find(here)).toBeUndefined();
    expect(compilePath('$.constructor', { kind: 'path' }).find(here)).toBeUndefined();
  });
});

// Recorded: base-scenarios--invalid-jsonpath-*, base-scenarios--catch-states-runtime.
describe('failures have the words of AWS', () => {
  test.each<[string, MissingPath, string]>([
    [
      '$.NoSuchInputPath',
      { kind: 'path' },
      "Invalid path '$.NoSuchInputPath' : No results for path: $['NoSuchInputPath']",
    ],
    [
      '$.no.such.result',
      { kind: 'path' },
      "Invalid path '$.no.such.result' : Missing property in path $['no']",
    ],
    ['$.a.b[9]', { kind: 'path' }, "Invalid path '$.a.b[9]' : No results for path: $['a']['b'][9]"],
    ['$.gone', { kind: 'text', cause: 'as the caller says' }, 'as the caller says'],
    [
      '$.gone',
      { kind: 'choice' },
      "Invalid path '$.gone': The choice state's condition path references an invalid value.",
    ],
    [
      '$.gone',
      { kind: 'template', field: 'value.$' },
      `The JSONPath '$.gone' specified for the field 'value.$' could not be found in the input '${JSON.stringify(document)}'`,
    ],
  ])('%s as %o', (text, onMissing, cause) => {
    expect(() => get(text, onMissing)).toThrow(`States.Runtime: ${cause}`);
  });

  test('also where a name or an index meets another kind of value', () => {
    expect(() => get('$.a.b.c')).toThrow(
      "Expected to find an object with property ['c'] in path $['a']['b']",
    );
    expect(() => get('$.a[0]')).toThrow('Filter: [0] can only be applied to arrays');
    expect(() => get('$.a.n[*].x')).not.toThrow();
  });
});

describe('functions', () => {
  test.each<[string, Json]>([
    ['$.list.length()', 3],
    ['$.a.b[2].keys()', ['c']],
    ['$v.w.sum()', 11],
    ['$v.w.max()', 6],
    ['$v.w.min()', 5],
    ['$v.w.avg()', 5.5],
    ['$v.w.stddev()', 0.5],
    ['$v.w.first()', 5],
    ['$v.w.last()', 6],
    ['$v.w.index(-1)', 6],
    ['$v.w.append(7)', [5, 6, 7]],
    ["$.a.concat('x', $.a.b[2].c)", 'xx'],
    ['$..k.length()', 3],
  ])('%s', (text, expected) => {
    expect(get(text)).toEqual(expected);
  });
});

describe('filters', () => {
  test.each<[string, Json]>([
    ['$.list[?(@.k < 2)].v', ['one']],
    ['$.list[?(@.v =~ /T.O/i)].k', [2]],
    ['$.list[?(@.k in [2, "x"])].k', [2, 'x']],
    ['$.list[?(@.k nin [2])].k', [1, 'x']],
    ['$.list[?(!@.v)].k', ['x']],
    ["$.list[?(!(@.v == 'one') && @.v)].k", [2]],
    ["$.list[?(@.v contains 'w' || @.k == 'x')].k", [2, 'x']],
    ['$.list[?(@.v size 3)].k', [1, 2]],
    ['$.list[?(@.v empty false)].k', [1, 2]],
    ['$.a[?(@.b)].b[0]', [1]],
  ])('%s', (text, expected) => {
    expect(get(text)).toEqual(expected);
  });

  test('a regular expression takes linear time', () => {
    const path = compilePath('$[?(@.s =~ /(a+)+b/)]', { kind: 'path' });
    expect(path.evaluate(environment({ document: [{ s: 'a'.repeat(20_000) }] }))).toEqual([]);
  });
});

test('scanning deep data needs no stack', () => {
  let deep: Json = { leaf: 1 };
  for (let depth = 0; depth < 100_000; depth++) deep = [deep];
  expect(compilePath('$..leaf', { kind: 'path' }).evaluate(environment({ document: deep }))).toEqual([1]);
});

test('a path that looks at too much fails instead of running on', () => {
  let deep: Json = 1;
  for (let depth = 0; depth < 60; depth++) deep = [deep];
  // As many matches as there are ways to choose six of sixty levels.
  const path = compilePath('$..*..*..*..*..*..*', { kind: 'path' });
  expect(() => path.evaluate(environment({ document: deep }))).toThrow('looked at more than');
});
