import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { graphOf, parse, toMermaid, toSvg, type Json } from '@stepyard/asl';
import { systemErrorCode, UserError } from '../user-error.ts';
import type { GraphArguments } from './arguments.ts';
import { machinesIn, whole } from './checking/machines-in.ts';
import type { Output } from './output.ts';
import { readUserFile } from './read-file.ts';

/**
 * Draws the state machine in a file, in any form that `stepyard check` understands. What is wrong with the definition is
 * that command's to say: this one draws what it can. Throws UserError.
 */
export async function graph({ file, format, out }: GraphArguments, output: Output): Promise<number> {
  const drawn = graphOf(await definitionIn(file));
  const title = basename(file).replace(/(?:\.asl)?\.(?:json|ya?ml)$/iu, '');
  const text = format === 'svg' ? toSvg(drawn, { title }) : toMermaid(drawn);
  if (out === undefined) output.out(text);
  else write(out, text);
  return 0;
}

async function definitionIn(file: string): Promise<Json> {
  const text = readUserFile(file).replace(/^\u{feff}/u, '');
  const machines = (await machinesIn(file, text)) ?? [whole(parse(text))];
  const [machine, ...more] = machines;
  if (more.length > 0) {
    const names = machines.map(({ name }) => name ?? '?').join(', ');
    throw new UserError(`${file} holds ${machines.length} state machines (${names}): give a file with one.`);
  }
  const { definition, diagnostics } = (machine ?? whole(parse(text))).parsed;
  const broken = diagnostics.find(({ severity }) => severity === 'error');
  if (definition === undefined || broken !== undefined) {
    const { line, column } = broken?.range.start ?? { line: 1, column: 1 };
    throw new UserError(`${file}:${line}:${column}: ${broken?.message ?? 'there is nothing in it'}.`);
  }
  return definition;
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new UserError(`${path} cannot be written: ${systemErrorCode(error) ?? 'unknown error'}.`);
  }
}
