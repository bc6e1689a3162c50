import type { Json, JsonObject } from '@stepyard/asl';
import { contextObject } from '../context-object.ts';
import type { Execution } from '../execution.ts';
import type { Frame } from '../frame.ts';
import type { Observer } from '../observer.ts';
import type { Station } from '../probe.ts';
import { visibleVariables } from './snapshot.ts';

/** The way of the data through one visit of a state. */
export interface DataFlow {
  readonly stateName: string;
  readonly stateType: string;
  readonly queryLanguage: 'JSONPath' | 'JSONata';
  readonly input: Json;
  readonly steps: readonly DataFlowStep[];
  /** What it was left with; undefined: it was not. */
  readonly output: Json | undefined;
  /** As the state saw them. */
  readonly variables: JsonObject;
  readonly assigned: JsonObject | undefined;
  /** The context object as it was when the state was entered. */
  readonly context: JsonObject;
}

export interface DataFlowStep {
  readonly station: Station;
  /** How many events there were. An attempt that is repeated computes its parameters again. */
  readonly afterEvent: number;
  readonly value: Json;
}

/** Steps of one visit that are kept: the newest are dropped beyond that. */
const STEPS_MAX = 1000;

/** Looks on as an execution is replayed, for one visit of a state. */
export class DataFlowWatch implements Observer {
  readonly #visit: number;
  readonly #steps: DataFlowStep[] = [];
  #begin: Omit<DataFlow, 'steps' | 'output' | 'assigned'> | undefined;
  #output: Json | undefined;
  #assigned: JsonObject | undefined;

  /** `visit`: the id of the StateEntered event. */
  constructor(visit: number) {
    this.#visit = visit;
  }

  entered(execution: Execution, frame: Frame): void {
    if (frame.enteredEventId !== this.#visit) return;
    const { state, input, scope } = frame;
    this.#begin = {
      stateName: state.name,
      stateType: state.type,
      queryLanguage: state.queryLanguage,
      input,
      variables: visibleVariables(scope),
      context: contextObject(execution, frame, {}),
    };
  }

  noted(execution: Execution, frame: Frame, station: Station, value: Json): void {
    if (frame.enteredEventId !== this.#visit || this.#steps.length >= STEPS_MAX) return;
    this.#steps.push({ station, afterEvent: execution.events.length, value });
  }

  recorded(execution: Execution, frame: Frame): void {
    if (frame.enteredEventId !== this.#visit || this.#begin === undefined) return;
    const event = execution.events[frame.lastEventId - 1];
    if (event?.type.endsWith('StateExited') !== true) return;
    this.#output = event.value;
    this.#assigned = event.more;
  }

  stateFailed(): void {}

  /** undefined: there was no such visit. */
  result(): DataFlow | undefined {
    if (this.#begin === undefined) return undefined;
    return { ...this.#begin, steps: this.#steps, output: this.#output, assigned: this.#assigned };
  }
}
