import { expect, test } from 'vitest';
import { checkParsed } from '../check/check.ts';
import { jsonStringSegment, parsedAt, parseSegments } from './embedded.ts';
import { parse } from './parse.ts';

const machine = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Gone"}}}';

test('a definition that is a value of a file', () => {
  const file = `{\n  "definition": ${machine}\n}`;
  const found = checkParsed(parsedAt(parse(file), '/definition')).find(({ code }) => code === 'ASL301');
  expect(found?.pointer).toBe('/States/A/Next');
  const { start, end } = found?.range ?? {};
  expect(start?.line).toBe(2);
  expect(file.slice(start?.offset, end?.offset)).toBe('"Gone"');
});

test('a definition in strings of a file, escapes and all', () => {
  const file = JSON.stringify({ parts: [machine.slice(0, 40), machine.slice(40, 45), machine.slice(45)] });
  const parsed = parse(file);
  const segments = [0, 1, 2].map((index) => jsonStringSegment(file, parsed.rangeOf(`/parts/${index}`)));
  expect(segments.map(({ text }) => text).join('')).toBe(machine);
  const found = checkParsed(parseSegments(file, segments)).find(({ code }) => code === 'ASL301');
  expect(file.slice(found?.range.start.offset, found?.range.end.offset)).toBe(String.raw`\"Gone\"`);
});

test('what comes from nowhere has the place that it is given', () => {
  const parsed = parseSegments('xyz', [{ text: '[1', offsets: 2 }]);
  expect(parsed.diagnostics[0]?.range.start.offset).toBe(2);
});
