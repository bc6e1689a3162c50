import { parse, type CheckOptions, type Json } from '@stepyard/asl';
import { UserError } from '../../user-error.ts';
import { readUserFile } from '../read-file.ts';
import { machinesIn, whole } from './machines-in.ts';

export interface OneMachine {
  readonly definition: Json;
  /** Where the file says it. */
  readonly type: CheckOptions['type'];
}

/** The only state machine of a file, in any form that `stepyard check` understands. Throws {@link UserError}. */
export async function machineIn(file: string): Promise<OneMachine> {
  const text = readUserFile(file).replace(/^\u{feff}/u, '');
  const machines = (await machinesIn(file, text)) ?? [whole(parse(text))];
  const [machine, ...more] = machines;
  if (more.length > 0) {
    const names = machines.map(({ name }) => name ?? '?').join(', ');
    throw new UserError(`${file} holds ${machines.length} state machines (${names}): give a file with one.`);
  }
  const { parsed, type } = machine ?? whole(parse(text));
  const broken = parsed.diagnostics.find(({ severity }) => severity === 'error');
  if (parsed.definition === undefined || broken !== undefined) {
    const { line, column } = broken?.range.start ?? { line: 1, column: 1 };
    throw new UserError(`${file}:${line}:${column}: ${broken?.message ?? 'there is nothing in it'}.`);
  }
  return { definition: parsed.definition, type };
}

/** What a file's machine is called: its name without what says its kind. */
export function machineName(file: string): string {
  const name = file.split(/[\\/]/u).at(-1) ?? file;
  return name.replace(/(?:\.asl)?\.(?:json|ya?ml)$/iu, '');
}
