import fc from 'fast-check';
import jsonata from 'jsonata';
import { expect, test } from 'vitest';
import { deepFreeze, environment } from '../environment.fixture.ts';
import type { Json } from '../json.ts';
import { compileJsonata } from './compile-jsonata.ts';
import { JsonataError } from './jsonata-error.ts';

/** Programs made by a grammar, against the package. `FUZZ_RUNS=100000` looks longer, `FUZZ_SEED` elsewhere. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 2000);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_240_601);

const leaf = fc.oneof(
  fc.constantFrom<Json>(null, true, false, 0, 1, 2, -1, 1.5, '', 'x', 'y'),
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

const name = fc.constantFrom('a', 'b', 'c', 'd');
const literal = fc.constantFrom(
  '0',
  '1',
  '2',
  '-1',
  '1.5',
  '"x"',
  '"y"',
  '""',
  'true',
  'false',
  'null',
  '[]',
  '{}',
);
const operator = fc.constantFrom(
  '=',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  '+',
  '-',
  '*',
  '&',
  'and',
  'or',
  'in',
  '??',
  '?:',
);
const unaryCall = fc.constantFrom(
  'sum',
  'count',
  'max',
  'min',
  'average',
  'exists',
  'not',
  'boolean',
  'string',
  'type',
  'keys',
  'merge',
  'spread',
  'distinct',
  'reverse',
  'sort',
  'join',
  'length',
  'uppercase',
  'abs',
  'floor',
);
const higherOrder = fc.constantFrom('map', 'filter', 'single', 'each', 'sift');

/** Texts of expressions; every part is in parentheses where its neighbours could take hold of it. */
const { expression } = fc.letrec<{ expression: string; path: string }>((tie) => {
  const part = tie('expression').map((text) => `(${text})`);
  const step = fc.oneof(
    name,
    tie('path').map((path) => `${path}[0]`),
    fc.tuple(name, tie('expression')).map(([field, test_]) => `${field}[${test_}]`),
    fc.tuple(name, operator, literal).map(([field, op, value]) => `a[${field} ${op} ${value}]`),
    tie('expression').map((inner) => `(${inner})`),
    fc.tuple(name, name).map(([key, value]) => `{"${key}": ${value}}`),
    fc.constantFrom('*', '$', '[a, b]', 'a[]', 'b[-1]'),
  );
  return {
    path: fc.tuple(name, fc.array(step, { maxLength: 2 })).map(([first, rest]) => [first, ...rest].join('.')),
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      literal,
      name,
      tie('path'),
      fc.tuple(tie('path'), name).map(([path, key]) => `${path}^(${key})`),
      fc.tuple(tie('path'), name).map(([path, key]) => `${path}{$string(${key}): ${key}}`),
      fc.tuple(part, operator, part).map(([left, op, right]) => `${left} ${op} ${right}`),
      fc.tuple(part, part, part).map(([test_, yes, no]) => `${test_} ? ${yes} : ${no}`),
      fc.tuple(unaryCall, tie('expression')).map(([call, argument]) => `$${call}(${argument})`),
      fc.tuple(part, unaryCall).map(([value, call]) => `${value} ~> $${call}`),
      fc
        .tuple(higherOrder, tie('path'), tie('expression'))
        .map(([call, items, body]) => `$${call}(${items}, function($v, $i) { [$v, $i, ${body}] })`),
      fc
        .tuple(higherOrder, tie('path'), name)
        .map(([call, items, key]) => `$${call}(${items}, function($v) { $v.${key} })`),
      fc
        .tuple(tie('path'), operator)
        .map(([items, op]) => `$reduce(${items}, function($x, $y) { $x ${op} $y })`),
      fc.array(tie('expression'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
      fc.tuple(tie('expression'), tie('expression')).map(([x, y]) => `{"a": ${x}, "b": ${y}}`),
      fc.tuple(tie('expression'), tie('expression')).map(([x, body]) => `($x := ${x}; [$x, ${body}, $x.a])`),
      fc
        .tuple(tie('path'), operator, literal, name)
        .map(([path, op, value, key]) => `$sum(${path}[${key} ${op} ${value}].b)`),
    ),
  };
});

const failed = (code: unknown): string => `failed ${String(code)}`;
/** The package has written to its input, after which its result says nothing. */
const CHANGED = 'changed its input';
const withoutCode = (outcome: string): string => (outcome.startsWith('failed') ? 'failed' : outcome);
const shown = (value: unknown): string => JSON.stringify(value) ?? 'undefined';

async function byPackage(text: string, document: Json): Promise<string> {
  // Not structuredClone, which keeps parts that are shared: the package writes to what it is given.
  const copy: Json = JSON.parse(JSON.stringify(document));
  const result = await evaluated(text, copy);
  return shown(copy) === shown(document) ? result : CHANGED;
}

async function evaluated(text: string, document: Json): Promise<string> {
  try {
    return shown(await jsonata(text).evaluate(document));
  } catch (error) {
    return failed(error !== null && typeof error === 'object' && 'code' in error ? error.code : undefined);
  }
}

function byOurs(text: string, document: Json): string {
  try {
    return shown(compileJsonata(text).evaluateOn(deepFreeze(document), new Map(), environment({})));
  } catch (error) {
    return failed(error instanceof JsonataError ? error.code : error);
  }
}

test('programs give what the jsonata package gives, on data that is frozen', async () => {
  await fc.assert(
    fc.asyncProperty(expression, json, async (text, document) => {
      const expected = await byPackage(text, document);
      // Without a code the package itself crashed.
      fc.pre(expected !== failed(undefined) && expected !== CHANGED);
      // The package evaluates the parts of an array at once: which of two errors comes first is chance.
      const ours = byOurs(text, document);
      expect(withoutCode(ours)).toBe(withoutCode(expected));
    }),
    { numRuns: RUNS, seed: SEED },
  );
}, 600_000);
