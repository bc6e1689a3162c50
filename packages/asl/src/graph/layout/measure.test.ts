import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { textWidth, wrapText } from './measure.ts';

test('wide characters are wider than narrow ones, and full-width ones widest', () => {
  expect(textWidth('iiii', 10)).toBeLessThan(textWidth('nnnn', 10));
  expect(textWidth('nnnn', 10)).toBeLessThan(textWidth('MMMM', 10));
  expect(textWidth('MMMM', 10)).toBeLessThan(textWidth('状態機械', 10));
  expect(textWidth('', 10)).toBe(0);
});

test.each([
  ['Short', ['Short']],
  ['Remove the quarantined record', ['Remove the', 'quarantined', 'record']],
  ['check-the_order.state', ['check-the_order.', 'state']],
  ['InvokeTheLambdaFunction', ['InvokeTheLambda', 'Function']],
  ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', ['aaaaaaaaaaaaaaa', 'aaaaaaaaaaaaaaa', 'aa']],
  [
    'one two three four five six seven eight nine ten',
    ['one two three', 'four five six', 'seven eight nine…'],
  ],
  ['  \n ', ['']],
])('%j is broken into %j', (name, lines) => {
  expect(wrapText(name, 13, 125, 3)).toEqual(lines);
});

test('every line fits, nothing but the end is lost, and any text has at least one line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      const lines = wrapText(text, 13, 120, 3);
      expect(lines.length).toBeGreaterThan(0);
      expect(lines.length).toBeLessThanOrEqual(3);
      for (const line of lines) expect(textWidth(line, 13)).toBeLessThanOrEqual(120);
      const squeeze = (one: string): string => one.replaceAll(/\s/gu, '');
      const shown = squeeze(lines.join(''));
      expect(squeeze(text).startsWith(shown.replace(/…$/u, ''))).toBe(true);
      expect(shown.endsWith('…') || shown === squeeze(text)).toBe(true);
    }),
  );
});
