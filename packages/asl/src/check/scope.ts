import type { Diagnostic } from '../diagnostic.ts';
import type { Json, JsonObject } from '../json.ts';
import type { QueryLanguage } from '../program.ts';
import type { ParsedText } from '../syntax/parse.ts';
import { CODES } from './codes.ts';
import type { CodeName } from './codes.ts';

/** Findings beyond this number are not listed. */
export const DIAGNOSTICS_MAX = 1000;

export type MachineType = 'STANDARD' | 'EXPRESS';

/** Collects what is found in one document. */
export class Report {
  readonly substituted: boolean;
  readonly #parsed: ParsedText;
  readonly #diagnostics: Diagnostic[];

  constructor(parsed: ParsedText, substituted: boolean) {
    this.substituted = substituted;
    this.#parsed = parsed;
    this.#diagnostics = [...parsed.diagnostics];
  }

  get diagnostics(): Diagnostic[] {
    return this.#diagnostics;
  }

  /** `at`: a more exact place than the pointer, for the range only. `detail`: what AWS's text does not say. */
  add(code: CodeName, pointer: string, message: string, at: string = pointer, detail?: string): void {
    this.#push(code, pointer, message, this.#parsed.rangeOf(at), detail);
  }

  /** A finding about a member's name rather than its value. `at`: that member, when the pointer is its holder's. */
  addAtKey(code: CodeName, pointer: string, message: string, at: string = pointer, detail?: string): void {
    this.#push(code, pointer, message, this.#parsed.keyRangeOf(at), detail);
  }

  #push(
    name: CodeName,
    pointer: string,
    message: string,
    range: Diagnostic['range'],
    detail: string | undefined,
  ): void {
    if (this.#diagnostics.length >= DIAGNOSTICS_MAX) return;
    const { code, severity } = CODES[name];
    const diagnostic = { code, severity, message, pointer, range };
    this.#diagnostics.push(detail === undefined ? diagnostic : { ...diagnostic, detail });
  }
}

/** One object of a definition while it is checked. */
export interface Scope {
  readonly report: Report;
  readonly pointer: string;
  readonly language: QueryLanguage;
  readonly holder: JsonObject;
  /** What the holder is, in words: `a Task state`. */
  readonly what: string;
}

/** AWS's text for a value of the wrong type, and what stands there instead. */
export function wrongType(
  { report }: { readonly report: Report },
  pointer: string,
  type: string,
  value: Json | undefined,
): void {
  const detail = `found ${typeName(value)}`;
  report.add('wrongType', pointer, `Expected value of type ${type}`, pointer, detail);
}

/** What a value is, in words. */
export function typeName(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** Length in Unicode characters (code points), as AWS counts names. */
export function characterCount(text: string): number {
  return Array.from(text).length;
}
