import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { graphOf } from './graph.ts';
import { anyDefinition } from './layout/graphs.fixture.ts';
import { toSvg } from './svg.ts';

const one = (name: string, type = 'Pass'): string =>
  toSvg(graphOf({ StartAt: name, States: Object.fromEntries([[name, { Type: type, End: true }]]) }));

test('a state is a box with its name, its type and its pointer', () => {
  const svg = one('Say hello');
  const group = svg.split('\n').find((line) => line.startsWith('<g '));
  expect(group).toMatchInlineSnapshot(
    `"<g class="Pass" data-state="/States/Say hello"><title>Say hello</title><rect class="box" x="16" y="60" width="104" height="42" rx="6"/><text class="name" x="68" y="78">Say hello</text><text class="type" x="68" y="92">Pass</text></g>"`,
  );
  expect(svg).toContain('prefers-color-scheme:dark');
});

test('markup in a name is text', () => {
  const svg = one(`<script>alert("1")</script> & 'x'`);
  expect(svg).not.toContain('<script');
  expect(svg).toContain('<title>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;</title>');
  expect(toSvg(graphOf({}), { title: '</title><script>' })).toContain(
    '<title>&lt;/title&gt;&lt;script&gt;</title>',
  );
  expect(one('A', '"><script>')).not.toContain('<script');
});

test('a long name is shortened, and whole in its title', () => {
  const name = `Check ${'very '.repeat(20)}thoroughly`;
  const svg = one(name);
  expect(svg).toContain(`<title>${name}</title>`);
  expect(svg).toContain('…</text>');
});

test('what XML cannot hold is replaced', () => {
  expect(one('a\u0000b\ud800c\u0007d\uffffe')).toContain('<title>a\ufffdb\ufffdc\ufffdd\ufffde</title>');
});

test('any graph gives well-formed text, without numbers that are none', () => {
  fc.assert(
    fc.property(anyDefinition(8, 2), (definition) => {
      const svg = toSvg(graphOf(definition));
      expect(svg).not.toMatch(/NaN|undefined|Infinity/u);
      const open: string[] = [];
      const rest = svg.replaceAll(
        /<(\/?)([a-z]+)((?:\s[a-zA-Z-]+="[^"<>]*")*)(\/?)>/gu,
        (_all, end, tag: string, _attributes, empty) => {
          if (end === '/' && open.at(-1) === tag) open.pop();
          else if (empty !== '/') open.push(tag);
          return '';
        },
      );
      expect(open).toEqual([]);
      expect(rest).not.toMatch(/[<>]/u);
      // oxlint-disable-next-line no-control-regex -- the very characters that XML forbids
      expect(svg).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/u);
      expect(svg.isWellFormed()).toBe(true);
    }),
    { numRuns: 60 },
  );
});
