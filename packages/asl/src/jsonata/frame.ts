import type { Environment } from '../environment.ts';
import { BoundExceeded, JsonataError } from './jsonata-error.ts';
import { CALL_DEPTH_MAX, SEQUENCE_LENGTH_MAX, STEPS_MAX } from './limits.ts';
import type { Value } from './value.ts';

/** The outermost scope. */
export interface GlobalScope {
  /** Whether `$states` is Step Functions' own. */
  readonly hasStates: boolean;
  lookup(name: string): Value;
}

/** One evaluation of an expression: what it can reach, and how much of its budget it has used. */
export class Run {
  readonly environment: Environment;
  /** `$$`. */
  readonly root: Value;
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

/** A scope of variables. */
export class Frame {
  readonly run: Run;
  private readonly parent: Frame | undefined;
  private variables: Map<string, Value> | undefined;
  private given: ReadonlyMap<string, Value> | undefined;

  constructor(run: Run, parent: Frame | undefined, given?: ReadonlyMap<string, Value>) {
    this.run = run;
    this.parent = parent;
    this.variables = undefined;
    this.given = given;
  }

  /** Nothing is bound here, and there is no scope around: names can only be global ones. */
  get isGlobal(): boolean {
    return this.parent === undefined && this.variables === undefined && this.given === undefined;
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
      if (frame.given?.has(name)) return frame.given.get(name);
      frame = frame.parent;
    } while (frame !== undefined);
    return this.run.global(name);
  }
}
