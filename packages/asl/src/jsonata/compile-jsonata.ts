import type { Environment } from '../environment.ts';
import type { Json } from '../json.ts';
import { compileTree } from './compile-node.ts';
import type { GlobalScope } from './frame.ts';
import { Frame, Run } from './frame.ts';
import { FUNCTIONS } from './functions/registry.ts';
import { BoundExceeded } from './jsonata-error.ts';
import { parseJsonata } from './parse.ts';
import type { Unsupported } from './references.ts';
import { unsupportedReferences } from './references.ts';
import { toJson } from './to-json.ts';
import type { List, Value } from './value.ts';
import { add, isArrayValue, Made, newOuter } from './value.ts';

/** A compiled JSONata expression. It keeps nothing between evaluations, and never writes to what it is given. */
export interface JsonataProgram {
  /** The expression as written, without delimiters. */
  readonly text: string;
  /** What AWS would refuse it for in a state machine: evaluation finds nothing there. */
  readonly unsupported: readonly Unsupported[];
  /**
   * Plain JSON, or undefined when the expression gives nothing (or a function). `$states` and `$name` come from the
   * environment; there is no other input. Throws JsonataError (a code and AWS's text) or BoundExceeded.
   */
  evaluate(environment: Environment): Json | undefined;
  /** The same on an input document, `$$`, with variables of the caller's: not a thing of Step Functions, but of the language. */
  evaluateOn(
    input: Json | undefined,
    bindings: ReadonlyMap<string, Value>,
    environment: Environment,
  ): Json | undefined;
}

/** Compiles an expression without its `{% %}`. Throws ExpressionSyntaxError. */
export function compileJsonata(text: string): JsonataProgram {
  const tree = parseJsonata(text);
  const evaluate = compileTree(tree);
  const run = (root: Value, environment: Environment, scope: GlobalScope): Json | undefined => {
    const frame = new Frame(new Run(environment, root, scope), undefined);
    const input = isArrayValue(root) ? wrapped(root) : root;
    try {
      return toJson(evaluate(input, frame));
    } catch (error) {
      // The bound on depth is meant to come first; the engine's own stack may be smaller than usual.
      if (error instanceof RangeError && /call stack/i.test(error.message)) throw new BoundExceeded('stack');
      throw error;
    }
  };
  return {
    text,
    unsupported: unsupportedReferences(tree),
    evaluate: (environment) => run(undefined, environment, new StepFunctionsScope(environment)),
    evaluateOn: (input, bindings, environment) =>
      run(input, environment, {
        hasStates: false,
        hides: (name) => bindings.has(name),
        lookup: (name) => (bindings.has(name) ? bindings.get(name) : FUNCTIONS.get(name)),
      }),
  };
}

function wrapped(root: Value): List {
  const wrapper = newOuter();
  add(wrapper, root);
  return wrapper;
}

/** `$states`, then workflow variables, then functions. */
class StepFunctionsScope implements GlobalScope {
  get hasStates(): boolean {
    return true;
  }

  private readonly environment: Environment;
  private states: Made | undefined = undefined;

  constructor(environment: Environment) {
    this.environment = environment;
  }

  hides(name: string): boolean {
    return this.environment.variable(name) !== undefined;
  }

  lookup(name: string): Value {
    if (name === 'states') return (this.states ??= statesOf(this.environment));
    // A variable may hold null, which is a value.
    const value = this.environment.variable(name);
    return value === undefined ? FUNCTIONS.get(name) : value;
  }
}

/** `$states`; the context is made when somebody reads it. */
function statesOf(environment: Environment): Made {
  const { input, result, errorOutput } = environment.states;
  const states = new Made();
  states['input'] = input;
  if (result !== undefined) states['result'] = result;
  if (errorOutput !== undefined) states['errorOutput'] = errorOutput;
  let context: Json | undefined;
  Object.defineProperty(states, 'context', {
    enumerable: true,
    get: () => (context ??= environment.context()),
  });
  return states;
}
