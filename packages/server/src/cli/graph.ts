import { writeFileSync } from 'node:fs';
import { graphOf, toMermaid, toSvg } from '@stepyard/asl';
import { systemErrorCode, UserError } from '../user-error.ts';
import type { GraphArguments } from './arguments.ts';
import { machineIn, machineName } from './checking/one-machine.ts';
import type { Output } from './output.ts';

/**
 * Draws the state machine in a file, in any form that `stepyard check` understands. What is wrong with the definition is
 * that command's to say: this one draws what it can. Throws UserError.
 */
export async function graph({ file, format, out }: GraphArguments, output: Output): Promise<number> {
  const drawn = graphOf((await machineIn(file)).definition);
  const title = machineName(file);
  const text = format === 'svg' ? toSvg(drawn, { title }) : toMermaid(drawn);
  if (out === undefined) output.out(text);
  else write(out, text);
  return 0;
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    const code = systemErrorCode(error);
    const reason = code === 'ENOENT' ? 'there is no such directory' : (code ?? 'unknown error');
    throw new UserError(`${path} cannot be written: ${reason}.`);
  }
}
