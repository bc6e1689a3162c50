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

/** The short way of a function with one argument, or two; it gives SLOW for arguments that it leaves to the whole function. */
export type Quick = (first: Value, second: Value, frame: Frame) => Value;

export class NativeFn extends Fn {
  readonly arity: number;
  readonly native: Native;
  readonly quick: Quick | undefined;

  constructor(arity: number, native: Native, signature?: Signature, quick?: Quick) {
    super(signature);
    this.arity = arity;
    this.native = native;
    this.quick = quick;
  }
}

/** What a lambda is before it is evaluated. */
export interface LambdaCode {
  readonly parameters: readonly string[];
  readonly body: Eval;
  /** The scope of a call may be kept by a function made in it. */
  readonly keepsScope: boolean;
}

export class Lambda extends Fn {
  readonly lambda: LambdaCode;
  /** The context and scope where the lambda was written. */
  readonly context: Value;
  readonly scope: Frame;

  constructor(lambda: LambdaCode, context: Value, scope: Frame, signature: Signature | undefined) {
    super(signature);
    this.lambda = lambda;
    this.context = context;
    this.scope = scope;
  }

  get arity(): number {
    return this.lambda.parameters.length;
  }
}

/** A call in tail position: given back instead of made, so that tail recursion needs no stack. */
export class TailCall extends Fn {
  readonly arity = 0;
  readonly target: Value;
  readonly args: readonly Value[];
  readonly calledAs: string | undefined;

  constructor(target: Value, args: readonly Value[], calledAs: string | undefined) {
    super(undefined);
    this.target = target;
    this.args = args;
    this.calledAs = calledAs;
  }
}

/** What a Quick gives instead of a result. */
export const SLOW: Value = new TailCall(undefined, [], undefined);
