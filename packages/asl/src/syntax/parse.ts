import type { Diagnostic, Range } from '../diagnostic.ts';
import type { Json } from '../json.ts';
import { JsonReader, newNode } from './json-reader.ts';
import type { Node } from './json-reader.ts';
import { pointerTokens } from './pointer.ts';
import { Lines } from './positions.ts';

/** A definition's text, read. */
export interface ParsedText {
  /** Length of the text in UTF-16 units. */
  readonly length: number;
  /** What could be read, mended where the text is broken; undefined when there is nothing at all. Plain JSON. */
  readonly definition: Json | undefined;
  /** Findings about the text itself, in order; at most {@link SYNTAX_DIAGNOSTICS_MAX}. */
  readonly diagnostics: readonly Diagnostic[];
  /** Where the value at a JSON pointer stands; for a pointer to nothing, its nearest ancestor. */
  rangeOf(pointer: string): Range;
  /** Where the member's name stands, for a finding about the name; the value's range for array elements and the root. */
  keyRangeOf(pointer: string): Range;
}

/**
 * Reads JSON with positions. Never throws, whatever the text; goes on after an error with what it can make out.
 * Nesting is bounded by {@link DEPTH_MAX}, length by {@link TEXT_LENGTH_MAX}.
 */
export function parse(text: string): ParsedText {
  const lines = new Lines(text);
  const { value, root, findings } = new JsonReader(text).read();
  const diagnostics = findings.map(({ code, message, start, end, pointer }): Diagnostic => {
    return { code: code.code, severity: code.severity, message, pointer, range: lines.range(start, end) };
  });
  return parsedText(text, lines, value, root, diagnostics);
}

/** What a reader of a format has found, as the checker wants it. */
export function parsedText(
  { length }: string,
  lines: Lines,
  definition: Json | undefined,
  root: Node = newNode(0),
  diagnostics: readonly Diagnostic[] = [],
): ParsedText {
  return {
    length,
    definition,
    diagnostics,
    rangeOf(pointer) {
      const node = find(root, pointer);
      return lines.range(node.start, node.end);
    },
    keyRangeOf(pointer) {
      const node = find(root, pointer);
      return node.keyStart < 0 ? lines.range(node.start, node.end) : lines.range(node.keyStart, node.keyEnd);
    },
  };
}

function find(root: Node, pointer: string): Node {
  let node = root;
  for (const token of pointerTokens(pointer)) {
    const child =
      node.members?.get(token) ?? (/^\d+$/u.test(token) ? node.elements?.[Number(token)] : undefined);
    if (child === undefined) return node;
    node = child;
  }
  return node;
}
