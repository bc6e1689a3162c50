import fc from 'fast-check';
import jsonata from 'jsonata';
import { describe, expect, test } from 'vitest';
import { deepFreeze, environment } from '../environment.fixture.ts';
import type { Json } from '../json.ts';
import { compileJsonata } from './compile-jsonata.ts';
import { JsonataError } from './jsonata-error.ts';

/** Expressions over a document with the keys a to d, whatever they hold. */
const EXPRESSIONS = [
  'a',
  'a.b',
  'a.b.c',
  '*',
  '**',
  '*.a',
  '**.b',
  'a[0]',
  'a[-1]',
  'a[]',
  'a.b[]',
  'a[b]',
  'a[b > 1]',
  'a[0].b',
  '(a.b)[0]',
  'a.*[0]',
  '[a, b]',
  '[a].b',
  '{"x": a, "y": b.c}',
  'a{"k": b}',
  'a{$string(b): c}',
  'a{$type($): $}',
  'a^(b)',
  'a^(>b, c)',
  'a#$i.[$i, $]',
  'a@$x.b@$y.{"x": $x, "y": $y}',
  'a.b.%',
  'a.b.c.%.%',
  '**[b]',
  'a = b',
  'a != b',
  'a in b',
  'a and b',
  'a or b',
  'a ? b : c',
  'a ?: b',
  'a ?? b',
  'a & b',
  'a + 1',
  '[a..b]',
  '$count(a)',
  '$sum(a)',
  '$max(a)',
  '$boolean(a)',
  '$not(a)',
  '$exists(a.b)',
  '$keys(a)',
  '$keys($)',
  '$merge(a)',
  '$spread(a)',
  '$distinct(a)',
  '$reverse(a)',
  '$append(a, b)',
  '$zip(a, b)',
  '$lookup(a, "b")',
  '$string(a)',
  '$type(a)',
  '$sort(a)',
  '$map(a, function($v, $i){[$i, $v]})',
  '$filter(a, function($v){$v.b})',
  '$reduce(a, function($x, $y){[$x, $y]})',
  '$single(a, function($v){$v = 1})',
  '$each(a, function($v, $k){{$k: $v}})',
  '$sift(a, function($v){$v})',
  'a ~> $count()',
  'a ~> |b|{"z": 1}|',
  '$ ~> |**|{"z": 1}, "a"|',
  '(a; b)',
  'a.($x := b; [$x, $x])',
  'a.b.[c, d]',
  'a.{"b": b}',
  '$.a.$.b',
  '$$.a.b',
  'a[$$.b]',
  'a[[0, 1]]',
];

const leaf = fc.oneof(
  fc.constantFrom<Json>(null, true, false, 0, 1, 2, 1.5, '', 'x', 'y'),
  fc.constantFrom<Json>([], {}),
);
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), tie('json'), { maxKeys: 4 }),
  ),
}));

const failed = (code: unknown): string => `failed ${String(code)}`;

async function byPackage(text: string, document: Json): Promise<string> {
  try {
    const result: unknown = await jsonata(text).evaluate(structuredClone(document));
    return canonical(result);
  } catch (error) {
    return failed(error !== null && typeof error === 'object' && 'code' in error ? error.code : undefined);
  }
}

function byOurs(text: string, document: Json): string {
  try {
    return canonical(compileJsonata(text).evaluateOn(deepFreeze(document), new Map(), environment({})));
  } catch (error) {
    return failed(error instanceof JsonataError ? error.code : error);
  }
}

function canonical(value: unknown): string {
  return JSON.stringify(value) ?? 'undefined';
}

describe('the same as the jsonata package', () => {
  test.each(EXPRESSIONS)('%s', async (text) => {
    await fc.assert(
      fc.asyncProperty(json, async (document) => {
        const expected = await byPackage(text, document);
        // Without a code the package itself crashed: a transform of something that is no object, for one.
        fc.pre(expected !== failed(undefined));
        expect(byOurs(text, document)).toBe(expected);
      }),
      { numRuns: 100, seed: 20_240_601 },
    );
  });
});
