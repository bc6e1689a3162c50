import type { Environment, Evaluate } from '../environment.ts';
import { AslFailure } from '../environment.ts';
import { ExpressionSyntaxError } from '../expression-syntax-error.ts';
import type { Json } from '../json.ts';
import { compilePath } from '../jsonpath/compile-path.ts';
import { ARRAY_FUNCTIONS } from './arrays.ts';
import type { IntrinsicFunction } from './function.ts';
import { NUMBER_FUNCTIONS } from './numbers.ts';
import type { Argument, Call } from './parse.ts';
import { parseIntrinsic } from './parse.ts';
import { TEXT_FUNCTIONS } from './texts.ts';

const FUNCTIONS: ReadonlyMap<string, IntrinsicFunction> = new Map(
  Object.entries({ ...ARRAY_FUNCTIONS, ...TEXT_FUNCTIONS, ...NUMBER_FUNCTIONS }),
);

/** The names of the intrinsic functions: `States.Array` and so on. */
export const INTRINSIC_NAMES: readonly string[] = [...FUNCTIONS.keys()];

/**
 * Compiles an intrinsic call, with nested calls and paths for arguments. Throws ExpressionSyntaxError; what comes out fails
 * with States.Runtime, as AWS does: `The function '…' had the following error: …`.
 */
export function compileIntrinsic(text: string): Evaluate {
  return compileCall(parseIntrinsic(text), text.trim());
}

function compileCall(call: Call, whole: string): Evaluate {
  const run = FUNCTIONS.get(call.name);
  if (run === undefined) {
    throw new ExpressionSyntaxError(`there is no intrinsic function '${call.name}'`, call.offset);
  }
  const isFormat = call.name === 'States.Format';
  const args = call.args.map((argument, at) => compileArgument(argument, whole, isFormat && at === 0));
  return (environment) => {
    const values: Json[] = [];
    for (const argument of args) values.push(argument(environment));
    const result = run(values, environment);
    if (result === undefined) throw failure(whole, `Invalid arguments in ${call.name}`);
    return result;
  };
}

function compileArgument(argument: Argument, whole: string, isTemplate: boolean): Evaluate {
  switch (argument.kind) {
    case 'literal':
      return () => argument.value;
    case 'text': {
      const value = isTemplate ? argument.template : argument.value;
      return () => value;
    }
    case 'call':
      return compileCall(argument, whole);
    case 'path':
      return compilePathArgument(argument.text, argument.offset, whole);
  }
}

function compilePathArgument(text: string, offset: number, whole: string): Evaluate {
  const path = compileAt(text, offset);
  return (environment) => {
    const value = path.find(environment);
    if (value !== undefined) return value;
    const input = JSON.stringify(environment.document);
    throw failure(
      whole,
      `The JsonPath argument for the field '${text}' could not be found in the input '${input}'`,
    );
  };
}

function compileAt(text: string, offset: number): { find(environment: Environment): Json | undefined } {
  try {
    return compilePath(text, { kind: 'path' });
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) {
      throw new ExpressionSyntaxError(error.message, offset + error.offset);
    }
    throw error;
  }
}

function failure(whole: string, reason: string): AslFailure {
  return new AslFailure('States.Runtime', `The function '${whole}' had the following error: ${reason}`);
}
