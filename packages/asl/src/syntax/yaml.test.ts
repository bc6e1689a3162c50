import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkParsed } from '../check/check.ts';
import { isObject } from '../json.ts';
import { YAML_NODES_MAX, parseYaml } from './yaml.ts';

test('places are those of the YAML', async () => {
  const parsed = await parseYaml('StartAt: A\nStates:\n  A:\n    Type: Pass\n    Next: Gone\n');
  const found = checkParsed(parsed).find(({ code }) => code === 'ASL301');
  expect(found).toMatchObject({
    pointer: '/States/A/Next',
    range: { start: { line: 5, column: 11 }, end: { line: 5, column: 15 } },
  });
  expect(parsed.keyRangeOf('/States/A/Next').start).toMatchObject({ line: 5, column: 5 });
});

test('scalars are those of YAML 1.2', async () => {
  const { definition } = await parseYaml('a: yes\nb: 012\nc: 1.5\nd: ~\ne: true\n1: x\n');
  expect(definition).toEqual({ 1: 'x', a: 'yes', b: 12, c: 1.5, d: null, e: true });
});

test('anchors, aliases and merge keys', async () => {
  const { definition, diagnostics } = await parseYaml(
    'base: &base {Retry: 1, Type: Task}\na:\n  <<: *base\n  Type: Pass\nb: *base\n',
  );
  expect(diagnostics).toEqual([]);
  expect(definition).toMatchObject({ a: { Type: 'Pass', Retry: 1 }, b: { Type: 'Task', Retry: 1 } });
});

test.each([
  ['a: !Sub x', 'ASL107', '/a'],
  ['a: !!binary eA==', 'ASL107', '/a'],
  ['? [a]\n: 1', 'ASL107', ''],
  ['a: 1\na: 2', 'ASL104', '/a'],
  ['a: .inf', 'ASL105', '/a'],
  ['a: [', 'ASL101', ''],
  ['*x', 'ASL101', ''],
  ['', 'ASL106', ''],
  ['# nothing', 'ASL106', ''],
])('%j is found', async (text, code, pointer) => {
  expect((await parseYaml(text)).diagnostics).toContainEqual(expect.objectContaining({ code, pointer }));
});

test('__proto__ is a name like any other', async () => {
  const { definition } = await parseYaml('__proto__: {polluted: true}');
  if (!isObject(definition)) throw new Error('no object');
  expect(Object.hasOwn(definition, '__proto__')).toBe(true);
  expect(Object.getPrototypeOf(definition)).toBe(Object.prototype);
});

test('deep and multiplying texts end', async () => {
  const laughs = ['a: &a [1,1,1,1,1,1,1,1,1,1]'];
  for (let level = 1; level < 8; level += 1) {
    const before = String.fromCharCode(96 + level);
    const name = String.fromCharCode(97 + level);
    laughs.push(`${name}: &${name} [${Array(10).fill(`*${before}`).join(',')}]`);
  }
  expect(YAML_NODES_MAX).toBeLessThan(10 ** 7);
  const texts = ['['.repeat(100_000), '- '.repeat(100_000), 'a: &a [*a]', laughs.join('\n')];
  for (const text of texts) {
    expect((await parseYaml(text)).diagnostics).toMatchObject([{ code: 'ASL102' }]);
  }
});

test('any text is read without a throw', async () => {
  const piece = fc.constantFrom(
    'a',
    ':',
    ' ',
    '\n',
    '-',
    '  ',
    '[',
    ']',
    '{',
    '}',
    '&x',
    '*x',
    '"',
    '|',
    '?',
    '<<',
    '!',
    '#',
    ',',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
  );
  await fc.assert(
    fc.asyncProperty(text, async (value) => {
      const parsed = await parseYaml(value);
      expect(Array.isArray(checkParsed(parsed))).toBe(true);
    }),
    { numRuns: 500 },
  );
});
