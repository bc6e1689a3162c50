import type { Native, Quick } from '../fn.ts';
import { NativeFn } from '../fn.ts';
import { compileSignature } from '../signature.ts';

/** A family of functions, by name without the `$`. */
export type Functions = Readonly<Record<string, NativeFn>>;

/** A function of the language: how many arguments higher-order functions give it, its signature, what it does. */
export function define(arity: number, signature: string, run: Native, quick?: Quick): NativeFn {
  return new NativeFn(arity, run, compileSignature(signature), quick);
}
