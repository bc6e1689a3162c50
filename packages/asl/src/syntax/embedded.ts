import type { Position, Range } from '../diagnostic.ts';
import { getOwn, isArray, isObject } from '../json.ts';
import { parse } from './parse.ts';
import type { ParsedText } from './parse.ts';
import { pointerTokens } from './pointer.ts';
import { Lines } from './positions.ts';

/** A piece of a definition's text that stands somewhere else: in a string of a JSON file, say. */
export interface Segment {
  readonly text: string;
  /** Where in the file each UTF-16 unit of `text` begins; one number for all: they have no place of their own. */
  readonly offsets: readonly number[] | number;
}

/** The definition that is the value at a pointer of a file; ranges stay those of the file. */
export function parsedAt(parsed: ParsedText, pointer: string): ParsedText {
  let definition = parsed.definition;
  for (const token of pointerTokens(pointer)) {
    if (isArray(definition)) definition = definition[Number(token)];
    else definition = isObject(definition) ? getOwn(definition, token) : undefined;
  }
  const { start, end } = parsed.rangeOf(pointer);
  return {
    length: end.offset - start.offset,
    definition,
    diagnostics: parsed.diagnostics,
    rangeOf: (inner) => parsed.rangeOf(pointer + inner),
    keyRangeOf: (inner) => parsed.keyRangeOf(pointer + inner),
  };
}

/** A definition that is put together from pieces of a file; ranges are those of the file. */
export function parseSegments(file: string, segments: readonly Segment[]): ParsedText {
  const text = segments.map((segment) => segment.text).join('');
  const lines = new Lines(file);
  const parsed = parse(text);
  const place = (position: Position): Position => lines.position(offsetIn(segments, position.offset));
  const translate = ({ start, end }: Range): Range => ({ start: place(start), end: place(end) });
  return {
    length: parsed.length,
    definition: parsed.definition,
    diagnostics: parsed.diagnostics.map((found) => ({ ...found, range: translate(found.range) })),
    rangeOf: (pointer) => translate(parsed.rangeOf(pointer)),
    keyRangeOf: (pointer) => translate(parsed.keyRangeOf(pointer)),
  };
}

function offsetIn(segments: readonly Segment[], offset: number): number {
  let rest = offset;
  let last = 0;
  for (const { text, offsets } of segments) {
    if (typeof offsets === 'number') last = offsets;
    else last = offsets[Math.min(rest, offsets.length - 1)] ?? last;
    if (rest < text.length) return last;
    rest -= text.length;
  }
  return last;
}

/** The content of a JSON string that stands in a file, quotes included, at `start` to `end`. */
export function jsonStringSegment(file: string, { start, end }: Range): Segment {
  let text = '';
  const offsets: number[] = [];
  for (let at = start.offset + 1; at < end.offset - 1;) {
    const length = file[at] === '\\' ? (file[at + 1] === 'u' ? 6 : 2) : 1;
    const raw = file.slice(at, at + length);
    offsets.push(at);
    text += length === 1 ? raw : unescape(raw);
    at += length;
  }
  offsets.push(end.offset - 1);
  return { text, offsets };
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function unescape(raw: string): string {
  const letter = raw.charAt(1);
  if (letter === 'u') return String.fromCharCode(Number.parseInt(raw.slice(2), 16) || 0);
  return Object.hasOwn(ESCAPES, letter) ? (ESCAPES[letter] ?? '') : letter;
}
