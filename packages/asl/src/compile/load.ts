import { checkParsed, hasErrors } from '../check/check.ts';
import type { CheckOptions } from '../check/check.ts';
import { compile } from './compile.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { Json } from '../json.ts';
import type { Program } from '../program.ts';
import { parse } from '../syntax/parse.ts';

/** A definition's text, checked and compiled. */
export interface Loaded {
  /** undefined when there are errors among the diagnostics. */
  readonly program: Program | undefined;
  readonly definition: Json | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads, checks and compiles a definition whose substitutions have been made. Never throws for anything the text says. */
export function load(text: string, options: CheckOptions = {}): Loaded {
  const parsed = parse(text);
  const { definition } = parsed;
  const diagnostics = checkParsed(parsed, { substituted: true, ...options });
  if (definition === undefined || hasErrors(diagnostics))
    return { program: undefined, definition, diagnostics };
  return { program: compile(definition), definition, diagnostics };
}
