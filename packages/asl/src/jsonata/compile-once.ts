import { compileJsonata } from './compile-jsonata.ts';
import type { JsonataProgram } from './compile-jsonata.ts';

/** Programs that are kept: enough that a definition is checked and then compiled with one parse of each of its expressions. */
const PROGRAMS_MAX = 128;
/** Longer expressions are not kept. */
const TEXT_LENGTH_MAX = 4000;

const recent = new Map<string, JsonataProgram>();

/** `compileJsonata`, which need not run again for a text that was compiled a moment ago: a program keeps nothing of its own. */
export function compileOnce(text: string): JsonataProgram {
  const known = recent.get(text);
  if (known !== undefined) return known;
  const program = compileJsonata(text);
  if (text.length > TEXT_LENGTH_MAX) return program;
  const [oldest] = recent.size < PROGRAMS_MAX ? [] : recent.keys();
  if (oldest !== undefined) recent.delete(oldest);
  recent.set(text, program);
  return program;
}
