import type { Environment } from '../environment.ts';
import type { Json } from '../json.ts';

/**
 * An intrinsic function on its evaluated arguments. Undefined means that the arguments do not fit, which AWS reports as
 * States.Runtime `Invalid arguments in States.X`, whatever is wrong with them.
 */
export type IntrinsicFunction = (args: readonly Json[], environment: Environment) => Json | undefined;

/** The function, only ever called with a number of arguments between `least` and `most`. */
export function withArity(least: number, most: number, run: IntrinsicFunction): IntrinsicFunction {
  return (args, environment) =>
    args.length < least || args.length > most ? undefined : run(args, environment);
}
