import { expect, test } from 'vitest';
import { isTyping, matchKeys } from './keys.ts';

test('a shortcut is the keys pressed last', () => {
  expect(matchKeys('?', ['?'])).toBe(true);
  expect(matchKeys('g m', ['g', 'm'])).toBe(true);
  expect(matchKeys('m', ['g', 'm'])).toBe(true);
  expect(matchKeys('g m', ['m'])).toBe(false);
  expect(matchKeys('g m', ['m', 'g'])).toBe(false);
});

test('keys mean themselves where text is typed', () => {
  expect(isTyping([{ tagName: 'SPAN' }, { tagName: 'TEXTAREA' }])).toBe(true);
  expect(isTyping([{ tagName: 'DIV', isContentEditable: true }])).toBe(true);
  expect(isTyping([{ tagName: 'BUTTON' }, { tagName: 'DIV', role: 'dialog' }])).toBe(true);
  expect(isTyping([{ tagName: 'BUTTON' }, {}])).toBe(false);
});
