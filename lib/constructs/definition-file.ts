import { existsSync, readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import type { Diagnostic, Json } from '@stepyard/asl';
import { check, parse } from '@stepyard/asl';
import { repositoryPath } from '../paths.ts';
import type { Bindings } from './bindings.ts';

/** A definition that passed every check that can be made before deployment. */
export interface DefinitionFile {
  /** From the repository's root, for messages. */
  readonly path: string;
  /** As in the file: substitutions still stand in it. */
  readonly text: string;
  /** The same as JSON. */
  readonly written: Json;
  /** With an example in the place of each substitution, so that ARNs can be read as such. */
  readonly example: Json;
  /** What is legal but will hurt, one line each. */
  readonly warnings: readonly string[];
}

/** A definition that must not be deployed. One line for each mistake: `file:line:column code message`. */
export class DefinitionError extends Error {
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'DefinitionError';
  }
}

/** CloudFormation takes letters and digits only; anything else in `${}` would be deployed as it stands. */
const SUBSTITUTION = /\$\{([^}]*)\}/gu;
const SUBSTITUTION_NAME = /^[A-Za-z0-9]+$/u;

/** Reads and checks an ASL file against the type of machine and the substitutions. Throws {@link DefinitionError}. */
export function readDefinition(
  file: string,
  type: 'STANDARD' | 'EXPRESS',
  bindings: Bindings,
): DefinitionFile {
  const path = relative(repositoryPath(), file).replaceAll(sep, '/');
  if (!existsSync(file)) throw new DefinitionError([`${path}: no such file`]);
  return checkDefinition(path, readFileSync(file, 'utf8'), type, bindings);
}

/** As {@link readDefinition}, for a text. */
export function checkDefinition(
  path: string,
  text: string,
  type: 'STANDARD' | 'EXPRESS',
  bindings: Bindings,
): DefinitionFile {
  refuse(path, parse(text).diagnostics);
  const mistakes = substitutionMistakes(path, text, bindings);
  if (mistakes.length > 0) throw new DefinitionError(mistakes);
  const substituted = withExamples(text, bindings);
  const findings = check(substituted, { type });
  refuse(path, findings);
  const written = parse(text).definition;
  const example = parse(substituted).definition;
  if (written === undefined || example === undefined) {
    throw new DefinitionError([`${path}: the file is empty`]);
  }
  return { path, text, written, example, warnings: findings.map((finding) => describe(path, finding)) };
}

function refuse(path: string, diagnostics: readonly Diagnostic[]): void {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return;
  throw new DefinitionError(errors.map((error) => describe(path, error)));
}

function describe(path: string, { code, message, pointer, range: { start } }: Diagnostic): string {
  const where = pointer === '' ? '' : ` (${pointer})`;
  return `${path}:${start.line}:${start.column} ${code} ${message}${where}`;
}

function substitutionMistakes(path: string, text: string, bindings: Bindings): string[] {
  const mistakes: string[] = [];
  const used = new Set<string>();
  for (const match of text.matchAll(SUBSTITUTION)) {
    const [whole, name = ''] = match;
    if (used.has(name)) continue;
    used.add(name);
    if (Object.hasOwn(bindings, name)) continue;
    const before = text.slice(0, match.index);
    const line = before.split('\n').length;
    const column = match.index - before.lastIndexOf('\n');
    const reason = SUBSTITUTION_NAME.test(name)
      ? 'the stack gives no value for it'
      : 'CloudFormation substitutes names of letters and digits only';
    mistakes.push(`${path}:${line}:${column} ${whole}: ${reason}`);
  }
  for (const name of Object.keys(bindings)) {
    if (!used.has(name)) mistakes.push(`${path}: the stack gives a value for \${${name}}, which is not used`);
  }
  return mistakes;
}

function withExamples(text: string, bindings: Bindings): string {
  return text.replaceAll(SUBSTITUTION, (_whole, name: string) =>
    JSON.stringify(bindings[name]?.example ?? '').slice(1, -1),
  );
}
