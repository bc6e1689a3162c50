import type { Json, JsonObject } from './json.ts';

/** What an expression may read while it is evaluated. Everything that is not in here does not exist for it. */
export interface Environment {
  /**
   * JSONPath's `$`: the raw input for InputPath, the effective input for Parameters and ItemsPath, the task result for
   * ResultSelector, and so on: the caller sets it for each step. JSONata expressions do not read it.
   */
  readonly document: Json;
  /** JSONata's `$states` apart from its context: `result` and `errorOutput` exist only where AWS defines them. */
  readonly states: { readonly input: Json; readonly result?: Json; readonly errorOutput?: Json };
  /** The context object (`$$`, `$states.context`), made only when somebody reads it. */
  context(): JsonObject;
  /** The workflow variable `$name`, or undefined when no scope has it. */
  variable(name: string): Json | undefined;
  /** Epoch milliseconds of the turn in which the expression runs: JSONata's `$now` and `$millis`. */
  readonly nowMs: number;
  /** The next number in [0, 1) of the execution's seeded source. */
  random(): number;
  /** The next uuid of the execution's seeded source. */
  uuid(): string;
}

/** A compiled path, template, expression or condition. Throws {@link AslFailure}, and nothing else, when it fails. */
export type Evaluate = (environment: Environment) => Json;

/**
 * An ASL error on its way from an evaluator to the interpreter, which turns it into the value `{ error, cause }` in one
 * place. It is thrown, not returned, because it may come from deep inside an expression.
 */
export class AslFailure extends Error {
  readonly error: string;
  readonly failureCause: string;
  /** JSONata only: the field at fault with slashes, as EvaluationFailed events carry it (`Arguments/FunctionName`). */
  readonly location: string | undefined;

  constructor(error: string, cause: string, location?: string) {
    super(`${error}: ${cause}`);
    this.name = 'AslFailure';
    this.error = error;
    this.failureCause = cause;
    this.location = location;
  }
}
