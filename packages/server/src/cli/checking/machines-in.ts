import {
  getOwn,
  isObject,
  jsonStringSegment,
  parse,
  parsedAt,
  parseSegments,
  parseYaml,
  type CheckOptions,
  type Json,
  type ParsedText,
} from '@stepyard/asl';
import { isTemplate, templateMachines } from './template-machines.ts';

/** One state machine in a file. */
export interface Machine {
  /** Its logical id in a template; undefined: the file holds just this one. */
  readonly name: string | undefined;
  readonly parsed: ParsedText;
  readonly type: CheckOptions['type'];
}

/**
 * The state machines of a file: the file itself, JSON that wraps one under `definition` (an object or its text) or `text`, or
 * those of a CloudFormation template. undefined: nothing in it looks like one.
 */
export async function machinesIn(path: string, text: string): Promise<Machine[] | undefined> {
  const isYaml = /\.ya?ml$/iu.test(path);
  const parsed = isYaml ? await parseYaml(text) : parse(text);
  const { definition: document } = parsed;
  if (isObject(document) && !isMachine(document)) {
    if (isTemplate(document)) return isYaml ? undefined : templateMachines(text, parsed, document);
    for (const field of ['definition', 'text']) {
      const inner = getOwn(document, field);
      const type = getOwn(document, 'type') === 'EXPRESS' ? 'EXPRESS' : undefined;
      if (isObject(inner)) return [{ name: undefined, parsed: parsedAt(parsed, `/${field}`), type }];
      if (typeof inner === 'string' && !isYaml) {
        const segment = jsonStringSegment(text, parsed.rangeOf(`/${field}`));
        return [{ name: undefined, parsed: parseSegments(text, [segment]), type }];
      }
    }
  }
  if (!isMachine(document) && !/\.asl\.(?:json|ya?ml)$/iu.test(path)) return undefined;
  return [whole(parsed)];
}

/** The file as a state machine, whatever is in it. */
export function whole(parsed: ParsedText): Machine {
  return { name: undefined, parsed, type: undefined };
}

function isMachine(document: Json | undefined): boolean {
  return isObject(document) && (Object.hasOwn(document, 'States') || Object.hasOwn(document, 'StartAt'));
}
