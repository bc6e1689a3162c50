import { Fn, Lambda, NativeFn, TailCall } from './fn.ts';
import { Frame } from './frame.ts';
import { JsonataError } from './jsonata-error.ts';
import type { Value } from './value.ts';

/** Stack frames that one call of a function takes, counted against the bound on depth. */
const FRAMES_OF_A_CALL = 8;

/** Calls a function value. Anything else is T1006. Tail calls are made here, one after the other. */
export function apply(target: Value, args: readonly Value[], input: Value, frame: Frame): Value {
  const { run } = frame;
  run.enter(FRAMES_OF_A_CALL);
  let result = applyOnce(target, args, input, frame);
  while (result instanceof TailCall) {
    const next: TailCall = result;
    try {
      result = applyOnce(next.target, next.args, input, frame);
    } catch (error) {
      if (error instanceof JsonataError) error.token ??= next.calledAs;
      throw error;
    }
  }
  run.leave(FRAMES_OF_A_CALL);
  return result;
}

function applyOnce(target: Value, args: readonly Value[], input: Value, frame: Frame): Value {
  frame.run.spend(1);
  if (!(target instanceof Fn)) throw new JsonataError('T1006');
  const complete = target.signature === undefined ? args : target.signature.validate(args, input);
  if (target instanceof NativeFn) return target.native(complete, { frame, input });
  if (!(target instanceof Lambda)) throw new JsonataError('T1006');
  const { parameters, body } = target.lambda;
  return body(target.context, new Frame(frame.run, target.scope, undefined, parameters, complete));
}

/** The same, giving an error that comes out the name of the function at fault if it has none yet. */
export function applyNamed(
  name: string | undefined,
  target: Value,
  args: readonly Value[],
  input: Value,
  frame: Frame,
): Value {
  try {
    return apply(target, args, input, frame);
  } catch (error) {
    if (error instanceof JsonataError) error.token ??= name;
    throw error;
  }
}

/** A function that a higher-order function calls again and again: with no more arguments than it takes. */
export type Callback = (first: Value, second?: Value, third?: Value, fourth?: Value) => Value;

/** Prepares the calls: a lambda that keeps no scope gets the same one each time. */
export function callbackOf(fn: Value, frame: Frame): Callback {
  const arity = fn instanceof Fn ? Math.max(1, fn.arity) : 1;
  if (fn instanceof Lambda && fn.signature === undefined && arity <= 2)
    return lambdaCallback(fn, arity, frame);
  return (...args) => apply(fn, args.length > arity ? args.slice(0, arity) : args, null, frame);
}

function lambdaCallback(fn: Lambda, arity: number, frame: Frame): Callback {
  const { run } = frame;
  const { parameters, body, keepsScope } = fn.lambda;
  const { context, scope: parent } = fn;
  let scope: Frame | undefined;
  return (first, second) => {
    const values = arity === 1 ? [first] : [first, second];
    run.spend(1);
    run.enter(FRAMES_OF_A_CALL);
    if (scope === undefined || keepsScope) scope = new Frame(run, parent, undefined, parameters, values);
    else scope.renew(values);
    const result = body(context, scope);
    run.leave(FRAMES_OF_A_CALL);
    return result instanceof TailCall ? finished(result, frame) : result;
  };
}

/** Makes a tail call that a lambda has given back. */
function finished(call: TailCall, frame: Frame): Value {
  return applyNamed(call.calledAs, call.target, call.args, null, frame);
}
