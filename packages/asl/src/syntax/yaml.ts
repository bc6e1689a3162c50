import type { Document, Node as YamlNode, ParsedNode } from 'yaml';
import type * as YamlModule from 'yaml';
import { CODES } from '../check/codes.ts';
import type { Code } from '../check/codes.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { Json } from '../json.ts';
import { isArray, isObject, setOwn } from '../json.ts';
import { DEPTH_MAX, SYNTAX_DIAGNOSTICS_MAX, TEXT_LENGTH_MAX } from './json-reader.ts';
import type { Node } from './json-reader.ts';
import { parsedText } from './parse.ts';
import type { ParsedText } from './parse.ts';
import { appendPointer } from './pointer.ts';
import { Lines } from './positions.ts';

type Yaml = typeof YamlModule;

/** Nodes that a text may unfold to: aliases repeat what they name, and nested ones multiply. */
export const YAML_NODES_MAX = 200_000;

/** Tags of the values that JSON has, and no others. */
const JSON_TAGS = /^tag:yaml\.org,2002:(?:map|seq|str|int|float|bool|null)$/u;

/**
 * Reads YAML (1.2) with positions. Never throws, whatever the text. The reader is loaded when it is first needed: whoever
 * checks JSON only does without it.
 */
export async function parseYaml(text: string): Promise<ParsedText> {
  const lines = new Lines(text);
  if (text.length > TEXT_LENGTH_MAX) {
    const range = lines.range(0, 0);
    const message = `The text has ${text.length} characters; at most ${TEXT_LENGTH_MAX} are read`;
    return parsedText(text, lines, undefined, undefined, [diagnostic(CODES.tooLong, message, '', range)]);
  }
  const depth = deepest(text);
  if (depth > DEPTH_MAX) {
    const message = `Values are nested more than ${DEPTH_MAX} deep`;
    const found = diagnostic(CODES.tooDeep, message, '', lines.range(0, 0));
    return parsedText(text, lines, undefined, undefined, [found]);
  }
  return new Reader(await import('yaml'), text, lines).read();
}

function diagnostic(
  { code, severity }: Code,
  message: string,
  pointer: string,
  range: Diagnostic['range'],
): Diagnostic {
  return { code, severity, message, pointer, range };
}

/**
 * An upper bound of how deep a text can nest, without reading it: the reader is recursive, and a text of brackets or dashes
 * only would exhaust the stack.
 */
function deepest(text: string): number {
  let open = 0;
  let most = 0;
  let dashes = 0;
  let indent = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === 0x0a) {
      dashes = 0;
      indent = 0;
    } else if (unit === 0x20 && indent >= 0) indent += 1;
    else if (unit === 0x7b || unit === 0x5b) open += 1;
    else if (unit === 0x7d || unit === 0x5d) open = Math.max(0, open - 1);
    else if ((unit === 0x2d || unit === 0x3f || unit === 0x3a) && /[\s]/u.test(text[at + 1] ?? ' '))
      dashes += 1;
    if (unit !== 0x20 && unit !== 0x0a && indent > 0) {
      most = Math.max(most, open + dashes + indent);
      indent = 0;
    }
    most = Math.max(most, open + dashes);
  }
  return most;
}

class Reader {
  readonly #yaml: Yaml;
  readonly #text: string;
  readonly #lines: Lines;
  readonly #found: Diagnostic[] = [];
  #document: Document.Parsed | undefined;
  #nodes = 0;

  constructor(yaml: Yaml, text: string, lines: Lines) {
    this.#yaml = yaml;
    this.#text = text;
    this.#lines = lines;
  }

  read(): ParsedText {
    // Version 1.2: `yes` and `on` are texts.
    const document = this.#yaml.parseDocument(this.#text, {
      keepSourceTokens: false,
      logLevel: 'silent',
      prettyErrors: false,
      uniqueKeys: false,
    });
    this.#document = document;
    for (const { message, pos } of document.errors) this.#add(CODES.syntax, message, '', pos[0], pos[1]);
    const contents: ParsedNode | null = document.contents;
    if (contents === null || (this.#yaml.isScalar(contents) && contents.value === null)) {
      this.#add(CODES.notAnObject, 'Definition must be a valid JSON object', '', 0, this.#text.length);
      return parsedText(this.#text, this.#lines, undefined, undefined, this.#found);
    }
    const root = this.#node(contents);
    const value = this.#value(contents, root, '', 0);
    return parsedText(this.#text, this.#lines, value, root, this.#found);
  }

  #add(code: Code, message: string, pointer: string, start: number, end: number): void {
    if (this.#found.length >= SYNTAX_DIAGNOSTICS_MAX) return;
    this.#found.push(diagnostic(code, message, pointer, this.#lines.range(start, Math.max(start, end))));
  }

  #node(node: YamlNode): Node {
    const [start, end] = node.range ?? [0, 0];
    return { start, end, keyStart: -1, keyEnd: -1, members: undefined, elements: undefined };
  }

  #value(written: YamlNode, place: Node, pointer: string, depth: number): Json {
    this.#nodes += 1;
    if (this.#nodes > YAML_NODES_MAX || depth > DEPTH_MAX) {
      const what = depth > DEPTH_MAX ? `nested more than ${DEPTH_MAX} deep` : `more than ${YAML_NODES_MAX}`;
      if (this.#nodes <= YAML_NODES_MAX + 1) {
        this.#add(CODES.tooDeep, `Values are ${what}`, pointer, place.start, place.end);
      }
      return null;
    }
    const { isAlias, isMap, isSeq, isScalar } = this.#yaml;
    const document = this.#document;
    const node = isAlias(written) && document !== undefined ? written.resolve(document) : written;
    if (node === undefined) {
      this.#add(CODES.syntax, 'The alias names no anchor', pointer, place.start, place.end);
      return null;
    }
    if (node.tag !== undefined && !JSON_TAGS.test(node.tag)) {
      this.#add(
        CODES.yamlFeature,
        `The tag ${node.tag} means nothing in JSON`,
        pointer,
        place.start,
        place.end,
      );
    }
    if (isMap(node)) return this.#map(node.items, place, pointer, depth);
    if (isSeq(node)) return this.#sequence(node.items, place, pointer, depth);
    return isScalar(node) ? this.#scalar(node.value, place, pointer) : null;
  }

  #map(
    items: readonly { readonly key: unknown; readonly value: unknown }[],
    place: Node,
    pointer: string,
    depth: number,
  ): Json {
    const target: Record<string, Json> = {};
    const members = (place.members = new Map<string, Node>());
    const merged: YamlNode[] = [];
    for (const { key, value } of items) {
      const name = this.#name(key, place, pointer);
      if (name === undefined) continue;
      if (name === '<<' && this.#yaml.isNode(value)) {
        merged.push(value);
        continue;
      }
      const member = this.#yaml.isNode(value) ? this.#node(value) : { ...place };
      const [keyStart = place.start, keyEnd = place.end] =
        (this.#yaml.isNode(key) ? key.range : undefined) ?? [];
      member.keyStart = keyStart;
      member.keyEnd = keyEnd;
      const memberPointer = appendPointer(pointer, name);
      if (members.has(name)) {
        const message = `The name ${JSON.stringify(name)} appears twice in this object`;
        this.#add(CODES.duplicateKey, message, memberPointer, keyStart, keyEnd);
      }
      setOwn(
        target,
        name,
        this.#yaml.isNode(value) ? this.#value(value, member, memberPointer, depth + 1) : null,
      );
      members.set(name, member);
    }
    for (const value of merged) this.#merge(value, place, target, pointer, depth);
    return target;
  }

  /** `<<: *defaults`: members of another map, or of several, that this one does not have itself. */
  #merge(value: YamlNode, place: Node, target: Record<string, Json>, pointer: string, depth: number): void {
    const from = this.#node(value);
    const read = this.#value(value, from, pointer, depth + 1);
    const sources = isArray(read)
      ? read.map((source, index) => ({ source, node: from.elements?.[index] }))
      : [{ source: read, node: from }];
    for (const { source, node } of sources) {
      if (!isObject(source)) {
        this.#add(CODES.yamlFeature, 'Only a map can be merged', pointer, from.start, from.end);
        continue;
      }
      for (const [name, member] of Object.entries(source)) {
        if (Object.hasOwn(target, name)) continue;
        setOwn(target, name, member);
        place.members?.set(name, node?.members?.get(name) ?? from);
      }
    }
  }

  #name(key: unknown, place: Node, pointer: string): string | undefined {
    const value = this.#yaml.isScalar(key) ? key.value : key;
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') {
      const source = this.#yaml.isScalar(key) ? key.source : undefined;
      return source ?? String(value);
    }
    this.#add(CODES.yamlFeature, 'A name must be a string', pointer, place.start, place.end);
    return undefined;
  }

  #sequence(items: readonly unknown[], place: Node, pointer: string, depth: number): Json {
    const elements: Node[] = (place.elements = []);
    return items.map((item, index) => {
      if (!this.#yaml.isNode(item)) {
        elements.push({ ...place });
        return null;
      }
      const element = this.#node(item);
      elements.push(element);
      return this.#value(item, element, appendPointer(pointer, index), depth + 1);
    });
  }

  #scalar(value: unknown, place: Node, pointer: string): Json {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    if (typeof value === 'number') {
      this.#add(CODES.numberRange, 'The number is too large', pointer, place.start, place.end);
    } else this.#add(CODES.yamlFeature, 'JSON has no such value', pointer, place.start, place.end);
    return null;
  }
}
