import {
  appendPointer,
  getOwn,
  isArray,
  isObject,
  jsonStringSegment,
  parsedAt,
  parseSegments,
  type Json,
  type JsonObject,
  type ParsedText,
  type Segment,
} from '@stepyard/asl';
import type { Machine } from './machines-in.ts';

const TYPES = new Set(['AWS::StepFunctions::StateMachine', 'AWS::Serverless::StateMachine']);

/** Values that CloudFormation knows by itself, as the yard has them. */
const PSEUDO: ReadonlyMap<string, string> = new Map([
  ['AWS::Partition', 'aws'],
  ['AWS::Region', 'us-east-1'],
  ['AWS::AccountId', '000000000000'],
  ['AWS::URLSuffix', 'amazonaws.com'],
]);

/** Whether a document is a CloudFormation template, with state machines or without. */
export function isTemplate(document: Json | undefined): document is JsonObject {
  if (!isObject(document)) return false;
  const resources = getOwn(document, 'Resources');
  return isObject(resources) && Object.values(resources).every(isResource);
}

function isResource(value: Json): boolean {
  return isObject(value) && typeof getOwn(value, 'Type') === 'string';
}

/** The state machines of a CloudFormation template whose definitions are in it. `text`: the template's own text. */
export function templateMachines(text: string, parsed: ParsedText, template: JsonObject): Machine[] {
  const resources = getOwn(template, 'Resources');
  if (!isObject(resources)) return [];
  return Object.entries(resources).flatMap(([id, resource]): Machine[] => {
    if (!isObject(resource)) return [];
    const type = getOwn(resource, 'Type');
    const properties = getOwn(resource, 'Properties');
    if (typeof type !== 'string' || !TYPES.has(type) || !isObject(properties)) return [];
    const pointer = appendPointer(appendPointer('/Resources', id), 'Properties');
    const definition = definitionOf(text, parsed, pointer, properties);
    if (definition === undefined) return [];
    const kind = getOwn(properties, 'StateMachineType') ?? getOwn(properties, 'Type');
    return [{ name: id, parsed: definition, type: kind === 'EXPRESS' ? 'EXPRESS' : 'STANDARD' }];
  });
}

function definitionOf(
  text: string,
  parsed: ParsedText,
  pointer: string,
  properties: JsonObject,
): ParsedText | undefined {
  if (isObject(getOwn(properties, 'Definition'))) return parsedAt(parsed, `${pointer}/Definition`);
  const value = getOwn(properties, 'DefinitionString');
  if (value === undefined) return undefined;
  const given = getOwn(properties, 'DefinitionSubstitutions');
  const builder = new Builder(text, parsed, isObject(given) ? given : {});
  builder.add(`${pointer}/DefinitionString`, value);
  return parseSegments(text, builder.segments);
}

/** Puts a text together that CloudFormation functions join; each piece knows where it stands in the template. */
class Builder {
  readonly segments: Segment[] = [];
  readonly #text: string;
  readonly #parsed: ParsedText;
  readonly #substitutions: JsonObject;
  /** Whether the text so far ends inside a JSON string. */
  #isInString = false;

  constructor(text: string, parsed: ParsedText, substitutions: JsonObject) {
    this.#text = text;
    this.#parsed = parsed;
    this.#substitutions = substitutions;
  }

  add(pointer: string, value: Json): void {
    if (typeof value === 'string') {
      this.#addText(jsonStringSegment(this.#text, this.#parsed.rangeOf(pointer)));
      return;
    }
    const [call, ...more] = isObject(value) ? Object.entries(value) : [];
    if (call === undefined || more.length > 0) {
      this.#addPlaceholder(pointer, 'Value');
      return;
    }
    const [name, argument] = call;
    const at = appendPointer(pointer, name);
    if (name === 'Fn::Join') this.#addJoin(at, argument);
    else if (name === 'Fn::Sub') {
      if (isArray(argument)) this.add(`${at}/0`, argument[0] ?? '');
      else this.add(at, argument);
    } else this.#addPlaceholder(pointer, nameOf(argument));
  }

  #addJoin(pointer: string, argument: Json): void {
    const separator = isArray(argument) ? argument[0] : undefined;
    const parts = isArray(argument) ? argument[1] : undefined;
    if (typeof separator !== 'string' || !isArray(parts)) {
      this.#addPlaceholder(pointer, 'Join');
      return;
    }
    for (const [index, part] of parts.entries()) {
      if (index > 0 && separator !== '') this.#push({ text: separator, offsets: this.#offset(pointer) });
      this.add(`${pointer}/1/${index}`, part);
    }
  }

  /** A text, with the substitutions made whose values are known before the deployment. */
  #addText({ text, offsets }: Segment): void {
    let from = 0;
    for (const match of text.matchAll(/\$\{([^}!]+)\}/gu)) {
      const value = PSEUDO.get(match[1] ?? '') ?? getOwn(this.#substitutions, match[1] ?? '');
      this.#push(piece(text, offsets, from, match.index));
      from = match.index + match[0].length;
      const own = piece(text, offsets, match.index, from);
      const at = typeof own.offsets === 'number' ? own.offsets : (own.offsets[0] ?? 0);
      if (typeof value === 'string') this.#push({ text: this.#escaped(value), offsets: at });
      else if (typeof value === 'number' || typeof value === 'boolean')
        this.#push({ text: String(value), offsets: at });
      else if (this.#isInString) this.#push(own);
      else this.#push({ text: '1', offsets: at });
    }
    this.#push(piece(text, offsets, from, text.length));
  }

  /** What is known only when it is deployed stands as `${Name}`, which the checker lets pass; outside of strings as a number. */
  #addPlaceholder(pointer: string, name: string): void {
    const known = PSEUDO.get(name);
    const text = known ?? (this.#isInString ? `\${${name}}` : '1');
    this.#push({ text, offsets: this.#offset(pointer) });
  }

  #escaped(value: string): string {
    return this.#isInString ? JSON.stringify(value).slice(1, -1) : value;
  }

  #offset(pointer: string): number {
    return this.#parsed.rangeOf(pointer).start.offset;
  }

  #push(segment: Segment): void {
    if (segment.text === '') return;
    for (let at = 0; at < segment.text.length; at += 1) {
      if (segment.text[at] === '\\') at += 1;
      else if (segment.text[at] === '"') this.#isInString = !this.#isInString;
    }
    this.segments.push(segment);
  }
}

function piece(text: string, offsets: Segment['offsets'], from: number, to: number): Segment {
  return {
    text: text.slice(from, to),
    offsets: typeof offsets === 'number' ? offsets : offsets.slice(from, to + 1),
  };
}

/** What `Ref` and `Fn::GetAtt` name: `Topic`, `Function.Arn`. */
function nameOf(argument: Json): string {
  const name = isArray(argument) ? argument.filter((part) => typeof part === 'string').join('.') : argument;
  return typeof name === 'string' && /^[\w.:]+$/u.test(name) ? name : 'Value';
}
