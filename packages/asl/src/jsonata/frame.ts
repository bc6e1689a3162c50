import type { Environment } from '../environment.ts';
import { BoundExceeded, JsonataError } from './jsonata-error.ts';
import { CALL_DEPTH_MAX, SEQUENCE_LENGTH_MAX, STEPS_MAX } from './limits.ts';
import type { Value, ValueArray } from './value.ts';

/** The outermost scope. */
export interface GlobalScope {
  /** Whether `$states` is Step Functions' own. */
  readonly hasStates: boolean;
  lookup(name: string): Value;
  /** Whether a variable of the caller's has the name of a function, and hides it. */
  hides(name: string): boolean;
}

/** One evaluation of an expression: what it can reach, and how much of its budget it has used. */
export class Run {
  readonly environment: Environment;
  /** `$$`. */
  readonly root: Value;
  /** The array on which a chain of names has just stopped, and the step that comes next; undefined: to be evaluated anew. */
  stoppedOn: ValueArray | undefined = undefined;
  stoppedAt = 0;
  private readonly scope: GlobalScope;
  private steps = 0;
  private depth = 0;

  constructor(environment: Environment, root: Value, scope: GlobalScope) {
    this.environment = environment;
    this.root = root;
    this.scope = scope;
  }

  get hasStates(): boolean {
    return this.scope.hasStates;
  }

  /** A name that no block binds: `$states`, a workflow variable, a function. */
  global(name: string): Value {
    return name === '$' ? this.root : this.scope.lookup(name);
  }

  hides(name: string): boolean {
    return this.scope.hides(name);
  }

  /** Counts work: called for every item looked at and every call made. */
  spend(steps: number): void {
    this.steps += steps;
    if (this.steps > STEPS_MAX) throw new BoundExceeded('time');
  }

  enter(frames: number): void {
    this.depth += frames;
    if (this.depth > CALL_DEPTH_MAX) throw new BoundExceeded('stack');
  }

  leave(frames: number): void {
    this.depth -= frames;
  }

  checkLength(length: number): void {
    if (length > SEQUENCE_LENGTH_MAX) throw new JsonataError('D2015', { value: SEQUENCE_LENGTH_MAX });
  }
}

const NO_NAMES: readonly string[] = [];
const NO_VALUES: readonly Value[] = [];

/** A scope of variables. */
export class Frame {
  readonly run: Run;
  private readonly parent: Frame | undefined;
  private readonly given: ReadonlyMap<string, Value> | undefined;
  private readonly names: readonly string[];
  private values: readonly Value[];
  private variables: Map<string, Value> | undefined;

  /** `given`: the variables of a row; `names` with `values`: the parameters of a call. */
  constructor(
    run: Run,
    parent: Frame | undefined,
    given?: ReadonlyMap<string, Value>,
    names: readonly string[] = NO_NAMES,
    values: readonly Value[] = NO_VALUES,
  ) {
    this.run = run;
    this.parent = parent;
    this.given = given;
    this.names = names;
    this.values = values;
    this.variables = undefined;
  }

  /** Makes a scope that nobody has kept ready for the next call. */
  renew(values: readonly Value[]): void {
    this.values = values;
    this.variables = undefined;
  }

  bind(name: string, value: Value): void {
    this.variables ??= new Map();
    this.variables.set(name, value);
  }

  lookup(name: string): Value {
    // oxlint-disable-next-line typescript/no-this-alias -- the walk starts here and goes up
    let frame: Frame | undefined = this;
    do {
      if (frame.variables?.has(name)) return frame.variables.get(name);
      // The last of two parameters of the same name counts.
      for (let at = frame.names.length - 1; at >= 0; at--)
        if (frame.names[at] === name) return frame.values[at];
      if (frame.given?.has(name)) return frame.given.get(name);
      frame = frame.parent;
    } while (frame !== undefined);
    return this.run.global(name);
  }
}
