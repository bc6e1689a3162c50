import { graphOf, parse, toMermaid } from '@stepyard/asl';
import { UserError } from '../user-error.ts';
import type { Output } from './output.ts';
import { readUserFile } from './read-file.ts';

/** Prints a definition as a Mermaid flowchart. What is wrong with the definition is `stepyard check`'s to say. Throws UserError. */
export function graph(file: string, output: Output): number {
  const { definition, diagnostics } = parse(readUserFile(file));
  const broken = diagnostics.find((diagnostic) => diagnostic.severity === 'error');
  if (definition === undefined || broken !== undefined) {
    const { line, column } = broken?.range.start ?? { line: 1, column: 1 };
    throw new UserError(`${file}:${line}:${column}: ${broken?.message ?? 'there is nothing in it'}.`);
  }
  output.out(toMermaid(graphOf(definition)));
  return 0;
}
