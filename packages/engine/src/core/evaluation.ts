import type { Environment, Evaluate, Json, JsonObject } from '@stepyard/asl';
import type { ContextExtras } from './context-object.ts';
import { contextObject } from './context-object.ts';
import type { Execution } from './execution.ts';
import { lookUp, randomOf } from './execution.ts';
import type { Frame } from './frame.ts';
import { nextNumber, nextUuid } from './random.ts';

const NO_EXTRAS: ContextExtras = {};

/** The field's value, or the fallback where the definition leaves the field out. (A field may well give null.) */
export function evaluated(field: Evaluate | undefined, environment: Environment, fallback: Json): Json {
  return field === undefined ? fallback : field(environment);
}

/** What an expression of a state sees: the state's input, variables, context, and the execution's time and randomness. */
export class StateEnvironment implements Environment {
  readonly document: Json;
  readonly #states: Environment['states'] | undefined;
  readonly #execution: Execution;
  readonly #frame: Frame;
  readonly #extras: ContextExtras;

  constructor(
    execution: Execution,
    frame: Frame,
    document: Json,
    states?: Environment['states'],
    extras: ContextExtras = NO_EXTRAS,
  ) {
    this.document = document;
    this.#states = states;
    this.#execution = execution;
    this.#frame = frame;
    this.#extras = extras;
  }

  get states(): Environment['states'] {
    return this.#states ?? { input: this.#frame.input };
  }

  get nowMs(): number {
    return this.#execution.nowMs;
  }

  context(): JsonObject {
    return contextObject(this.#execution, this.#frame, this.#extras);
  }

  variable(name: string): Json | undefined {
    return lookUp(this.#frame.scope, name);
  }

  random(): number {
    return nextNumber(randomOf(this.#execution));
  }

  uuid(): string {
    return nextUuid(randomOf(this.#execution));
  }
}
