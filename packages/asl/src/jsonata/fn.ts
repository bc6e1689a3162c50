import type { Frame } from './frame.ts';
import type { Signature } from './signature.ts';
import type { Value } from './value.ts';

/** What a native function gets besides its arguments. */
export interface Focus {
  readonly frame: Frame;
  /** The context value at the call. */
  readonly input: Value;
}

export type Native = (args: readonly Value[], focus: Focus) => Value;

/** A compiled expression. */
export type Eval = (input: Value, frame: Frame) => Value;

/** A function value: one of the language's own, a lambda, a regular expression, or a partial application of one. */
export abstract class Fn {
  /** How many arguments the function takes: higher-order functions pass no more than that. */
  abstract readonly arity: number;
  readonly signature: Signature | undefined;

  constructor(signature: Signature | undefined) {
    this.signature = signature;
  }
}

export class NativeFn extends Fn {
  readonly arity: number;
  readonly run: Native;

  constructor(arity: number, run: Native, signature?: Signature) {
    super(signature);
    this.arity = arity;
    this.run = run;
  }
}

export class Lambda extends Fn {
  readonly parameters: readonly string[];
  readonly body: Eval;
  /** The context and scope where the lambda was written. */
  readonly input: Value;
  readonly frame: Frame;

  constructor(
    parameters: readonly string[],
    body: Eval,
    input: Value,
    frame: Frame,
    signature: Signature | undefined,
  ) {
    super(signature);
    this.parameters = parameters;
    this.body = body;
    this.input = input;
    this.frame = frame;
  }

  get arity(): number {
    return this.parameters.length;
  }
}

/** A call in tail position: given back instead of made, so that tail recursion needs no stack. */
export class TailCall extends Fn {
  readonly arity = 0;
  readonly target: Value;
  readonly args: readonly Value[];
  readonly name: string | undefined;

  constructor(target: Value, args: readonly Value[], name: string | undefined) {
    super(undefined);
    this.target = target;
    this.args = args;
    this.name = name;
  }
}
