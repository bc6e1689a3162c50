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
      if (error instanceof JsonataError) error.token ??= next.name;
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
  if (target instanceof NativeFn) return target.run(complete, { frame, input });
  if (!(target instanceof Lambda)) throw new JsonataError('T1006');
  const scope = new Frame(frame.run, target.frame);
  for (const [at, name] of target.parameters.entries()) scope.bind(name, complete[at]);
  return target.body(target.input, scope);
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

/** The arguments that a higher-order function passes: no more than the function takes. */
export function callback(fn: Value, args: readonly Value[], frame: Frame): Value {
  const arity = fn instanceof Fn ? Math.max(1, fn.arity) : 1;
  return apply(fn, args.length > arity ? args.slice(0, arity) : args, null, frame);
}
